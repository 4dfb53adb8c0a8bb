/** The reference that compat is compared with, on cases whose results follow by hand from the library's documented behaviour. */
import { expect, test } from "vitest";
import {
  cosineScore,
  mineReference,
  referenceRows,
  type ReferenceFormat,
  type ReferencePair,
  type ReferenceSettings,
} from "../../support/sentenceTransformersReference";

/** Quarters and eighths, which float32 holds exactly. */
const SCORES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  cats: { p1: 0.75, p2: 0.5, a: 0.875, b: 0.625, c: 0.5, d: 0.375, e: 0.25, f: -0.25 },
  dogs: { p1: -0.25, p2: 0.25, a: -0.5, b: -0.125, c: -0.25, d: -0.375, e: 0.125, f: -0.625 },
};
const score = (anchor: string, document: string): number => SCORES[anchor]?.[document] ?? Number.NaN;

const pair = (anchor: string, positive: string): ReferencePair => ({ anchor, positive });
const corpus = ["a", "b", "c", "d", "e", "f"];

function negatives(pairs: readonly ReferencePair[], settings: ReferenceSettings): readonly string[] {
  return mineReference({ pairs, corpus, score, settings }).map(
    (query) => `${query.anchor}: ${query.negatives.map(({ text }) => text).join(" ")}`,
  );
}

test("equal anchors are one query; its own positives are never negatives, those of others may be", () => {
  expect(negatives([pair("cats", "p1"), pair("dogs", "p2"), pair("cats", "p2")], { numNegatives: 2 })).toEqual(["cats: a b", "dogs: e b"]);
  expect(negatives([pair("cats", "p2"), pair("dogs", "p1")], { numNegatives: 2 })).toEqual(["cats: a p1", "dogs: p2 e"]);
});

test("both margins are taken against the lowest positive, in any sign", () => {
  // p is 0.5. c = 0.5 goes, since 0.625 is above it; d = 0.375 stays, since 0.5 is not.
  expect(negatives([pair("cats", "p1"), pair("cats", "p2")], { absoluteMargin: 0.125 })).toEqual(["cats: d e f"]);
  // 0.5 - 0.5 * 0.25 = 0.375, which d meets.
  expect(negatives([pair("cats", "p1"), pair("cats", "p2")], { relativeMargin: 0.25 })).toEqual(["cats: d e f"]);
  // -0.25 - 0.25 * 0.5 = -0.375: the threshold falls below a negative score as well.
  expect(negatives([pair("dogs", "p1")], { relativeMargin: 0.5 })).toEqual(["dogs: d a f"]);
});

test("the ceiling and the floor include their values", () => {
  expect(negatives([pair("cats", "p1")], { maxScore: 0.5, minScore: 0.25 })).toEqual(["cats: c d e"]);
});

test("range_min counts survivors: it skips the hardest valid negatives, not the first ranks", () => {
  expect(negatives([pair("cats", "p1")], { numNegatives: 2, rangeMin: 1, rangeMax: 6, maxScore: 0.5 })).toEqual(["cats: d e"]);
});

test("range_max counts survivors, but only as many documents are looked at as are left when all are positives of one anchor", () => {
  // Depth 2 + 1: p1 takes one place of a, p1, b; of a and b the ceiling leaves none.
  expect(negatives([pair("cats", "p1")], { numNegatives: 1, rangeMax: 2, maxScore: 0.5 })).toEqual(["cats: "]);
  // Two more rows, if equal ones, and the depth is 2 + 3: c and d come into view.
  const repeated = [pair("cats", "p1"), pair("cats", "p1"), pair("cats", "p1")];
  expect(negatives(repeated, { numNegatives: 1, rangeMax: 2, maxScore: 0.5 })).toEqual(["cats: c"]);
});

test("range_max by default has ten times the room when something but min_score may drop candidates", () => {
  const many = Array.from({ length: 40 }, (_, i) => `n${String(i)}`);
  const found = (settings: ReferenceSettings): number =>
    mineReference({
      pairs: [pair("q", "p")],
      corpus: many,
      score: (_, document) => (document === "p" ? 1 : -Number(document.slice(1))),
      settings: { numNegatives: 3, ...settings },
    })[0]?.window.length ?? 0;
  // 0 + 3 + 1, and 0 + 30 + 1.
  expect([found({}), found({ minScore: -100 }), found({ maxScore: 1 }), found({ absoluteMargin: 0 })]).toEqual([4, 4, 31, 31]);
});

test("what the library refuses is refused", () => {
  const mined = (settings: ReferenceSettings) => () => negatives([pair("cats", "p1")], settings);
  expect(mined({ numNegatives: 4, rangeMax: 3 })).toThrow("num_negatives must fit");
  expect(mined({ numNegatives: 0 })).toThrow("num_negatives must be at least 1");
  expect(mined({ rangeMin: 3, rangeMax: 3 })).toThrow("range_min must be smaller");
  expect(mined({ rangeMin: -1 })).toThrow("range_min must be non-negative");
});

test("thresholds are float32, as the scores are", () => {
  const settings = { numNegatives: 1, maxScore: 0.1 };
  // The float32 nearest to 0.1 lies above 0.1, and is not above itself.
  const mined = mineReference({ pairs: [pair("q", "p")], corpus: ["n"], score: (_, document) => (document === "n" ? 0.1 : 0.9), settings });
  expect(mined[0]?.negatives).toEqual([{ text: "n", score: Math.fround(0.1) }]);
});

