import { expect, test } from "vitest";
import { training, withCorpus } from "../../support/smallCollection";
import { decideScene, story, verdict } from "./miningFixture";

const plain = training([{ query: "q", pos: ["p"], neg: ["a", "b", "c", "d", "e", "f"] }]);
const plainHits = [
  ["p", 0.8],
  ["a", 0.78],
  ["b", 0.7],
  ["c", 0.6],
  ["d", 0.5],
  ["e", 0.4],
] as const;

test("the nearest that no rule drops are kept, each rule with its reason", () => {
  const decision = decideScene({
    collection: plain,
    positiveScores: { p: 0.8 },
    hits: plainHits,
    sampler: { num_negatives: 2, relative_margin: 0.05, min_score: 0.45 },
  });
  expect(story(plain, decision)).toMatchInlineSnapshot(`
    [
      "+ b (3) sampled: number 1 of the survivors by score",
      "+ c (4) sampled: number 2 of the survivors by score",
      "- p (1) own_positive: a positive of this query",
      "- a (2) relative_margin: within 5 % of the positive's score: 0.78 > 0.76",
      "- d (5) not_sampled: number 3 of the survivors by score: num_negatives is reached",
      "- e (6) min_score: scores below min_score: 0.40 < 0.45",
    ]
  `);
  expect(decision).toMatchObject({ anchor: 0.8, short: 0, effectiveCandidates: 2, positiveScores: [0.8] });
});

test("a shortfall is reported and never filled up", () => {
  const decision = decideScene({
    collection: plain,
    positiveScores: { p: 0.8 },
    hits: plainHits,
    sampler: { num_negatives: 5, max_score: 0.5 },
  });
  expect(decision.candidates.filter(({ kept }) => kept)).toHaveLength(2);
  expect(decision.short).toBe(3);
});

test("the rank window counts raw ranks, own positives included, before the score filters", () => {
  const decision = decideScene({
    collection: plain,
    positiveScores: { p: 0.8 },
    hits: plainHits,
    sampler: { num_negatives: 2, range_min: 2, range_max: 4, max_score: 0.65 },
  });
  expect(story(plain, decision)).toMatchInlineSnapshot(`
    [
      "+ c (4) sampled: number 1 of the survivors by score",
      "- p (1) own_positive: a positive of this query",
      "- a (2) range_min: rank 2: the first 2 are skipped",
      "- b (3) max_score: scores above max_score: 0.70 > 0.65",
      "- d (5) range_max: rank 5: range_max is 4",
      "- e (6) range_max: rank 6: range_max is 4",
    ]
  `);
});

test("with range_after_filters the window counts survivors, as sentence-transformers does", () => {
  const decision = decideScene({
    collection: plain,
    positiveScores: { p: 0.8 },
    hits: plainHits,
    sampler: { num_negatives: 2, range_min: 1, range_max: 3, max_score: 0.75, range_after_filters: true },
  });
  expect(story(plain, decision)).toMatchInlineSnapshot(`
    [
      "+ c (4) sampled: number 2 of the survivors by score",
      "+ d (5) sampled: number 3 of the survivors by score",
      "- p (1) own_positive: a positive of this query",
      "- a (2) max_score: scores above max_score: 0.78 > 0.75",
      "- b (3) range_min: number 1 of the survivors by score: the first 1 are skipped",
      "- e (6) range_max: number 4 of the survivors by score: range_max is 3",
    ]
  `);
});

test("positives are excluded by document, by normalised text and by id; the query by its text", () => {
  const collection = withCorpus(
    [
      { query: "the query", pos: [["d1", "positive"]] },
      { query: "the  query", pos: ["twin"] },
    ],
    [
      ["d1", "positive"],
      ["d2", " positive "],
      ["d1", "positive, other text"],
      ["d3", "the query"],
      ["d4", "twin"],
      ["d5", "fine"],
    ],
  );
  const texts = ["positive", " positive ", "positive, other text", "the query", "twin", "fine"];
  expect(story(collection, decideScene({ collection, hits: texts.map((text, index) => [text, 0.9 - index / 10]) }))).toMatchInlineSnapshot(`
    [
      "+ fine (6) sampled: number 1 of the survivors by score",
      "- positive (1) own_positive: a positive of this query",
      "-  positive  (2) own_positive: the same text as the positive "d1"",
      "- positive, other text (3) own_positive: its id "d1" is a positive's",
      "- the query (4) query_text: the query's own text",
      "- twin (5) own_positive: a positive of this query",
    ]
  `);
});

