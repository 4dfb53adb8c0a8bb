// What the false-negative model knows of a pair must not know anybody's judgement of that very pair: a marked false negative becomes a positive, and
// its similarity to "a positive" would be 1.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { CollectionInput } from "#core/collection/buildCollection";
import { defaultConfig } from "#core/config/config";
import type { MixEntry, SamplerConfig } from "#core/config/samplerSchema";
import { FEATURES } from "#core/falseNegatives/features";
import { foldMarks } from "#core/marks/foldMarks";
import type { Mark, PairVerdict } from "#core/marks/mark";
import type { MinedQuery } from "#core/mining/miningState";
import { pairFeatures } from "#core/mining/pairFeatures";
import { DatasetSession } from "#core/session/datasetSession";
import { InMemoryHomeFiles } from "../../support/inMemoryHomeFiles";
import { InMemoryVectorSpace } from "../../support/inMemoryVectorSpace";
import { saidSuggestions } from "../../support/saidSuggestions";
import { sha256 } from "../../support/sha256";
import { file } from "../../support/smallCollection";
import { verdict } from "../mining/miningFixture";

const words = ["tide", "tern", "reef", "sand", "gull", "crab", "kelp", "dune", "wave", "buoy"];
const text = (i: number): string =>
  Array.from({ length: 5 }, (_, place) => words[(i * (place + 3) + (i >> (place % 3))) % words.length] ?? "").join(" ");
const passages = Array.from({ length: 50 }, (_, i) => `${text(i)} ${String(i)}`);
const passage = (i: number): string => passages[i] ?? "";

/** Queries with no positive, with one, and with several, one of which stands in the corpus twice. */
const input: CollectionInput = {
  files: [
    file("train.jsonl", "training", [
      { query: "tern reef gull", pos: [passage(3)] },
      { query: "sand dune wave", pos: [passage(7), passage(11), passage(20)] },
      { query: "kelp crab tide reef", pos: [] },
      { query: passage(30), pos: [passage(31)] },
    ]),
    file(
      "corpus.jsonl",
      "corpus",
      [...passages, passage(7), ` ${passage(12)}`].map((body, i) => ({
        docs: [[`d${String(i)}`, body, { article: `a${String(i % 7)}`, topic: `t${String(i % 4)}` }] as const],
      })),
    ),
  ],
};

/** A language model was asked about every second passage, whether or not somebody marks it. */
const opinions = saidSuggestions(
  Object.fromEntries(
    ["tern reef gull", "sand dune wave"].map((query) => [
      query,
      { opinions: Object.fromEntries(passages.filter((_, i) => i % 2 === 0).map((text) => [text, "relevant" as const])) },
    ]),
  ),
);

const mixes: readonly (readonly MixEntry[])[] = [
  [{ source: "top", n: 4 }],
  [
    { source: "simans", n: 3 },
    { source: "bm25", n: 2 },
    { source: "random", n: 3 },
  ],
  [
    { source: "hybrid", n: 2 },
    { source: "top", n: 1 },
    { source: "same_article", n: 3 },
    { source: "same_topic", n: 3 },
  ],
];
const sampler = fc.record({
  mix: fc.constantFrom(...mixes).map((mix) => [...mix]),
  range_max: fc.constantFrom(6, 12, 100),
  range_after_filters: fc.boolean(),
  compat: fc.constantFrom(null, "sentence-transformers" as const),
});

async function openSession(settings: Partial<SamplerConfig>): Promise<DatasetSession> {
  const session = new DatasetSession({
    createVectors: (textOf) => new InMemoryVectorSpace(textOf),
    sha256,
    breathe: () => Promise.resolve(),
    stopwatch: () => 0,
    logger: () => undefined,
    home: new InMemoryHomeFiles(),
    author: "ann",
  });
  await session.setData(input);
  const groups = {
    same_article: { ...defaultConfig.sampler.same_article, field: "article" },
    same_topic: { ...defaultConfig.sampler.same_topic, field: "topic" },
  };
  await session.setConfig({ ...defaultConfig, sampler: { ...defaultConfig.sampler, ...groups, ...settings } });
  session.setSuggestions(opinions);
  expect(await session.prepare()).toMatchObject({ ok: true });
  return session;
}

