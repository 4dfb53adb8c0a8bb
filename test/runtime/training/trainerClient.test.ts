import { fork } from "node:child_process";
import { once } from "node:events";
import os from "node:os";
import { expect, onTestFinished, test } from "vitest";
import { initialState } from "#core/training/trainerState";
import type { TrainedStretch, TrainerState, TrainingWork } from "#core/training/trainer";
import type { TrainingSet } from "#core/training/trainingSet";
import { neverCancelled } from "#core/util/cancellation";
import { seededRandom } from "#core/util/random";
import type { Result } from "#core/util/result";
import type { ProcessStatus } from "../../../server/runtime/process/processLink";
import { TrainerClient, type TrainerClientOptions } from "../../../server/runtime/training/trainerClient";
import { buildTrainerProcess } from "../../support/buildTrainerProcess";
import { example, settingsWith, unitVectors, weighted } from "../../support/trainingFixture";

const DIMENSIONS = 64;
const QUERIES = 96;
const DOCUMENTS = 600;
const OPTIONS = { cancellation: neverCancelled };

function inventedSet(): TrainingSet {
  const random = seededRandom("invented set");
  return {
    dimensions: DIMENSIONS,
    queries: unitVectors(QUERIES, DIMENSIONS, random),
    documents: unitVectors(DOCUMENTS, DIMENSIONS, random),
    examples: Array.from({ length: QUERIES }, (_, query) =>
      example(query, { negatives: weighted(...Array.from({ length: 5 }, () => QUERIES + Math.floor(random() * (DOCUMENTS - QUERIES)))) }),
    ),
  };
}

/** Many passes over the queries in one stretch. */
function workOf(batches: number, learningRate = 0.003): TrainingWork {
  const rows = 32;
  return {
    batches: Array.from({ length: batches }, (_, batch) => Array.from({ length: rows }, (__, row) => (batch * rows + row) % QUERIES)),
    epoch: 0,
    totalSteps: batches,
    settings: settingsWith({ learning_rate: learningRate }),
  };
}

async function startClient(parts: Partial<TrainerClientOptions> = {}): Promise<TrainerClient> {
  const client = new TrainerClient({ processFile: await buildTrainerProcess(), log: () => undefined, restartDelays: [0], ...parts });
  onTestFinished(() => client.dispose());
  return client;
}