test("near-duplicates of a positive are dropped by vector or by shared words", () => {
  const long = "the battery lasts for ten hours of normal use and charges over night in the box";
  const collection = training([{ query: "q", pos: [long], neg: [`${long} too`, "near by vector", "far"] }]);
  const decision = decideScene({
    collection,
    hits: [
      ["near by vector", 0.7, 0.985],
      [`${long} too`, 0.6, 0.5],
      ["far", 0.5, 0.5],
    ],
    sampler: { near_duplicate_similarity: 0.97, near_duplicate_overlap: 0.8 },
  });
  expect(story(collection, decision)).toMatchInlineSnapshot(`
    [
      "+ far (3) sampled: number 1 of the survivors by score",
      "- near by vector (1) near_duplicate: nearly the same as a positive: similarity 0.98 >= 0.97",
      "- the battery lasts for ten hours of normal use and charges over night in the box too (2) near_duplicate: shares 93.3 % of its three-word runs with a positive, at least 80 %",
    ]
  `);
});

test("in a lexical pool no margin and no score limit is asked, and it is said", () => {
  const decision = decideScene({
    collection: plain,
    retrieval: "lexical",
    hits: [
      ["p", 14],
      ["a", 13.9],
      ["b", 2],
    ],
    sampler: { relative_margin: 0.05, absolute_margin: 0.1, max_score: 1, min_score: 10 },
  });
  expect(story(plain, decision)).toMatchInlineSnapshot(`
    [
      "+ a (2) sampled: number 1 of the survivors by score; margins and score limits do not apply to BM25 scores",
      "+ b (3) sampled: number 2 of the survivors by score; margins and score limits do not apply to BM25 scores",
      "- p (1) own_positive: a positive of this query",
    ]
  `);
  expect(decision.candidates.map(({ source }) => source)).toEqual(["bm25", "bm25", "bm25"]);
});

test("without a positive that has a score, margins are not asked, and it is said", () => {
  const decision = decideScene({ collection: plain, hits: [["a", 0.9]], sampler: { relative_margin: 0.05, absolute_margin: 0.1 } });
  expect(story(plain, decision)).toMatchInlineSnapshot(`
    [
      "+ a (1) sampled: number 1 of the survivors by score; margins do not apply, since no positive has a score",
    ]
  `);
  expect(decision.anchor).toBeNaN();
});

test("a text with two documents is emitted once", () => {
  const collection = withCorpus(
    [{ query: "q", pos: ["p"] }],
    [
      ["d1", "same"],
      ["d2", "same"],
      ["d3", "same "],
      ["d4", "other"],
    ],
  );
  const decision = decideScene({
    collection,
    hits: [
      ["same", 0.7],
      ["same ", 0.7],
      ["other", 0.6],
    ],
  });
  expect(story(collection, decision)).toMatchInlineSnapshot(`
    [
      "+ same (1) sampled: number 1 of the survivors by score",
      "+ other (4) sampled: number 2 of the survivors by score",
      "- same (2) same_text: the same text as "d1", which is considered once",
      "- same  (3) same_text: the same text as "d1", which is considered once",
    ]
  `);
});

test("verdicts keep passages out at once, the next ones move up, and a bad query keeps nothing", () => {
  const marks = [verdict("q", "a", "false_negative"), verdict("q", "b", "partly_relevant", { author: "bob" }), verdict("q", "c", "later")];
  const scene = { collection: plain, hits: plainHits, positiveScores: { p: 0.8, a: 0.78 }, sampler: { num_negatives: 2 } };
  const decision = decideScene({ ...scene, marks });
  expect(story(plain, decision)).toMatchInlineSnapshot(`
    [
      "+ c (4) sampled: number 1 of the survivors by score",
      "+ d (5) sampled: number 2 of the survivors by score",
      "- p (1) own_positive: a positive of this query",
      "- a (2) marked: marked relevant (false negative) by ann",
      "- b (3) marked: marked partly relevant by bob",
      "- e (6) not_sampled: number 3 of the survivors by score: num_negatives is reached",
    ]
  `);
  expect(decision.positiveScores).toEqual([0.8, 0.78]);
  const bad = decideScene({ ...scene, marks: [verdict("q", undefined, "bad_query")] });
  expect(bad.candidates.map(({ kept, rule }) => [kept, rule])).toEqual([
    [false, "own_positive"],
    ...Array.from({ length: 5 }, () => [false, "marked"]),
  ]);
  expect(bad.short).toBe(0);
});

