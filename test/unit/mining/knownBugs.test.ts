// Silent bugs of other miners, each as the behaviour that must not come back here. The tools and issues are named in the tests.
import { expect, test } from "vitest";
import type { SimansConfig } from "#core/config/samplerSchema";
import { decisionDetail } from "#core/mining/decide";
import { fateOf } from "#core/mining/candidate";
import { Tally } from "#core/mining/tally";
import { buildCollection } from "#core/collection/buildCollection";
import type { RecordPassage, TrainingRecord } from "#core/formats/format";
import { sha256 } from "../../support/sha256";
import { file, training, withCorpus } from "../../support/smallCollection";
import { bare, decideScene, planScene, simansOf, story } from "./miningFixture";

test("margins are taken against the query's own positives when queries have unequal numbers of them (sentence-transformers to 5.2)", () => {
  const collection = training([
    { query: "many", pos: ["p1", "p2", "p3"], neg: ["n"] },
    { query: "one", pos: ["p4"], neg: ["n"] },
  ]);
  const positiveScores = { p1: 0.2, p2: 0.3, p3: 0.4, p4: 0.9 };
  const scene = { collection, positiveScores, hits: [["n", 0.5]] as const, sampler: { absolute_margin: 0 } };
  expect(decideScene({ ...scene, query: 0 }).anchor).toBe(0.2);
  expect(decideScene({ ...scene, query: 1 }).anchor).toBe(0.9);
  expect(decideScene({ ...scene, query: 1 }).candidates[0]?.kept).toBe(true);
});

test("a relative margin stays below a negative positive score (sentence-transformers to 5.x, #3819)", () => {
  const collection = training([{ query: "q", pos: ["p"], neg: ["above", "within", "below"] }]);
  const decision = decideScene({
    collection,
    positiveScores: { p: -2 },
    hits: [
      ["above", -1.95],
      ["within", -2.05],
      ["below", -2.2],
    ],
    sampler: { relative_margin: 0.05 },
  });
  expect(story(collection, decision)).toMatchInlineSnapshot(`
    [
      "+ below (3) sampled: number 1 of the survivors by score",
      "- above (1) relative_margin: within 5 % of the positive's score: -1.95 > -2.10",
      "- within (2) relative_margin: within 5 % of the positive's score: -2.05 > -2.10",
    ]
  `);
});

test("a search with several positives fetches enough to fill a window that counts survivors (sentence-transformers to 5.x, #3872)", () => {
  const pos = Array.from({ length: 30 }, (_, index) => `p${String(index)}`);
  const collection = training([
    { query: "q", pos, neg: ["n"] },
    { query: "r", pos: ["p0"] },
  ]);
  const plan = (query: number, range_after_filters: boolean): number =>
    planScene({ collection, query, sampler: { range_max: 10, range_after_filters } }).depth;
  expect([plan(0, true), plan(1, true), plan(0, false)]).toEqual([40, 11, 10]);
});

test("a window larger than the corpus is no error (sentence-transformers to 5.x, #3873)", () => {
  const collection = training([{ query: "q", pos: ["p"], neg: ["n"] }]);
  const decision = decideScene({ collection, hits: [["n", 0.4]], sampler: { range_max: 10_000, num_negatives: 3 } });
  expect([decision.candidates.length, decision.short]).toEqual([1, 2]);
});

test("range_min skips the most suspicious ranks, not the hardest survivors (sentence-transformers)", () => {
  const collection = training([{ query: "q", pos: ["p"], neg: ["n1", "n2", "n3"] }]);
  const decision = decideScene({
    collection,
    positiveScores: { p: 0.9 },
    hits: [
      ["n1", 0.89],
      ["n2", 0.6],
      ["n3", 0.5],
    ],
    sampler: { range_min: 1, relative_margin: 0.05 },
  });
  expect(decision.candidates.map(({ document, rule }) => [collection.documents[document]?.text, rule])).toEqual([
    ["n2", "sampled"],
    ["n3", "sampled"],
    ["n1", "range_min"],
  ]);
});

test("the query's text is no negative of the query (sentence-transformers)", () => {
  const collection = training([{ query: "what is it", pos: ["p"], neg: ["What is it", "what  is it"] }]);
  const decision = decideScene({
    collection,
    hits: [
      ["what  is it", 1],
      ["What is it", 0.9],
    ],
  });
  expect(decision.candidates.map(({ rule }) => rule)).toEqual(["sampled", "query_text"]);
});

