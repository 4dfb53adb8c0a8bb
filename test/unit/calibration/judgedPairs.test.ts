import { expect, test } from "vitest";
import { judgedPairs } from "#core/calibration/judgedPairs";
import type { VerdictMark } from "#core/marks/mark";
import { verdict } from "../mining/miningFixture";

const seen: Partial<VerdictMark> = { source: "top", rank: 4, score: 0.6, positive_score: 0.8, positive_similarity: 0.7, model: "m" };

test("false negatives and duplicates are told from true negatives; doubts are neither", () => {
  const marks = [
    verdict("q", "a", "false_negative", seen),
    verdict("q", "b", "duplicate_of_positive", { ...seen, rank: 5 }),
    verdict("q", "c", "true_negative", { model: "m" }),
    verdict("q", "d", "partly_relevant", seen),
    verdict("q", "e", "cant_tell", seen),
    verdict("q", undefined, "bad_query", seen),
  ];
  expect(judgedPairs(marks, "m")).toEqual([
    { isFalseNegative: true, rank: 4, score: 0.6, anchor: 0.8, positiveSimilarity: 0.7 },
    { isFalseNegative: true, rank: 5, score: 0.6, anchor: 0.8, positiveSimilarity: 0.7 },
    { isFalseNegative: false, rank: 0, score: Number.NaN, anchor: Number.NaN, positiveSimilarity: Number.NaN },
  ]);
});

test("scores of another encoder and of BM25 are on other scales and are left out", () => {
  expect(
    judgedPairs(
      [verdict("q", "a", "false_negative", { ...seen, model: "other" }), verdict("q", "b", "false_negative", { ...seen, source: "bm25" })],
      "m",
    ),
  ).toEqual([]);
});

test("a pair that two persons judge differently counts as neither, one that they judge alike counts once, as seen last", () => {
  const bob = { ...seen, author: "bob", time: "2026-02-01T00:00:00.000Z", score: 0.65 };
  expect(judgedPairs([verdict("q", "a", "false_negative", seen), verdict("q", "a", "true_negative", bob)], "m")).toEqual([]);
  expect(
    judgedPairs([verdict("q", "a", "true_negative", seen), verdict("q", "a", "true_negative", bob)], "m").map(({ score }) => score),
  ).toEqual([0.65]);
});
