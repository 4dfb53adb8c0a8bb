import { expect, test } from "vitest";
import { queryCoverage, wordOverlap } from "#core/mining/wordSets";
import { beir } from "../../support/smallCollection";

const texts = ["the reef at night", "the reef by day", "the gull by night", "the gull by day", "a tern"];
const collection = beir(
  [
    { id: "q", query: "the tern" },
    { id: "none", query: "!" },
  ],
  texts.map((text, i) => [`d${String(i)}`, text] as const),
  [
    { query: "q", document: "d0", score: 1 },
    { query: "none", document: "d0", score: 1 },
  ],
);

/** A word that n of the 5 texts have. */
const weight = (n: number): number => Math.log((texts.length + 1) / (n + 0.5));

test("a rare word of the query counts more than a common one", () => {
  expect(queryCoverage(collection, 0, 4)).toBeCloseTo(weight(1) / (weight(1) + weight(4)), 12);
  expect(queryCoverage(collection, 0, 0)).toBeCloseTo(weight(4) / (weight(1) + weight(4)), 12);
  expect(queryCoverage(collection, 1, 0)).toBeNaN();
});

test("two texts are the more alike the rarer the words are that they share", () => {
  const [the, two, at] = [weight(4), weight(2), weight(1)];
  // the, reef; at and night, by and day.
  expect(wordOverlap(collection, 0, 1)).toBeCloseTo((the + two) / (the + 3 * two + at + weight(3)), 12);
  expect(wordOverlap(collection, 1, 0)).toBeCloseTo(wordOverlap(collection, 0, 1), 12);
  expect([wordOverlap(collection, 0, 0), wordOverlap(collection, 0, 4)]).toEqual([1, 0]);
});

test("of a large collection an even sample says how rare a word is; one that the sample lacks is as rare as can be", () => {
  const many = Array.from({ length: 8192 }, (_, i) => [`d${String(i)}`, `${i % 2 === 0 ? "even" : "odd"} number ${String(i)}`] as const);
  const large = beir([{ id: "q", query: "even odd" }], many, [{ query: "q", document: "d0", score: 1 }]);
  // The sample has every other text: all even ones, and no odd one.
  const [even, odd] = [Math.log(4097 / 4096.5), Math.log(4097 / 0.5)];
  expect(queryCoverage(large, 0, 1)).toBeCloseTo(odd / (even + odd), 12);
});
