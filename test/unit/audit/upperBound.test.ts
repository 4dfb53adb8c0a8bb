import { expect, test } from "vitest";
import { logBeta, logChoose, logGamma } from "#core/audit/logGamma";
import { cleanMarksTo, shareLeft, upperBound } from "#core/audit/upperBound";
import { missedAtSomeMoment, ratioByDefinition } from "./enumerated";

const sizes = Array.from({ length: 12 }, (_, i) => i + 1);

/** Every sample that a population of a size can give. */
function* samples(population: number): Generator<{ population: number; marked: number; falseNegatives: number }> {
  for (let marked = 0; marked <= population; marked += 1)
    for (let falseNegatives = 0; falseNegatives <= marked; falseNegatives += 1) yield { population, marked, falseNegatives };
}

test.each([0.51, 0.8, 0.95])("the bound is the largest number that the definition does not rule out, at %d", (confidence) => {
  for (const population of [...sizes, 40])
    for (const count of samples(population)) {
      const inside = Array.from({ length: population + 1 }, (_, total) => total).filter(
        (total) => ratioByDefinition(total, count) < 1 / (1 - confidence),
      );
      expect([count, upperBound(count, confidence)]).toEqual([count, Math.max(...inside)]);
    }
});

test.each([0.5, 0.8, 0.95])(
  "looked at after every mark, the bound is below the truth at some moment with probability 1 - %d at most",
  (confidence) => {
    const missed = sizes.flatMap((population) =>
      Array.from({ length: population + 1 }, (_, total) => missedAtSomeMoment(population, total, (count) => upperBound(count, confidence))),
    );
    expect(missed).toHaveLength(90);
    expect(Math.max(...missed)).toBeLessThanOrEqual(1 - confidence + 1e-9);
  },
);

/** Marks until 5 % at 95 %, the first line of each pair with `falseNegatives` found in the sample. */
function marksNeeded(population: number, falseNegatives: number): number {
  const target = Math.floor(0.05 * population);
  for (let marked = falseNegatives; marked <= population; marked += 1)
    if (upperBound({ population, marked, falseNegatives }, 0.95) <= target) return marked;
  return Number.NaN;
}

test("marks needed to show 5 % at 95 %, for 0, 1, 2 and 3 false negatives in the sample", () => {
  const table = [200, 500, 2000, 20_000].map((population) => [0, 1, 2, 3].map((k) => marksNeeded(population, k)));
  expect(table).toEqual([
    [66, 96, 119, 137],
    [80, 120, 152, 181],
    [90, 136, 175, 210],
    [93, 141, 182, 220],
  ]);
});

test("a sample without a pair says nothing, one of all pairs says all", () => {
  expect(upperBound({ population: 30, marked: 0, falseNegatives: 0 }, 0.95)).toBe(30);
  expect(upperBound({ population: 30, marked: 30, falseNegatives: 4 }, 0.95)).toBe(4);
  expect(upperBound({ population: 0, marked: 0, falseNegatives: 0 }, 0.95)).toBe(0);
});

test("counts that contradict each other and confidences that are none are refused", () => {
  expect(() => upperBound({ population: 3, marked: 4, falseNegatives: 0 }, 0.95)).toThrow("no sample: 0 false among 4 marked of 3");
  expect(() => upperBound({ population: 3, marked: 1, falseNegatives: 2 }, 0.95)).toThrow(RangeError);
  expect(() => upperBound({ population: 3, marked: 1, falseNegatives: 0 }, 1)).toThrow("a confidence of 1 is not in (0, 1)");
});

test("the share left counts what was found as gone, and says nothing where more was found than the bound allows", () => {
  expect(shareLeft({ bound: 12, found: 2, size: 100 })).toBe(0.1);
  expect(shareLeft({ bound: 12, found: 12, size: 100 })).toBe(0);
  expect(shareLeft({ bound: 12, found: 13, size: 100 })).toBe(1);
  expect(shareLeft({ bound: 50, found: 0, size: 20 })).toBe(1);
  expect(shareLeft({ bound: 0, found: 0, size: 0 })).toBe(0);
});

test("the number of clean marks still needed is the smallest with which the target is reached", () => {
  const target = { maxFalseNegatives: 0.1, confidence: 0.8 };
  for (const population of [5, 20, 60])
    for (const count of samples(population)) {
      const { marked, falseNegatives: found } = count;
      const size = population - found;
      const reached = (more: number): boolean =>
        shareLeft({ bound: upperBound({ ...count, marked: marked + more }, 0.8), found, size }) <= 0.1 + 1e-12;
      const first = Array.from({ length: population - marked + 1 }, (_, more) => more).find(reached);
      expect([count, cleanMarksTo(count, target)]).toEqual([count, first]);
    }
});

test("with false negatives known behind the sample fewer clean marks are needed, and some targets are out of reach", () => {
  const target = { maxFalseNegatives: 0.05, confidence: 0.95 };
  const count = { population: 500, marked: 40, falseNegatives: 1 };
  expect(cleanMarksTo(count, target)).toBe(80);
  expect(cleanMarksTo(count, target, { found: 21, size: 479 })).toBe(27);
  // A small part of the population: 5 % of 10 pairs is less than one.
  expect(cleanMarksTo(count, target, { found: 1, size: 10 })).toBe(460);
  expect(cleanMarksTo({ population: 100, marked: 90, falseNegatives: 0 }, target, { found: 60, size: 40 })).toBeUndefined();
});

test("the logarithm of gamma is that of the factorials, and of the square root of pi", () => {
  let factorial = 0;
  for (let n = 1; n < 500; n += 1) {
    expect(Math.abs(logGamma(n) - factorial)).toBeLessThan(1e-13 * Math.max(1, factorial) + 1e-13);
    factorial += Math.log(n);
  }
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13);
  expect(Math.exp(logChoose(12, 5))).toBeCloseTo(792, 9);
  expect(logChoose(5, 6)).toBe(Number.NEGATIVE_INFINITY);
  expect(Math.exp(logBeta(2, 3))).toBeCloseTo(1 / 12, 14);
});