function start(rank: number | null = null): TrainerState {
  return initialState({ sides: "query", dimensions: DIMENSIONS, rank }, 42);
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

/** What a calm process makes of a stretch. */
async function calmly(state: TrainerState, work: TrainingWork): Promise<TrainedStretch> {
  const client = await startClient();
  valueOf(await client.load(inventedSet()));
  return valueOf(await client.advance(state, work, OPTIONS));
}

test.each([null, 8])("two processes come to the same bytes, and the loss falls, rank %s", async (rank) => {
  const [one, two] = [await calmly(start(rank), workOf(60)), await calmly(start(rank), workOf(60))];
  expect(one).toEqual(two);
  expect(one.state.step).toBe(60);
  // Three batches are all queries.
  expect(mean(one.losses.slice(-3))).toBeLessThan((rank === null ? 0.8 : 0.98) * mean(one.losses.slice(0, 3)));
});

test("a stretch in two parts is the stretch in one, whatever happened between", async () => {
  const work = workOf(12);
  const client = await startClient();
  valueOf(await client.load(inventedSet()));
  const half = valueOf(await client.advance(start(), { ...work, batches: work.batches.slice(0, 5) }, OPTIONS));
  valueOf(await client.advance(start(8), workOf(3), OPTIONS));
  const rest = valueOf(await client.advance(half.state, { ...work, batches: work.batches.slice(5) }, OPTIONS));
  const whole = await calmly(start(), work);
  expect(rest.state).toEqual(whole.state);
  expect([...half.losses, ...rest.losses]).toEqual([...whole.losses]);
});

test("a process killed in the middle of a stretch is replaced, and the bytes are the same", async () => {
  const work = workOf(800);
  const statuses: ProcessStatus[] = [];
  const client = await startClient({ onStatus: (status) => statuses.push(status) });
  valueOf(await client.load(inventedSet()));
  let killedAt: number | undefined;
  const shaken = valueOf(
    await client.advance(start(), work, {
      ...OPTIONS,
      onProgress: ({ done }) => {
        if (killedAt !== undefined || done === work.batches.length) return;
        killedAt = done;
        process.kill(client.processId!, "SIGKILL");
      },
    }),
  );
  expect(killedAt).toBeGreaterThan(0);
  expect(statuses).toEqual(["starting", "restarting", "ready"]);
  expect(shaken).toEqual(await calmly(start(), work));
});

test("a process killed while it is being filled is replaced, and the bytes are the same", async () => {
  const set = inventedSet();
  let reads = 0;
  const client = await startClient();
  const loading = client.load({
    ...set,
    get documents() {
      reads += 1;
      // The queries have been sent when the documents are asked for.
      if (reads === 4) process.kill(client.processId!, "SIGKILL");
      return set.documents;
    },
  });
  valueOf(await loading);
  expect(reads).toBeGreaterThan(4);
  expect(valueOf(await client.advance(start(), workOf(5), OPTIONS))).toEqual(await calmly(start(), workOf(5)));
});

test("a process that dies again and again is given up; loading anew tries anew", async () => {
  const client = await startClient();
  valueOf(await client.load(inventedSet()));
  const state = start();
  const before = structuredClone(state);
  const failed = await client.advance(state, workOf(100_000), {
    ...OPTIONS,
    onProgress: () => {
      if (client.processId !== undefined) process.kill(client.processId, "SIGKILL");
    },
  });
  expect(failed).toMatchObject({ ok: false, failure: { reason: "worker-died" } });
  expect(failed).toMatchInlineSnapshot(`
    {
      "failure": {
        "message": "The process that trains adapters was ended by SIGKILL, 6 times in 180 seconds.",
        "nextStep": "Train again. If it goes on, close other programs or train on fewer queries; the machine may be out of memory.",
        "reason": "worker-died",
      },
      "ok": false,
    }
  `);
  expect(state).toEqual(before);
  valueOf(await client.load(inventedSet()));
  expect(valueOf(await client.advance(state, workOf(5), OPTIONS))).toEqual(await calmly(start(), workOf(5)));
});

test("a cancelled stretch ends at once, leaves the state as it was, and the next one runs", async () => {
  const client = await startClient();
  valueOf(await client.load(inventedSet()));
  const state = start();
  const cancellation = { requested: false };
  const cancelled = await client.advance(state, workOf(100_000), {
    cancellation,
    onProgress: () => {
      cancellation.requested = true;
    },
  });
  const asked = performance.now();
  expect(cancelled).toEqual({ ok: false, failure: { reason: "cancelled", message: "Stopped." } });
  const next = valueOf(await client.advance(state, workOf(5), OPTIONS));
  expect(performance.now() - asked).toBeLessThan(20_000);
  expect(state).toEqual(start());
  expect(next).toEqual(await calmly(start(), workOf(5)));
});

test("progress goes up to the end, with means of the losses", async () => {
  const client = await startClient();
  valueOf(await client.load(inventedSet()));
  const told: { readonly done: number; readonly total: number; readonly loss: number }[] = [];
  const work = workOf(800);
  const { losses } = valueOf(await client.advance(start(), work, { ...OPTIONS, onProgress: (progress) => told.push(progress) }));
  expect(told.at(-1)).toMatchObject({ done: 800, total: 800 });
  expect(told.map(({ done }) => done)).toEqual(told.map(({ done }) => done).sort((a, b) => a - b));
  const expected = told.map(({ done }, i) => mean(losses.slice(told[i - 1]?.done ?? 0, done)));
  told.forEach(({ loss }, i) => expect(loss).toBeCloseTo(expected[i]!, 5));
});

test("what cannot be trained on is said, and a loaded set is needed", async () => {
  const client = await startClient();
  expect(await client.advance(start(), workOf(1), OPTIONS)).toMatchInlineSnapshot(`
    {
      "failure": {
        "message": "Nothing to train on has been loaded.",
        "nextStep": "Begin the training again.",
        "reason": "not-ready",
      },
      "ok": false,
    }
  `);
  const set = inventedSet();
  const documents = set.documents.slice();
  documents[7 * DIMENSIONS + 3] = Number.NaN;
  expect(await client.load({ ...set, documents })).toMatchInlineSnapshot(`
    {
      "failure": {
        "message": "The document vector in row 7, counted from 0, has the component NaN.",
        "nextStep": "Embed the texts again, or correct the file of vectors.",
        "reason": "bad-vectors",
      },
      "ok": false,
    }
  `);
  expect(await client.load({ ...set, examples: [] })).toMatchInlineSnapshot(`
    {
      "failure": {
        "message": "There is no query to train on.",
        "nextStep": "Add queries with positives, or make validation_share and test_share smaller.",
        "reason": "bad-arguments",
      },
      "ok": false,
    }
  `);
  valueOf(await client.load(set));
  expect(await client.advance(start(), workOf(40, 1e38), OPTIONS)).toMatchInlineSnapshot(`
    {
      "failure": {
        "message": "The loss is NaN in training step 4. The adapter from before is kept.",
        "nextStep": "Set a lower training.learning_rate.",
        "reason": "diverged",
      },
      "ok": false,
    }
  `);
});

test("dispose ends the process and what it works on", async () => {
  const client = await startClient();
  valueOf(await client.load(inventedSet()));
  const running = client.advance(start(), workOf(100_000), OPTIONS);
  const id = client.processId!;
  await client.dispose();
  expect(await running).toMatchObject({ ok: false, failure: { reason: "cancelled" } });
  expect(() => process.kill(id, 0)).toThrow("ESRCH");
});

test("in the background it gives way to others", async () => {
  const client = await startClient({ background: true });
  valueOf(await client.load(inventedSet()));
  expect(os.getPriority(client.processId)).toBeGreaterThanOrEqual(os.constants.priority.PRIORITY_BELOW_NORMAL);
});

test("the process ends when its parent lets go of it", async () => {
  const child = fork(await buildTrainerProcess(), [], { serialization: "advanced" });
  await once(child, "spawn");
  child.disconnect();
  expect(await once(child, "exit")).toEqual([0, null]);
});

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