test("a promoted positive that scores lower tightens the margins of its query", () => {
  const scene = { collection: plain, hits: plainHits, positiveScores: { p: 0.8, c: 0.6 }, sampler: { relative_margin: 0.05 } };
  expect(decideScene(scene).candidates.filter(({ kept }) => kept)).toHaveLength(4);
  const after = decideScene({ ...scene, marks: [verdict("q", "c", "false_negative")] });
  expect(after.anchor).toBe(0.6);
  expect(story(plain, after)).toMatchInlineSnapshot(`
    [
      "+ d (5) sampled: number 1 of the survivors by score",
      "+ e (6) sampled: number 2 of the survivors by score",
      "- p (1) own_positive: a positive of this query",
      "- a (2) relative_margin: within 5 % of the positive's score: 0.78 > 0.57",
      "- b (3) relative_margin: within 5 % of the positive's score: 0.70 > 0.57",
      "- c (4) marked: marked relevant (false negative) by ann",
    ]
  `);
});

test("true negatives are kept before all others and whatever the rules on rank and score say, up to num_negatives", () => {
  const marks = [
    verdict("q", "e", "true_negative"),
    verdict("q", "a", "true_negative"),
    verdict("q", "f", "true_negative", { author: "bob" }),
  ];
  const scene = {
    collection: plain,
    hits: plainHits,
    drawn: [
      ["f", 0.1],
      ["a", 0.78],
    ] as const,
    positiveScores: { p: 0.8 },
    marks,
  };
  expect(story(plain, decideScene({ ...scene, sampler: { relative_margin: 0.05, range_max: 4, num_negatives: 4 } })))
    .toMatchInlineSnapshot(`
      [
        "+ a (2) pinned: marked true negative by ann",
        "+ b (3) sampled: number 1 of the survivors by score",
        "+ e (6) pinned: marked true negative by ann",
        "+ f (0) pinned: marked true negative by bob",
        "- p (1) own_positive: a positive of this query",
        "- c (4) not_sampled: number 2 of the survivors by score: num_negatives is reached",
        "- d (5) range_max: rank 5: range_max is 4",
      ]
    `);
  expect(story(plain, decideScene({ ...scene, sampler: { relative_margin: 0.05, num_negatives: 2 } }))).toMatchInlineSnapshot(`
    [
      "+ a (2) pinned: marked true negative by ann",
      "+ e (6) pinned: marked true negative by ann",
      "- p (1) own_positive: a positive of this query",
      "- b (3) not_sampled: number 1 of the survivors by score: num_negatives is reached",
      "- c (4) not_sampled: number 2 of the survivors by score: num_negatives is reached",
      "- d (5) not_sampled: number 3 of the survivors by score: num_negatives is reached",
      "- f (0) not_sampled: marked true negative by bob, but num_negatives 2 is reached by harder ones",
    ]
  `);
});

test("an own positive is never pinned, and another person's doubt takes a pin away", () => {
  const marks = [verdict("q", "p", "true_negative"), verdict("q", "a", "true_negative"), verdict("q", "a", "cant_tell", { author: "bob" })];
  expect(story(plain, decideScene({ collection: plain, hits: plainHits.slice(0, 3), marks }))).toMatchInlineSnapshot(`
    [
      "+ b (3) sampled: number 1 of the survivors by score",
      "- p (1) own_positive: a positive of this query",
      "- a (2) marked: marked can't tell by bob",
    ]
  `);
});

test("a bad positive is neither positive nor negative, and no anchor", () => {
  const collection = training([{ query: "q", pos: ["good", "wrong"], neg: ["n"] }]);
  const decision = decideScene({
    collection,
    hits: [
      ["good", 0.9],
      ["n", 0.5],
      ["wrong", 0.2],
    ],
    positiveScores: { good: 0.9, wrong: 0.2 },
    sampler: { relative_margin: 0.05 },
    marks: [verdict("q", "wrong", "bad_positive")],
  });
  expect(decision.anchor).toBe(0.9);
  expect(story(collection, decision)).toMatchInlineSnapshot(`
    [
      "+ n (2) sampled: number 1 of the survivors by score",
      "- good (1) own_positive: a positive of this query",
      "- wrong (3) marked: marked a bad positive by ann",
    ]
  `);
});
