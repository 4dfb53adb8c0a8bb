import fc from "fast-check";
import { expect, test } from "vitest";
import type { JudgedPair } from "#core/calibration/judgedPairs";
import { proposeSampler, type SamplerAdvice } from "#core/calibration/proposeSampler";
import { defaultConfig } from "#core/config/config";
import type { SamplerConfig } from "#core/config/samplerSchema";

const sampler: SamplerConfig = { ...defaultConfig.sampler, near_duplicate_similarity: 0.97, relative_margin: 0.05 };

/** A pair as a test writes it: F or T, score, similarity to the positive, rank. The positive scores 0.8. */
function pair(kind: "F" | "T", score: number, positiveSimilarity = Number.NaN, rank = 20): JudgedPair {
  return { isFalseNegative: kind === "F", score, positiveSimilarity, rank, anchor: 0.8 };
}

function text(advice: SamplerAdvice): string {
  return "change" in advice ? advice.change.text : advice.why;
}

test("a margin that separates is proposed at its gentlest value", () => {
  const pairs = [pair("F", 0.75), pair("F", 0.74), pair("F", 0.73), pair("F", 0.5), pair("T", 0.7), pair("T", 0.6), pair("T", 0.5)];
  const advice = proposeSampler(pairs, sampler);
  expect(advice).toMatchInlineSnapshot(`
    {
      "change": {
        "falseNegatives": 4,
        "falseNegativesAvoided": 3,
        "from": 0.05,
        "parameter": "relative_margin",
        "text": "relative_margin 0.09 instead of 0.05 would have kept out 3 of 4 false negatives, at the cost of 0 of 3 true negatives.",
        "to": 0.09,
        "trueNegatives": 3,
        "trueNegativesLost": 0,
      },
    }
  `);
});

test("similarity to the positive is trusted before a margin that does as well", () => {
  const pairs = [pair("F", 0.75, 0.9), pair("F", 0.74, 0.91), pair("F", 0.73, 0.93), pair("T", 0.6, 0.5)];
  expect(text(proposeSampler(pairs, sampler))).toMatchInlineSnapshot(
    `"near_duplicate_similarity 0.9 instead of 0.97 would have kept out 3 of 3 false negatives, at the cost of 0 of 1 true negatives."`,
  );
});

test("the rank window is proposed where only ranks separate", () => {
  const pairs = [pair("F", 0.5, 0.5, 1), pair("F", 0.4, 0.4, 2), pair("F", 0.3, 0.3, 3), pair("T", 0.5, 0.5, 9), pair("T", 0.6, 0.6, 8)];
  expect(text(proposeSampler(pairs, sampler))).toMatchInlineSnapshot(
    `"range_min 3 instead of 0 would have kept out 3 of 3 false negatives, at the cost of 0 of 2 true negatives."`,
  );
});

test("a change that costs as much as it gains is not proposed", () => {
  const pairs = [pair("F", 0.5), pair("F", 0.5), pair("F", 0.5), pair("T", 0.5), pair("T", 0.5), pair("T", 0.5)];
  expect(text(proposeSampler(pairs, sampler))).toMatchInlineSnapshot(
    `"No single setting keeps out more of the 3 marked false negatives than it costs in marked true negatives. More marks may show a threshold; until then each mark acts on its own query."`,
  );
});

test("too few false negatives say nothing, and those that are kept out already do not count", () => {
  const pairs = [pair("F", 0.5), pair("F", 0.79), pair("F", 0.79), pair("T", 0.4)];
  expect(text(proposeSampler(pairs, sampler))).toMatchInlineSnapshot(
    `"Of 3 marked false negatives the present settings let 1 through; a proposal needs at least 3 that they let through."`,
  );
});

test("a setting that is off is switched on; without true negatives the price is said to be unknown", () => {
  const off = { ...sampler, relative_margin: null, near_duplicate_similarity: null };
  expect(text(proposeSampler([pair("F", 0.9), pair("F", 0.85), pair("F", 0.95)], off))).toMatchInlineSnapshot(
    `"Setting relative_margin to 0 would have kept out 3 of 3 false negatives, at a price that is unknown, since no true negative is marked."`,
  );
});

const judged = fc.record({
  isFalseNegative: fc.boolean(),
  score: fc.double({ min: -1, max: 1 }),
  anchor: fc.double({ min: -1, max: 1 }),
  positiveSimilarity: fc.double({ min: -1, max: 1 }),
  rank: fc.integer({ min: 0, max: 60 }),
});

test("what is proposed is stricter, gains more than it costs, and does not depend on the order of the marks", () => {
  fc.assert(
    fc.property(fc.array(judged, { maxLength: 30 }), fc.option(fc.double({ min: 0, max: 0.4, noNaN: true })), (pairs, margin) => {
      const present = { ...sampler, relative_margin: margin };
      const advice = proposeSampler(pairs, present);
      expect(proposeSampler([...pairs].reverse(), present)).toEqual(advice);
      if ("change" in advice) {
        const { parameter, from, to, falseNegativesAvoided, trueNegativesLost } = advice.change;
        expect(falseNegativesAvoided).toBeGreaterThan(trueNegativesLost);
        const isLowered = parameter === "near_duplicate_similarity" || parameter === "max_score";
        expect(from === null || (isLowered ? to < from : to > from)).toBe(true);
        // Taken over, the same change is not proposed again.
        const next = proposeSampler(pairs, { ...present, [parameter]: to });
        expect("change" in next && next.change.parameter === parameter && next.change.to === to).toBe(false);
      }
    }),
  );
});
