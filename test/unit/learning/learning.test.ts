import { expect, test } from "vitest";
import { readAdapter } from "#core/adapter/adapterFiles";
import type { Learning } from "#core/learning/learning";
import { foldMarks } from "#core/marks/foldMarks";
import type { VerdictMark } from "#core/marks/mark";
import type { DatasetSession } from "#core/session/datasetSession";
import { neverCancelled } from "#core/util/cancellation";
import { InMemoryHomeFiles } from "../../support/inMemoryHomeFiles";
import { saidSuggestions } from "../../support/saidSuggestions";
import { dataOf, exactVectorOf, learningFixture, queryCount, range, trained, weightsOf } from "./learningFixture";

/** What a query emits now, by the texts. */
async function emitted(session: DatasetSession, query: number): Promise<readonly string[]> {
  const mined = await session.mine(query);
  if (!mined.ok) throw new Error(mined.failure.message);
  const { decision, pool } = mined.value;
  return decision.kept.map((row) => session.collection.documents[pool.documents[row] ?? -1]?.text ?? "");
}

function verdict(session: DatasetSession, query: number, text: string, said: "false_negative" | "true_negative"): VerdictMark {
  const { queries, documents, groupKeys } = session.collection;
  const document = documents.find((candidate) => candidate.text === text);
  return {
    kind: "verdict",
    mark: `${String(query)} ${text}`,
    time: "2026-01-01T00:00:00Z",
    author: "Ada",
    verdict: said,
    query: { key: queries[query]?.key ?? "" },
    document: { key: groupKeys[document?.group ?? -1] ?? "" },
    blind: false,
    suggestion_shown: false,
    tool: "test",
  };
}

test("a run learns, compares what it learnt with the frozen encoder, and keeps the adapter", async () => {
  const { learning, home } = await learningFixture();
  const record = await trained(learning);
  expect({
    ...record,
    losses: record.losses.length,
    validations: record.validations.length,
    training: 0,
    model: 0,
  }).toMatchInlineSnapshot(`
    {
      "adapter": "train-1",
      "checkpoint": {
        "file": "checkpoint-b.safetensors",
        "position": {
          "best": {
            "ndcg": 0.8333333333333334,
            "step": 48,
          },
          "epoch": 14,
          "epochsWithoutGain": 0,
          "offset": 2,
          "round": 1,
          "roundSteps": 48,
          "step": 48,
          "totalSteps": 48,
          "wantedSteps": 48,
        },
      },
      "comparison": {
        "isGain": true,
        "metrics": [
          {
            "adapted": 0.8682479342857221,
            "difference": 0.7202355249145304,
            "frozen": 0.14801240937119164,
            "high": 0.870630395158736,
            "low": 0.5511863973748498,
            "name": "nDCG@10",
          },
          {
            "adapted": 0.8222222222222223,
            "difference": 0.7104761904761906,
            "frozen": 0.11174603174603175,
            "high": 0.8682539682539683,
            "low": 0.5393650793650795,
            "name": "MRR@10",
          },
          {
            "adapted": 1,
            "difference": 0.3333333333333333,
            "frozen": 0.6666666666666666,
            "high": 0.6,
            "low": 0.13333333333333333,
            "name": "recall@100",
          },
        ],
        "queries": 15,
        "sentence": "A gain: +0.7202 nDCG@10 over 15 queries, 95 % interval +0.5512 to +0.8706.",
      },
      "configHash": "197d8e1057c522b1",
      "dataset": "train.jsonl",
      "ending": "Finished after 1 round, as rounds.count says.",
      "frozenNdcg": 0.1071403429894212,
      "losses": 48,
      "model": 0,
      "name": "train-1",
      "rounds": [
        {
          "added": 240,
          "dropped": 0,
          "hardness": 0.7456674831608932,
          "kept": 0,
          "loss": 0.757277637720108,
          "markedShare": 0,
          "ndcg": 0.8333333333333334,
          "overlap": 1,
          "round": 1,
          "steps": 48,
        },
        {
          "added": 225,
          "dropped": 225,
          "hardness": 0.7644188001751899,
          "kept": 15,
          "markedShare": 0,
          "overlap": 1,
          "round": 2,
          "steps": 0,
        },
      ],
      "seconds": 8.5,
      "started": "2026-01-02T03:04:05.000Z",
      "state": "finished",
      "testQueries": 15,
      "tool": "nearmiss test",
      "trainQueries": 36,
      "training": 0,
      "validationQueries": 9,
      "validations": 14,
      "version": 1,
    }
  `);
  expect(record.losses.at(-1)?.loss).toBeLessThan(record.losses[0]?.loss ?? 0);
  expect([...home.files.keys()].sort()).toMatchInlineSnapshot(`
    [
      "adapters/train-1/card.json",
      "adapters/train-1/config.json",
      "adapters/train-1/model.safetensors",
      "training/train-1/checkpoint-a.safetensors",
      "training/train-1/checkpoint-b.safetensors",
      "training/train-1/round-01.jsonl",
      "training/train-1/round-02.jsonl",
      "training/train-1/run.json",
    ]
  `);
});

