// A preview says what mining with those settings would come to, and changes nothing.
import { expect, test } from "vitest";
import { defaultConfig, type Config } from "#core/config/config";
import type { SamplerConfig } from "#core/config/samplerSchema";
import { foldMarks } from "#core/marks/foldMarks";
import { Tally } from "#core/mining/tally";
import type { MiningTotals } from "#core/mining/tally";
import type { SamplerSummary } from "#core/preview/samplerPreview";
import { DatasetSession } from "#core/session/datasetSession";
import { neverCancelled } from "#core/util/cancellation";
import { InMemoryHomeFiles } from "../../support/inMemoryHomeFiles";
import { InMemoryVectorSpace } from "../../support/inMemoryVectorSpace";
import { sha256 } from "../../support/sha256";
import { file } from "../../support/smallCollection";
import { verdict } from "../mining/miningFixture";

const words = ["tide", "tern", "reef", "sand", "gull", "crab", "kelp", "dune", "wave", "buoy"];
const text = (i: number, length: number): string =>
  Array.from({ length }, (_, place) => words[(i * (place + 3) + (i >> (place % 3))) % words.length] ?? "").join(" ");
const passages = Array.from({ length: 60 }, (_, i) => `${text(i, 5)} ${String(i)}`);
const queries = Array.from({ length: 80 }, (_, i) => `${text(i * 7 + 1, 3)} ${String(i)}?`);

async function openSession(sampler: Partial<SamplerConfig>): Promise<{ session: DatasetSession; advanced: () => Promise<void> }> {
  let tell = (): void => undefined;
  const session = new DatasetSession(
    {
      createVectors: (textOf) => new InMemoryVectorSpace(textOf),
      sha256,
      breathe: () => Promise.resolve(),
      stopwatch: () => 0,
      logger: () => undefined,
      home: new InMemoryHomeFiles(),
      author: "ann",
    },
    {
      revised: () => undefined,
      statusChanged: () => undefined,
      previewAdvanced: (done, total) => {
        if (done === total) tell();
      },
    },
  );
  await session.setData({
    files: [
      file(
        "train.jsonl",
        "training",
        queries.map((query, i) => ({ query, pos: [passages[i % passages.length] ?? ""] })),
      ),
      file(
        "corpus.jsonl",
        "corpus",
        passages.map((passage) => ({ docs: [passage] })),
      ),
    ],
  });
  await session.setConfig(configWith(sampler));
  await session.prepare();
  const advanced = (): Promise<void> =>
    new Promise((resolve) => {
      tell = resolve;
    });
  return { session, advanced };
}

function configWith(sampler: Partial<SamplerConfig>): Config {
  return { ...defaultConfig, sampler: { ...defaultConfig.sampler, range_max: 20, ...sampler } };
}

async function minedTotals(session: DatasetSession): Promise<MiningTotals> {
  const tally = new Tally(session.sources);
  await session.mineAll(({ pool, decision }) => {
    tally.add(pool, decision);
  }, neverCancelled);
  return tally.totals();
}

async function previewed({ session, advanced }: Awaited<ReturnType<typeof openSession>>, config: Config): Promise<SamplerSummary> {
  const done = advanced();
  const first = await session.preview(config);
  if (first.ok && first.value.kind === "mining") await done;
  const step = first.ok && first.value.kind === "mining" ? await session.preview(config) : first;
  if (!step.ok || step.value.kind !== "summary") throw new Error("There is no summary.");
  return step.value.summary;
}

const samplers: readonly Partial<SamplerConfig>[] = [
  { relative_margin: 0.2 },
  { relative_margin: null, max_positive_similarity: 0.5 },
  { range_max: 8, range_min: 2 },
  { range_max: 40 },
  { num_negatives: 9, diversity_similarity: 0.6 },
  { sampling_strategy: "simans", range_max: 12 },
  { sampling_strategy: "random", num_negatives: 3 },
  {
    mix: [
      { source: "top", n: 2, range_max: 5 },
      { source: "hybrid", n: 1, relative_margin: null },
      { source: "same_topic", n: 2 },
    ],
  },
  { sampling_strategy: "window", rescore: { ...defaultConfig.sampler.rescore, kind: "maxsim", top_n: 4, min_score: -3 } },
];

