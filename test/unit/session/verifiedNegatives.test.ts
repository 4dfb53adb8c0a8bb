// A mark that says what mining assumed changes nothing of what is emitted: an audit of an emission stays one while its pairs are found clean.
import { expect, test } from "vitest";
import { defaultConfig } from "#core/config/config";
import type { SamplerConfig } from "#core/config/samplerSchema";
import { foldMarks } from "#core/marks/foldMarks";
import type { Mark } from "#core/marks/mark";
import { DatasetSession } from "#core/session/datasetSession";
import { neverCancelled } from "#core/util/cancellation";
import { InMemoryHomeFiles } from "../../support/inMemoryHomeFiles";
import { InMemoryVectorSpace } from "../../support/inMemoryVectorSpace";
import { sha256 } from "../../support/sha256";
import { file } from "../../support/smallCollection";
import { verdict } from "../mining/miningFixture";

const words = ["tide", "tern", "reef", "sand", "gull", "crab", "kelp", "dune", "wave", "buoy"];
const passages = Array.from(
  { length: 60 },
  (_, i) => `${[3, 4, 5, 7].map((step) => words[(i * step + (i >> 2)) % words.length] ?? "").join(" ")} ${String(i)}`,
);
const queries = Array.from({ length: 12 }, (_, i) => `${words[i % 10] ?? ""} ${words[(3 * i + 1) % 10] ?? ""} ${String(i)}?`);

async function emitted(sampler: Partial<SamplerConfig>, marks: readonly Mark[]): Promise<readonly (readonly string[])[]> {
  const session = new DatasetSession({
    createVectors: (textOf) => new InMemoryVectorSpace(textOf),
    sha256,
    breathe: () => Promise.resolve(),
    stopwatch: () => 0,
    logger: () => undefined,
    home: new InMemoryHomeFiles(),
    author: "ann",
  });
  const training = queries.map((query, i) => ({ query, pos: [passages[i] ?? ""] }));
  await session.setData({
    files: [
      file("train.jsonl", "training", training),
      file(
        "corpus.jsonl",
        "corpus",
        passages.map((text) => ({ docs: [text] })),
      ),
    ],
  });
  await session.setConfig({ ...defaultConfig, sampler: { ...defaultConfig.sampler, range_max: 12, relative_margin: null, ...sampler } });
  expect(await session.prepare()).toMatchObject({ ok: true });
  session.setMarks(foldMarks(marks));
  const lists: (readonly string[])[] = [];
  const done = await session.mineAll(({ decision, pool }) => {
    lists.push(decision.kept.map((row) => session.collection.documents[pool.documents[row] ?? -1]?.text ?? "?"));
  }, neverCancelled);
  expect(done).toMatchObject({ ok: true });
  return lists;
}

test.each<Partial<SamplerConfig>>([
  { sampling_strategy: "simans", num_negatives: 4 },
  { sampling_strategy: "random", num_negatives: 4 },
  { sampling_strategy: "window", num_negatives: 3, range_after_filters: true, range_min: 2 },
  {
    mix: [
      { source: "top", n: 2, diversity_similarity: 0.9 },
      { source: "random", n: 2 },
      { source: "bm25", n: 2, relative_margin: 0.1 },
      { source: "random", n: 1 },
    ],
  },
  { sampling_strategy: "top", num_negatives: 3, rescore: { ...defaultConfig.sampler.rescore, kind: "maxsim", top_n: 5 } },
])("%j emits the same passages after some of them were found clean", async (sampler) => {
  const before = await emitted(sampler, []);
  expect(before.flat().length).toBeGreaterThan(30);
  const marks = before.flatMap((texts, query) =>
    texts.filter((_, i) => (i + query) % 2 === 0).map((text) => verdict(queries[query] ?? "", text, "true_negative")),
  );
  expect(await emitted(sampler, marks)).toEqual(before);
});