test("the same seed gives the same bytes", async () => {
  const [first, second] = [await learningFixture(), await learningFixture()];
  await trained(first.learning);
  await trained(second.learning);
  expect(first.home.files).toEqual(second.home.files);
});

test("an adapter in use moves what is mined, and going back gives the bytes of before", async () => {
  const { learning, session, config } = await learningFixture();
  const { adapter = "" } = await trained(learning);
  const before = await emitted(session, 3);
  const fingerprint = session.status.model?.fingerprint;
  await session.setConfig({ ...config, model: { ...config.model, adapter } });
  await session.prepare();
  const adapted = await emitted(session, 3);
  expect(adapted).not.toEqual(before);
  expect(session.status.model?.fingerprint).not.toBe(fingerprint);
  await session.setConfig(config);
  await session.prepare();
  expect(await emitted(session, 3)).toEqual(before);
  expect(session.status.model?.fingerprint).toBe(fingerprint);
});

test("an adapter that is not there is told of, and says what to do", async () => {
  const { session, config } = await learningFixture();
  await session.setConfig({ ...config, model: { ...config.model, adapter: "gone" } });
  expect(await session.prepare()).toMatchInlineSnapshot(`
    {
      "failure": {
        "message": "There is no adapter here: model.safetensors is missing.",
        "nextStep": "Set model.adapter to null.",
        "place": {
          "file": ".nearmiss/adapters/gone",
        },
        "reason": "missing-file",
      },
      "ok": false,
    }
  `);
});

// Mined ahead, a round has the negatives of what was learnt one round earlier.
test.each([false, true])("negatives are mined again in each round; asynchronously: %s", async (asynchronous) => {
  const rounds = { count: 3, steps: 6, asynchronous, patience: 3, max_false_negative_rise: null };
  const { learning } = await learningFixture({ training: { rounds } });
  const record = await trained(learning);
  expect(record.rounds.map(({ round, steps, added, dropped, kept }) => [round, steps, added, dropped, kept].join(" "))).toMatchSnapshot(
    "round, steps, added, dropped, kept",
  );
  const compared = await learning.compare(record.name, 1, 4);
  if (!compared.ok) throw new Error(compared.failure.message);
  const emittedIn = (round: "from" | "to"): number => compared.value[round].queries.reduce((sum, query) => sum + query.emitted.length, 0);
  expect([emittedIn("from"), emittedIn("to")]).toEqual([240, 240]);
  expect(compared.value.changes.length).toBeGreaterThan(0);
});

test("what the adapter brought is new, what the frozen encoder had found is not", async () => {
  const { learning, session, config } = await learningFixture();
  const { adapter = "", name } = await trained(learning);
  const news = await learning.newSince(adapter);
  const compared = await learning.compare(name, 1, 2);
  if (!compared.ok) throw new Error(compared.failure.message);
  const added = compared.value.changes.reduce((sum, change) => sum + change.added, 0);
  expect([...news.values()].reduce((sum, keys) => sum + keys.size, 0)).toBe(added);
  await session.setConfig({ ...config, model: { ...config.model, adapter } });
  await session.prepare();
  const { collection } = session;
  const [query] = collection.queries.keys();
  const keys = (await emitted(session, query ?? 0)).map(
    (text) => collection.groupKeys[collection.documents.find((document) => document.text === text)?.group ?? -1],
  );
  const own = news.get(`${collection.queries[query ?? 0]?.key ?? ""} q0`) ?? new Set<string>();
  expect(keys).toEqual(expect.arrayContaining([...own]));
});

test("marks bind across rounds: a false negative marked during round 1 is no negative of round 2", async () => {
  const found: { marked?: string } = {};
  const fixture = await learningFixture({
    training: { rounds: { count: 2, steps: 4, asynchronous: false, patience: 2, max_false_negative_rise: null } },
    beforeBatch: async (batch) => {
      if (batch !== 2) return;
      [found.marked = ""] = await emitted(fixture.session, 5);
      fixture.session.setMarks(foldMarks([verdict(fixture.session, 5, found.marked, "false_negative")]));
    },
  });
  const { name } = await trained(fixture.learning);
  const compared = await fixture.learning.compare(name, 1, 2);
  if (!compared.ok) throw new Error(compared.failure.message);
  const key = verdict(fixture.session, 5, found.marked ?? "", "false_negative").document?.key;
  const keysIn = (round: "from" | "to") =>
    compared.value[round].queries.find(({ id }) => id === "q5")?.emitted.map((negative) => negative.key);
  expect(keysIn("from")).toContain(key);
  expect(keysIn("to")).not.toContain(key);
});