test("a query that is a passage of the corpus is not its own negative, also where the passage has a title (BEIR's ArguAna)", () => {
  const corpus = buildCollection(
    {
      files: [
        {
          name: "corpus.jsonl",
          role: "corpus",
          rows: [
            { line: 1, record: corpusRecord({ id: "1", title: "debate", text: "debate ban  it now", path: [] }) },
            { line: 2, record: corpusRecord({ id: "2", title: "debate", text: "debate keep it", path: [] }) },
          ],
        },
        file("queries.jsonl", "queries", [{ id: "1", query: "ban it now" }]),
      ],
    },
    sha256,
  );
  const decision = decideScene({
    collection: corpus,
    hits: [
      ["debate ban  it now", 0.9],
      ["debate keep it", 0.5],
    ],
  });
  expect(story(corpus, decision)).toMatchInlineSnapshot(`
    [
      "+ debate keep it (2) sampled: number 1 of the survivors by score",
      "- debate ban  it now (1) query_text: the query's own text, under a title",
    ]
  `);
});

test("a positive on one line is no negative of the same query on another (FlagEmbedding)", () => {
  const collection = training([
    { query: "q", pos: ["p1"], neg: ["p2"] },
    { query: "q", pos: ["p2"], neg: ["n"] },
  ]);
  const decision = decideScene({
    collection,
    hits: [
      ["p1", 0.9],
      ["p2", 0.8],
      ["n", 0.5],
    ],
  });
  expect(decision.candidates.filter(({ kept }) => kept).map(({ document }) => collection.documents[document]?.text)).toEqual(["n"]);
});

test("all positives of a query are protected, not only the first (ANCE)", () => {
  const collection = withCorpus(
    [
      {
        query: "q",
        pos: [
          ["1", "a"],
          ["2", "b"],
          ["3", "c"],
        ],
      },
    ],
    [
      ["1", "a"],
      ["2", "b"],
      ["3", "c"],
      ["4", "d"],
    ],
  );
  const decision = decideScene({
    collection,
    hits: [
      ["a", 0.9],
      ["b", 0.8],
      ["c", 0.7],
      ["d", 0.6],
    ],
  });
  expect(decision.candidates.map(({ rule }) => rule)).toEqual(["sampled", "own_positive", "own_positive", "own_positive"]);
});

test("filtered documents are never emitted when too few survive (NeMo), and no score is infinite", () => {
  const collection = training([{ query: "q", pos: ["p"], neg: ["n1", "n2"] }]);
  const decision = decideScene({
    collection,
    positiveScores: { p: 0.5 },
    hits: [
      ["n1", 0.6],
      ["n2", 0.55],
    ],
    sampler: { absolute_margin: 0.05 },
  });
  expect(decision.candidates.map(({ kept, score }) => [kept, score])).toEqual([
    [false, 0.6],
    [false, 0.55],
  ]);
  expect(decision.short).toBe(5);
});

test("a positive that was not retrieved gives its true score, not the tail of the list (SimANS)", () => {
  const collection = training([{ query: "q", pos: ["p"], neg: ["n1", "n2", "n3"] }]);
  const decision = decideScene({
    collection,
    positiveScores: { p: 0.1 },
    hits: [
      ["n1", 0.6],
      ["n2", 0.4],
      ["n3", 0.2],
    ],
    sampler: { sampling_strategy: "simans", num_negatives: 1, simans: simansOf({ a: 500, b: 0 }) },
  });
  expect(collection.documents[decision.candidates[0]?.document ?? -1]?.text).toBe("n3");
});

test("a centre b above 0 lies above the positive, as in the paper (SimANS' code has it below)", () => {
  const collection = training([{ query: "q", pos: ["p"], neg: ["above", "level", "below"] }]);
  const nearest = (b: number): string | undefined => {
    const decision = decideScene({
      collection,
      positiveScores: { p: 0.5 },
      hits: [
        ["above", 0.7],
        ["level", 0.5],
        ["below", 0.3],
      ],
      sampler: { sampling_strategy: "simans", num_negatives: 1, simans: simansOf({ a: 500, b }) },
    });
    return collection.documents[decision.candidates[0]?.document ?? -1]?.text;
  };
  expect([nearest(1.3), nearest(0), nearest(-1.3)]).toEqual(["above", "level", "below"]);
});