test("scores are cosines", () => {
  const vectors = cosineScore(new Map([["q", [1, 0]]]), new Map([["d", [3, 4]]]));
  expect(vectors("q", "d")).toBeCloseTo(0.6, 15);
});

/** Two positives and two negatives for cats; for dogs the ceiling leaves one negative; for mice none. */
function rows(format: ReferenceFormat, outputScores: boolean): readonly string[] {
  const table: typeof SCORES = { ...SCORES, mice: { p1: 0.5, p2: 0.75, a: 1, b: 1, c: 1, d: 1, e: 1, f: 1 } };
  const mined = mineReference({
    pairs: [pair("cats", "p1"), pair("mice", "p1"), pair("dogs", "p2"), pair("cats", "p2"), pair("mice", "p2"), pair("dogs", "p1")],
    corpus,
    score: (anchor, document) => table[anchor]?.[document] ?? Number.NaN,
    settings: { numNegatives: 2, maxScore: 0.25, minScore: -0.125 },
  });
  const layout = { format, outputScores, anchor: "query", positive: "answer", numNegatives: 2 };
  return referenceRows(mined, layout).map((row) => JSON.stringify(row));
}

test("triplet: a row for each positive and negative", () => {
  expect(rows("triplet", false)).toMatchInlineSnapshot(`
    [
      "{"query":"cats","answer":"p1","negative":"e"}",
      "{"query":"cats","answer":"p2","negative":"e"}",
      "{"query":"dogs","answer":"p2","negative":"e"}",
      "{"query":"dogs","answer":"p2","negative":"b"}",
      "{"query":"dogs","answer":"p1","negative":"e"}",
      "{"query":"dogs","answer":"p1","negative":"b"}",
    ]
  `);
  expect(rows("triplet", true)).toMatchInlineSnapshot(`
    [
      "{"query":"cats","answer":"p1","negative":"e","scores":[0.75,0.25]}",
      "{"query":"cats","answer":"p2","negative":"e","scores":[0.5,0.25]}",
      "{"query":"dogs","answer":"p2","negative":"e","scores":[0.25,0.125]}",
      "{"query":"dogs","answer":"p2","negative":"b","scores":[0.25,-0.125]}",
      "{"query":"dogs","answer":"p1","negative":"e","scores":[-0.25,0.125]}",
      "{"query":"dogs","answer":"p1","negative":"b","scores":[-0.25,-0.125]}",
    ]
  `);
});

test("n-tuple: a row for each positive, none unless all negatives are there", () => {
  expect(rows("n-tuple", false)).toMatchInlineSnapshot(`
    [
      "{"query":"dogs","answer":"p2","negative_1":"e","negative_2":"b"}",
      "{"query":"dogs","answer":"p1","negative_1":"e","negative_2":"b"}",
    ]
  `);
  expect(rows("n-tuple", true)).toMatchInlineSnapshot(`
    [
      "{"query":"dogs","answer":"p2","negative_1":"e","negative_2":"b","scores":[0.25,0.125,-0.125]}",
      "{"query":"dogs","answer":"p1","negative_1":"e","negative_2":"b","scores":[-0.25,0.125,-0.125]}",
    ]
  `);
});

test("labeled-pair: the positives of an anchor, then its negatives once; positives stay without negatives", () => {
  expect(rows("labeled-pair", false)).toMatchInlineSnapshot(`
    [
      "{"query":"cats","answer":"p1","label":1}",
      "{"query":"cats","answer":"p2","label":1}",
      "{"query":"cats","answer":"e","label":0}",
      "{"query":"mice","answer":"p1","label":1}",
      "{"query":"mice","answer":"p2","label":1}",
      "{"query":"dogs","answer":"p2","label":1}",
      "{"query":"dogs","answer":"p1","label":1}",
      "{"query":"dogs","answer":"e","label":0}",
      "{"query":"dogs","answer":"b","label":0}",
    ]
  `);
  expect(rows("labeled-pair", true)).toMatchInlineSnapshot(`
    [
      "{"query":"cats","answer":"p1","score":0.75}",
      "{"query":"cats","answer":"p2","score":0.5}",
      "{"query":"cats","answer":"e","score":0.25}",
      "{"query":"mice","answer":"p1","score":0.5}",
      "{"query":"mice","answer":"p2","score":0.75}",
      "{"query":"dogs","answer":"p2","score":0.25}",
      "{"query":"dogs","answer":"p1","score":-0.25}",
      "{"query":"dogs","answer":"e","score":0.125}",
      "{"query":"dogs","answer":"b","score":-0.125}",
    ]
  `);
});

test("labeled-list: a row for each positive, if there is any negative", () => {
  expect(rows("labeled-list", false)).toMatchInlineSnapshot(`
    [
      "{"query":"cats","answer":["p1","e"],"labels":[1,0]}",
      "{"query":"cats","answer":["p2","e"],"labels":[1,0]}",
      "{"query":"dogs","answer":["p2","e","b"],"labels":[1,0,0]}",
      "{"query":"dogs","answer":["p1","e","b"],"labels":[1,0,0]}",
    ]
  `);
  expect(rows("labeled-list", true)).toMatchInlineSnapshot(`
    [
      "{"query":"cats","answer":["p1","e"],"scores":[0.75,0.25]}",
      "{"query":"cats","answer":["p2","e"],"scores":[0.5,0.25]}",
      "{"query":"dogs","answer":["p2","e","b"],"scores":[0.25,0.125,-0.125]}",
      "{"query":"dogs","answer":["p1","e","b"],"scores":[-0.25,0.125,-0.125]}",
    ]
  `);
});