test("a stopped run keeps what it has learnt, and goes on to the very adapter that it would have made", async () => {
  const whole = await learningFixture();
  const undisturbed = await trained(whole.learning);
  const stopping: { learning?: Learning } = {};
  const home = new InMemoryHomeFiles();
  const fixture = await learningFixture({
    home,
    beforeBatch: (batch) => {
      if (batch === 18) void stopping.learning?.stop();
    },
  });
  stopping.learning = fixture.learning;
  const stopped = await trained(fixture.learning);
  expect([stopped.state, stopped.ending, stopped.adapter]).toMatchInlineSnapshot(`
    [
      "stopped",
      "Stopped on request after step 12.",
      "train-1",
    ]
  `);
  const again = await learningFixture({ home });
  const resumed = await trained(again.learning, stopped.name);
  expect([resumed.state, resumed.adapter]).toEqual(["finished", `${stopped.name}-1`]);
  expect(weightsOf(home, `${stopped.name}-1`)).toBe(weightsOf(whole.home, undisturbed.adapter ?? ""));
  expect(resumed.validations).toEqual(undisturbed.validations);
});

test("a run whose process was ended in the middle goes on from its last epoch", async () => {
  const whole = await learningFixture();
  const undisturbed = await trained(whole.learning);
  const home = new InMemoryHomeFiles();
  // Nothing is written after the crash: the disk says that the run is under way.
  const logged: string[] = [];
  const crashed = await learningFixture({
    home,
    logged,
    beforeBatch: (batch) => {
      if (batch === 18) throw new Error("power cut");
    },
  });
  await crashed.learning.start();
  await expect(crashed.learning.ended()).rejects.toThrow("power cut");
  expect(logged).toEqual(["error: The training run ended by a fault. Error: power cut"]);
  await crashed.learning.dispose();
  const again = await learningFixture({ home });
  const records = await again.learning.records();
  expect(records.ok && records.value.map(({ name, state }) => [name, state])).toEqual([["train-1", "running"]]);
  await trained(again.learning, "train-1");
  expect(weightsOf(home, "train-1")).toBe(weightsOf(whole.home, undisturbed.adapter ?? ""));
});

test("a run that is given up with its window is as its last epoch left it", async () => {
  const closing: { learning?: Learning } = {};
  const { learning, home } = await learningFixture({
    beforeBatch: (batch) => {
      if (batch === 9) void closing.learning?.dispose();
    },
  });
  closing.learning = learning;
  const { state, checkpoint, adapter } = await trained(learning);
  expect([state, checkpoint?.position.step, adapter]).toEqual(["running", 4, undefined]);
  const again = await learningFixture({ home });
  expect((await trained(again.learning, "train-1")).state).toBe("finished");
});

test("the data may be edited while it trains: the round is mined again, and training goes on", async () => {
  const changed: { session?: DatasetSession } = {};
  const fixture = await learningFixture({
    beforeBatch: async (batch) => {
      if (batch !== 7 || changed.session === undefined) return;
      await changed.session.setData(dataOf(range(1, queryCount)));
    },
  });
  changed.session = fixture.session;
  const record = await trained(fixture.learning);
  expect([record.state, record.rounds[0]?.added, record.comparison?.isGain]).toMatchInlineSnapshot(`
    [
      "finished",
      236,
      true,
    ]
  `);
});

test.each([
  ["one query alone", 1, {}],
  ["no validation possible", 3, {}],
  ["nothing to test on", 2, { validation_share: 0 }],
])("%s: nothing begins, and it is said what to do", async (_, queries, training) => {
  const input = dataOf(range(0, queries));
  const { learning, home } = await learningFixture({ input, training });
  expect(await learning.start()).toMatchSnapshot();
  expect(home.files.size).toBe(0);
});

test("without validation and test queries it trains to its end, and says nothing about a gain", async () => {
  const { learning } = await learningFixture({ training: { validation_share: 0, test_share: 0, num_train_epochs: 2 } });
  const { comparison, validations, adapter, trainQueries } = await trained(learning);
  expect({ comparison, validations, adapter, trainQueries }).toEqual({
    comparison: undefined,
    validations: [],
    adapter: "train-1",
    trainQueries: 60,
  });
});