test("the rank floor holds for a single query (RAGatouille)", () => {
  const collection = training([{ query: "q", pos: ["p"], neg: ["n1", "n2", "n3"] }]);
  const decision = decideScene({
    collection,
    hits: [
      ["n1", 0.7],
      ["n2", 0.6],
      ["n3", 0.5],
    ],
    sampler: { range_min: 2 },
  });
  expect(decision.candidates.filter(({ kept }) => kept)).toHaveLength(1);
});

test("each rule counts what it dropped itself, not what was gone before (sentence-transformers' min_score)", () => {
  const collection = training([{ query: "q", pos: ["p"], neg: ["n1", "n2", "n3"] }]);
  const { sources } = decideScene({
    collection,
    positiveScores: { p: 0.1 },
    hits: [
      ["n1", 0.6],
      ["n2", 0.4],
      ["n3", 0.2],
    ],
    sampler: { absolute_margin: 0, min_score: 0.3 },
  });
  expect([sources[0]?.dropped[fateOf("absolute_margin")], sources[0]?.dropped[fateOf("min_score")]]).toEqual([3, 0]);
});

test("a query that misses several negatives is one query too short, by as many as it misses (sentence-transformers, #3504)", () => {
  const collection = training([{ query: "q", pos: ["p1", "p2"], neg: ["n1", "n2"] }]);
  const decision = decideScene({ collection, hits: [["n1", 0.6]], sampler: { num_negatives: 4 } });
  const tally = new Tally(decision.context.sources);
  tally.add(decision.pool, decision);
  const { queries, shortQueries, short } = tally.totals();
  expect({ queries, shortQueries, short }).toEqual({ queries: 1, shortQueries: 1, short: 3 });
});

test("the kernel is the one that is named, and the square unless one is (SimANS' MS MARCO passages had another)", () => {
  const collection = training([{ query: "q", pos: ["p"], neg: ["near", "far"] }]);
  const hits = [
    ["near", 0.5],
    ["far", 0.3],
  ] as const;
  const odds = (simans: Partial<SimansConfig>): number => {
    const sampler = { sampling_strategy: "simans", simans: simansOf({ a: 3, axis: "raw", ...simans }) } as const;
    const { facts, context } = decideScene({ collection, positiveScores: { p: 0.5 }, hits, sampler });
    const { probabilities } = decisionDetail(facts, context);
    return (probabilities[0] ?? Number.NaN) / (probabilities[1] ?? Number.NaN);
  };
  const [square, firstOrder] = [Math.exp(3 * 0.2 ** 2), Math.exp(3 * 0.2)];
  expect([odds({}), odds({ kernel: "square" }), odds({ kernel: "first_order" })]).toEqual(
    [square, square, firstOrder].map((value) => expect.closeTo(value, 9) as number),
  );
});

test("what the second score has not seen fills no gap (RocketQA's back-fill bypasses its cross-encoder)", () => {
  const collection = training([{ query: "q", pos: ["p"], neg: ["n1", "n2", "n3"] }]);
  const { kept, short, candidates } = decideScene({
    collection,
    hits: [
      ["n1", 0.6],
      ["n2", 0.4],
      ["n3", 0.2],
    ],
    rescored: { p: 5, n1: 4.9 },
    sampler: { num_negatives: 3, rescore: { ...bare.rescore, kind: "maxsim", top_n: 2, relative_margin: 0.05 } },
  });
  expect([kept, short]).toEqual([[], 3]);
  expect(candidates.map(({ rule }) => rule)).toEqual(["rescore_relative_margin", "not_rescored", "not_rescored"]);
});

test("random draws never hold a positive, the query, or a document twice (FlagEmbedding's back-fill, #464)", () => {
  const collection = training([{ query: "q", pos: ["p1", "p2"], neg: ["q", "n1", "n2", "n3"] }]);
  const { depth, extra } = planScene({ collection, sampler: { sampling_strategy: "random", num_negatives: 10 } });
  expect(depth).toBe(0);
  expect(extra.map((document) => collection.documents[document]?.text).sort()).toEqual(["n1", "n2", "n3"]);
});

function corpusRecord(document: RecordPassage): TrainingRecord {
  return { positives: [], negatives: [], documents: [document] };
}