test.each(samplers)("%j comes to what mining with it comes to", async (sampler) => {
  const opened = await openSession({});
  const { totals } = await previewed(opened, configWith(sampler));
  const other = await openSession(sampler);
  expect(totals).toEqual(await minedTotals(other.session));
  expect(totals.kept + Object.values(totals.dropped).reduce((sum, count) => sum + count, 0)).toBe(totals.candidates);
});

test("sliders go back and forth without a trace, and the session mines as it did", async () => {
  const opened = await openSession({});
  const before = [await minedTotals(opened.session), opened.session.configHash, opened.session.revision];
  const first = await previewed(opened, configWith({}));
  for (const sampler of samplers) await previewed(opened, configWith(sampler));
  const { revision } = opened.session;
  expect(await previewed(opened, configWith({}))).toEqual(first);
  expect([await minedTotals(opened.session), opened.session.configHash, revision]).toEqual([
    before[0],
    before[1],
    // Topics that were found for the mix are news for every query.
    Number(before[2]) + 1,
  ]);
});

test("marks are among the points, and act on the next preview", async () => {
  const opened = await openSession({ relative_margin: null });
  const before = await previewed(opened, configWith({ relative_margin: null }));
  const mined = await opened.session.mine(5);
  if (!mined.ok) throw new Error("Query 5 cannot be mined.");
  const { pool, decision } = mined.value;
  const marked = opened.session.collection.documents[pool.documents[decision.kept[0] ?? -1] ?? -1]?.text ?? "";
  opened.session.setMarks(foldMarks([verdict(queries[5] ?? "", marked, "cant_tell")]));
  const after = await previewed(opened, configWith({ relative_margin: null }));
  expect(after.totals.dropped.marked).toBe(before.totals.dropped.marked + 1);
  expect(after.marks.map(({ verdict: name, query: at }) => [name, at])).toEqual([["cant_tell", 5]]);
});

test("a passage that its mark made a positive is measured against the positives of the file", async () => {
  const opened = await openSession({ relative_margin: null });
  await previewed(opened, configWith({ relative_margin: null }));
  const mined = await opened.session.mine(5);
  if (!mined.ok) throw new Error("Query 5 cannot be mined.");
  const { pool, decision } = mined.value;
  const row = decision.kept[0] ?? -1;
  const marked = opened.session.collection.documents[pool.documents[row] ?? -1]?.text ?? "";
  const model = opened.session.status.model?.fingerprint ?? "";
  const seen = { positive_similarity: pool.positiveSimilarity[row] ?? Number.NaN };
  const markOf = (encoder: string) => verdict(queries[5] ?? "", marked, "false_negative", { ...seen, model: encoder });
  const difference = (pool.scores[row] ?? Number.NaN) - Math.min(...pool.positiveScores);
  expect(difference).not.toBe(0);
  opened.session.setMarks(foldMarks([markOf(model)]));
  const { marks } = await previewed(opened, configWith({ relative_margin: null }));
  expect(marks).toEqual([{ verdict: "false_negative", query: 5, difference, positiveSimilarity: seen.positive_similarity }]);
  // What another encoder said of it has no place on this axis.
  opened.session.setMarks(foldMarks([markOf("another")]));
  const { marks: others } = await previewed(opened, configWith({ relative_margin: null }));
  expect(others.map((point) => point.positiveSimilarity)).toEqual([Number.NaN]);
});

test("a search that is stopped says so once, and goes on when it is asked for again", async () => {
  const opened = await openSession({});
  const told = opened.advanced();
  expect(await opened.session.preview(configWith({ range_max: 30 }))).toMatchObject({ ok: true, value: { kind: "mining" } });
  await opened.session.stop();
  await told;
  expect(await opened.session.preview(configWith({ range_max: 30 }))).toMatchObject({ ok: false, failure: { reason: "cancelled" } });
  expect(await previewed(opened, configWith({ range_max: 30 }))).toMatchObject({ totals: { queries: queries.length } });
});