test("an adapter that never comes up to the frozen encoder on the validation queries is not kept", async () => {
  const { learning, home } = await learningFixture({
    embed: exactVectorOf,
    training: { learning_rate: 5, warmup_ratio: 0, num_train_epochs: 2 },
  });
  const { state, ending, adapter, comparison, frozenNdcg } = await trained(learning);
  expect({ state, ending, adapter, comparison, frozenNdcg }).toMatchInlineSnapshot(`
    {
      "adapter": undefined,
      "comparison": undefined,
      "ending": "Finished after 1 round, as rounds.count says. No epoch came up to the frozen encoder on the validation queries, so that no adapter was kept.",
      "frozenNdcg": 1,
      "state": "finished",
    }
  `);
  expect([...home.files.keys()].filter((name) => name.startsWith("adapters/"))).toEqual([]);
});

test("training that goes astray fails with a next step, and leaves the last good adapter alone", async () => {
  const home = new InMemoryHomeFiles();
  const good = await learningFixture({ home });
  await trained(good.learning);
  const kept = weightsOf(home, "train-1");
  const bad = await learningFixture({ home, training: { learning_rate: 1e38 } });
  await bad.learning.start();
  expect(await bad.learning.ended()).toMatchInlineSnapshot(`
    {
      "failure": {
        "message": "The loss is 2.559996903476441e+73 in training step 2. The adapter from before is kept.",
        "nextStep": "Set a lower training.learning_rate.",
        "reason": "diverged",
      },
      "ok": false,
    }
  `);
  expect(weightsOf(home, "train-1")).toBe(kept);
  expect((await readAdapter(home, "train-1")).ok).toBe(true);
});

test("two runs at once are refused", async () => {
  const { learning } = await learningFixture({ training: { num_train_epochs: 1 } });
  const first = learning.start();
  expect(await learning.start()).toMatchInlineSnapshot(`
    {
      "failure": {
        "message": "The run "train.jsonl" is under way.",
        "nextStep": "Stop it first, or wait for its end.",
        "reason": "not-ready",
      },
      "ok": false,
    }
  `);
  await first;
  await learning.ended();
});

test("a low-rank adapter on both sides, in batches of one topic, is trained as well", async () => {
  const { learning, session, config } = await learningFixture({
    training: {
      adapter: { sides: "both", rank: 4, regularization: 0 },
      batches: { ...(await learningFixture()).config.training.batches, same_topic: true },
    },
  });
  const { adapter = "", comparison } = await trained(learning);
  await session.setConfig({ ...config, model: { ...config.model, adapter } });
  expect(await session.prepare()).toEqual({ ok: true, value: null });
  const ranked = await session.trials.rank(undefined, { queries: [0], depth: 3, cancellation: neverCancelled });
  expect(ranked.ok && ranked.value[0]?.length).toBeGreaterThan(2);
  expect(comparison?.queries).toBe(15);
});

/** A model's opinion on three passages of every query: its positive's neighbour is partly relevant. */
function opinionsOnAll() {
  const said = range(0, queryCount).map((i) => {
    const document = (number: number): string => `document ${String(i + number)}`;
    const opinions = { [document(1)]: "partly_relevant", [document(2)]: "not_relevant", [document(3)]: "not_relevant" } as const;
    return [`query ${String(i)}`, { opinions }] as const;
  });
  return saidSuggestions(Object.fromEntries(said));
}

test("a run learns from teachers as well, says of how many, and does so in the same way each time", async () => {
  const [taught, again, plain] = [await learningFixture(), await learningFixture(), await learningFixture()];
  for (const { session } of [taught, again]) session.setSuggestions(opinionsOnAll());
  const record = await trained(taught.learning);
  expect(record).toMatchObject({ state: "finished", trainQueries: 36, taughtQueries: 36 });
  expect(await trained(again.learning)).toEqual(record);
  expect(weightsOf(again.home, "train-1")).toBe(weightsOf(taught.home, "train-1"));
  expect(await trained(plain.learning)).not.toHaveProperty("taughtQueries");
  expect(weightsOf(plain.home, "train-1")).not.toBe(weightsOf(taught.home, "train-1"));
});

test("where distillation has no share of the loss, suggestions change no byte of an adapter", async () => {
  const training = { distillation_weight: 0 };
  const [asked, plain] = [await learningFixture({ training }), await learningFixture({ training })];
  asked.session.setSuggestions(opinionsOnAll());
  const record = await trained(asked.learning);
  expect(record).not.toHaveProperty("taughtQueries");
  expect(await trained(plain.learning)).toEqual(record);
  expect(weightsOf(asked.home, "train-1")).toBe(weightsOf(plain.home, "train-1"));
});