async function minedWith(session: DatasetSession, query: number, marks: readonly Mark[]): Promise<MinedQuery> {
  session.setMarks(foldMarks(marks));
  const mined = await session.mine(query);
  if (!mined.ok) throw new Error(mined.failure.message);
  return mined.value;
}

/** Features of the passage of a group, by name; the unknown ones as they are. */
function featuresOf({ facts, context }: MinedQuery, group: number): Readonly<Record<string, number | undefined>> {
  const row = facts.groups.indexOf(group);
  expect(row).not.toBe(-1);
  const table = pairFeatures(facts, context, [row]);
  return Object.fromEntries(FEATURES.map((feature, place) => [feature, table[place]]));
}

const verdicts = fc.constantFrom<PairVerdict>("true_negative", "false_negative", "partly_relevant", "duplicate_of_positive", "later");

test("a pair has the same features, to the last bit, before and after it is marked", async () => {
  await fc.assert(
    fc.asyncProperty(
      sampler,
      fc.nat({ max: 3 }),
      fc.array(fc.tuple(fc.nat({ max: passages.length - 1 }), verdicts), { maxLength: 5 }),
      // The nearest, those where the window ends, and any other.
      fc.oneof(fc.nat({ max: 1 }), fc.nat({ max: 12 }), fc.nat({ max: passages.length })),
      verdicts,
      async (settings, query, others, place, name) => {
        const session = await openSession(settings);
        const { queries, documents } = session.collection;
        const queryText = queries[query]?.text ?? "";
        const otherMarks = others.map(([at, label]) => verdict(queryText, passage(at), label, { author: "bob" }));
        const before = await minedWith(session, query, otherMarks);
        // A listed positive is no candidate whose relevance is in question.
        const judged = new Set(
          [...before.pool.positives, ...(queries[query]?.positives ?? [])].map((document) => documents[document]?.group),
        );
        const marked = new Set(otherMarks.map(({ document }) => session.collection.groupOfKey.get(document?.key ?? "")));
        const open = [...new Set(before.facts.groups)].filter((group) => !judged.has(group) && !marked.has(group));
        fc.pre(open.length > 0);
        const group = open[place % open.length] ?? -1;
        const known = featuresOf(before, group);
        const own = verdict(queryText, documents.find((document) => document.group === group)?.text, name);
        expect(featuresOf(await minedWith(session, query, [...otherMarks, own]), group)).toEqual(known);
        // Neither does it matter what the pools were searched for before.
        const fresh = await openSession(settings);
        expect(featuresOf(await minedWith(fresh, query, [own, ...otherMarks]), group)).toEqual(known);
      },
    ),
    { numRuns: 80 },
  );
});

test("the trap itself: among the positives, a marked false negative would be as near to a positive as can be", async () => {
  const session = await openSession({ mix: [{ source: "top", n: 4 }] });
  const [query] = session.collection.queries;
  const { groupOfKey } = session.collection;
  const mark = verdict(query?.text ?? "", passage(9), "false_negative");
  const mined = await minedWith(session, 0, [mark]);
  const group = groupOfKey.get(mark.document?.key ?? "") ?? -1;
  expect(mined.pool.positiveSimilarity[mined.facts.groups.indexOf(group)]).toBeCloseTo(1, 6);
  expect(featuresOf(mined, group)["positive_similarity"]).toBeLessThan(0.9);
});

test("a marked passage that no source finds any more is still scored, and is no candidate", async () => {
  const session = await openSession({ mix: [{ source: "random", n: 3 }] });
  const before = await minedWith(session, 0, []);
  const drawn = before.pool.documents[0] ?? -1;
  const { documents, queries } = session.collection;
  const mark = verdict(queries[0]?.text ?? "", documents[drawn]?.text, "false_negative");
  const after = await minedWith(session, 0, [mark]);
  const row = after.pool.documents.indexOf(drawn);
  expect(after.pool.scores[row]).toBe(before.pool.scores[0]);
  expect(after.facts.isCandidate(row)).toBe(false);
  expect(after.decision.fates[row]).toBe(0);
});
