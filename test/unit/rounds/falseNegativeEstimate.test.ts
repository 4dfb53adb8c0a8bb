import * as fc from "fast-check";
import { expect, test } from "vitest";
import { falseNegativeEstimate } from "#core/rounds/falseNegativeEstimate";

interface Mark {
  readonly positiveSimilarity: number;
  readonly isFalseNegative: boolean;
}

/** So many marks at a similarity, the first ones false negatives. */
function marks(positiveSimilarity: number, count: number, wrong: number): readonly Mark[] {
  return Array.from({ length: count }, (_, i) => ({ positiveSimilarity, isFalseNegative: i < wrong }));
}

function pairs(...similarities: readonly number[]) {
  return similarities.map((positiveSimilarity) => ({ positiveSimilarity, isPinned: false }));
}

const known = [...marks(0.2, 10, 0), ...marks(0.4, 10, 2), ...marks(0.8, 10, 5)];

test.each([
  ["at a similarity that was seen", [0.4], 0.2],
  ["between two", [0.6], 0.35],
  ["below and above all", [-1, 1], 0.25],
  ["over several pairs", [0.2, 0.2, 0.4, 0.8], 0.175],
  ["unknown similarities left out", [Number.NaN, 0.8], 0.5],
])("%s", (_, similarities, share) => {
  expect(falseNegativeEstimate(known, pairs(...similarities))).toBeCloseTo(share, 12);
});

test("neighbours that fall are pooled, in whatever order the marks come", () => {
  const falling = [...marks(0.7, 10, 1), ...marks(0.5, 10, 3), ...marks(0.9, 10, 9)];
  for (const list of [falling, [...falling].reverse()]) {
    expect(falseNegativeEstimate(list, pairs(0.5))).toBeCloseTo(0.2, 12);
    expect(falseNegativeEstimate(list, pairs(0.7))).toBeCloseTo(0.2, 12);
    expect(falseNegativeEstimate(list, pairs(0.8))).toBeCloseTo(0.55, 12);
  }
});

test("a pair that people call a true negative counts 0", () => {
  expect(falseNegativeEstimate(known, [...pairs(0.8), { positiveSimilarity: 0.8, isPinned: true }])).toBeCloseTo(0.25, 12);
});

test.each([
  ["too few marks", marks(0.5, 19, 10), pairs(0.5)],
  ["too few false negatives", marks(0.5, 40, 2), pairs(0.5)],
  ["marks without a similarity", marks(Number.NaN, 40, 20), pairs(0.5)],
  ["no emitted pair", known, []],
  ["no emitted pair with a similarity", known, pairs(Number.NaN)],
])("there is no estimate with %s", (_, list, emitted) => {
  expect(falseNegativeEstimate(list, emitted)).toBeUndefined();
});

test("any marks: the estimate is a share and does not fall as similarities rise, and over the marks themselves it is their share", () => {
  const anyMarks = fc.array(fc.record({ positiveSimilarity: fc.double({ min: -1, max: 1, noNaN: true }), isFalseNegative: fc.boolean() }), {
    minLength: 20,
    maxLength: 60,
  });
  fc.assert(
    fc.property(anyMarks, (list) => {
      const wrong = list.filter(({ isFalseNegative }) => isFalseNegative).length;
      fc.pre(wrong >= 3);
      const curve = Array.from({ length: 21 }, (_, i) => falseNegativeEstimate(list, pairs(i / 10 - 1)) ?? Number.NaN);
      expect(curve.every((value, i) => value >= 0 && value <= 1 && value >= (curve[i - 1] ?? 0) - 1e-12)).toBe(true);
      const own = falseNegativeEstimate(list, pairs(...list.map(({ positiveSimilarity }) => positiveSimilarity)));
      expect(own).toBeCloseTo(wrong / list.length, 9);
    }),
    { seed: 5, numRuns: 200 },
  );
});
