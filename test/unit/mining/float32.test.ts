import fc from "fast-check";
import { expect, test } from "vitest";
import { highestWithin, relativelyBelow } from "#core/mining/float32";

const { fround } = Math;
const score = fc.float({ min: -4, max: 4, noNaN: true });
const margin = fc.constantFrom(0, 0.05, 0.1, 0.3, 1, -0.2, 1e-8);

/** The next float32 number above. */
function above(value: number): number {
  const number = Float32Array.of(value);
  const bits = new Int32Array(number.buffer);
  if (value === 0) return 2 ** -149;
  bits[0] = (bits[0] ?? 0) + (value > 0 ? 1 : -1);
  return number[0] ?? Number.NaN;
}

test("the limit of an absolute margin is the highest score whose rounded sum stays within the anchor", () => {
  fc.assert(
    fc.property(score, margin, (anchor, m) => {
      const limit = highestWithin(anchor, m);
      expect(fround(limit + fround(m))).toBeLessThanOrEqual(anchor);
      expect(fround(above(limit) + fround(m))).toBeGreaterThan(anchor);
    }),
  );
});

test("a limit that is written like a score lets that score through", () => {
  // One float32 step above 0.25: the sum is 0.5 when it is rounded.
  expect(highestWithin(0.5, 0.25)).toBe(0.25 + 2 ** -25);
  // In float64 the score 0.1, which is 0.10000000149, would lie above 0.2 - 0.1.
  expect(highestWithin(fround(0.2), 0.1)).toBeGreaterThanOrEqual(fround(0.1));
  expect(relativelyBelow(fround(0.2), 0.5)).toBe(fround(0.1));
  expect(relativelyBelow(-0.25, 0.5)).toBe(-0.375);
  expect([highestWithin(Number.NaN, 0.1), relativelyBelow(Number.NaN, 0.1)]).toEqual([Number.NaN, Number.NaN]);
});
