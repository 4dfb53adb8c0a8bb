/** Which runs go on, and what keeps a run from beginning or from coming to its end. */
import { expect, test } from "vitest";
import { foldMarks } from "#core/marks/foldMarks";
import type { DatasetSession } from "#core/session/datasetSession";
import { failureText } from "#core/util/failure";
import { InMemoryHomeFiles } from "../../support/inMemoryHomeFiles";
import { learningFixture, trained, weightsOf } from "./learningFixture";

/** What is otherwise when a run is to go on. */
const changes: Readonly<Record<string, (fixture: Awaited<ReturnType<typeof learningFixture>>) => Promise<unknown>>> = {
  "a finished run": ({ home }) => edited(home, "stopped", "finished"),
  "another temperature": ({ session, config }) => session.setConfig({ ...config, training: { ...config.training, temperature: 0.1 } }),
  "another sampler": ({ session, config }) => session.setConfig({ ...config, sampler: { ...config.sampler, num_negatives: 3 } }),
  "another data set": ({ home }) => edited(home, "train.jsonl", "other.jsonl"),
  "another encoder": ({ home }) => edited(home, '"fingerprint": "', '"fingerprint": "x'),
  "a checkpoint of another step": ({ home }) =>
    edited(
      home,
      '"totalSteps": 4,\n      "epochsWithoutGain": 0,\n      "step": 4',
      '"totalSteps": 4,\n      "epochsWithoutGain": 0,\n      "step": 3',
    ),
  "a checkpoint that is cut off": ({ home }) => cutCheckpoints(home),
  "a record without losses": ({ home }) => edited(home, '"losses"', '"lost"'),
  "a record with half a position": ({ home }) => edited(home, '"wantedSteps"', '"wanted"'),
  "a record that is cut off": ({ home }) => edited(home, "}", ""),
};

async function edited(home: InMemoryHomeFiles, from: string, to: string): Promise<void> {
  const file = "training/train-1/run.json";
  const text = home.text(file) ?? "";
  expect(text).toContain(from);
  await home.writeText(file, text.replace(from, to));
}

async function cutCheckpoints(home: InMemoryHomeFiles): Promise<void> {
  for (const name of ["a", "b"].map((part) => `training/train-1/checkpoint-${part}.safetensors`)) {
    await home.writeBytes(name, home.files.get(name)?.subarray(0, 1000) ?? new Uint8Array(0));
  }
}

test("a run goes on only as it was begun, and with whole files", async () => {
  const told: string[] = [];
  for (const [name, change] of Object.entries(changes)) {
    const fixture = await learningFixture({ training: { num_train_epochs: 1 } });
    await trained(fixture.learning);
    await edited(fixture.home, "finished", "stopped");
    await change(fixture);
    const started = await fixture.learning.start("train-1");
    told.push(`${name}: ${started.ok ? "goes on" : failureText(started.failure)}`);
  }
  expect(told).toMatchInlineSnapshot(`
    [
      "a finished run: The run "train-1" has come to its end. Begin a new run.",
      "another temperature: The run "train-1" was begun with other training settings. Begin a new run, or put back what has changed.",
      "another sampler: The run "train-1" was begun with other settings of the data, the index or the sampler. Begin a new run, or put back what has changed.",
      "another data set: The run "train-1" was begun with another data set, other.jsonl. Begin a new run, or put back what has changed.",
      "another encoder: The run "train-1" was begun with another encoder. Begin a new run, or put back what has changed.",
      "a checkpoint of another step: The run "train-1" has a checkpoint of another step than its record. Begin a new run.",
      "a checkpoint that is cut off: .nearmiss/training/train-1/checkpoint-a.safetensors: Its tensors take 2316 bytes, but 56 follow the header: the file is cut off or has more at its end. Begin a new run.",
      "a record without losses: .nearmiss/training/train-1/run.json: The record is not whole: losses is missing. Begin a new run, and delete the folder of this one if it is not wanted any more.",
      "a record with half a position: .nearmiss/training/train-1/run.json: The record is not whole: checkpoint.position.wantedSteps is missing. Begin a new run, and delete the folder of this one if it is not wanted any more.",
      "a record that is cut off: .nearmiss/training/train-1/run.json: The file is not JSON. Begin a new run, and delete the folder of this one if it is not wanted any more.",
    ]
  `);
});

test("two windows that begin at once write two runs and two adapters", async () => {
  const home = new InMemoryHomeFiles();
  const windows = await Promise.all(
    [0.2, 0.1].map((temperature) => learningFixture({ home, training: { num_train_epochs: 1, temperature } })),
  );
  const records = await Promise.all(windows.map(({ learning }) => trained(learning)));
  expect(records.map(({ name, adapter, training }) => [name, adapter, training.temperature])).toEqual([
    ["train-1", "train-1", 0.2],
    ["train-2", "train-2", 0.1],
  ]);
});

test("a rank above the number of dimensions is refused", async () => {
  const { learning, home } = await learningFixture({ training: { adapter: { sides: "query", rank: 9, regularization: 0 } } });
  const started = await learning.start();
  expect(started.ok ? "" : failureText(started.failure)).toMatchInlineSnapshot(
    `"training.adapter.rank is 9, but the vectors have 8 dimensions. Set it to at most 8, or to null for a full matrix."`,
  );
  expect([...home.files.keys()]).toEqual([]);
});

test.each([true, false])("a sampler that keeps nothing leaves the negatives of the batch, if there are any: %s", async (inBatch) => {
  const { learning, session, config } = await learningFixture();
  const training = { ...config.training, num_train_epochs: 1, in_batch_negatives: inBatch };
  await session.setConfig({ ...config, sampler: { ...config.sampler, min_score: 0.9999 }, training });
  await learning.start();
  const ended = await learning.ended();
  expect(ended?.ok === false ? failureText(ended.failure) : ended?.value.state).toBe(
    inBatch
      ? "finished"
      : "The sampler keeps no negative for any training query, and training.in_batch_negatives is false. Loosen the rules of the sampler, for example sampler.min_score, or set training.in_batch_negatives to true.",
  );
});

test("where all queries are marked bad in the middle, the run ends in words, and goes on when the marks are taken back", async () => {
  const whole = await learningFixture();
  const undisturbed = await trained(whole.learning);
  const marking: { session?: DatasetSession } = {};
  const { session, learning, home } = await learningFixture({
    beforeBatch: (batch) => {
      if (batch !== 15 || marking.session === undefined) return;
      const { queries } = marking.session.collection;
      marking.session.setMarks(foldMarks(queries.map(({ key }, i) => ({ ...badQuery, mark: String(i), query: { key } }))));
    },
  });
  marking.session = session;
  await learning.start();
  const ended = await learning.ended();
  const kept = ended?.ok === true ? ended.value : undefined;
  expect([kept?.state, kept?.ending, kept?.comparison, kept?.adapter]).toEqual([
    "failed",
    "No query has a positive, so there is nothing to learn from. Add positives first.",
    undefined,
    "train-1",
  ]);
  const records = await learning.records();
  expect(records.ok && records.value.map(({ state }) => state)).toEqual(["failed"]);
  delete marking.session;
  session.setMarks(foldMarks([]));
  const { adapter = "" } = await trained(learning, "train-1");
  expect(weightsOf(home, adapter)).toBe(weightsOf(whole.home, undisturbed.adapter ?? ""));
});

const badQuery = {
  kind: "verdict",
  time: "2026-01-01T00:00:00Z",
  author: "Ada",
  verdict: "bad_query",
  blind: false,
  suggestion_shown: false,
  tool: "test",
} as const;
