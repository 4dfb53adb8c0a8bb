import { expect, test } from "vitest";
import { takeGreatest } from "#core/mining/draw";
import { effectiveNumber, probabilitiesOf, quantile, simansLogWeights, spreadOf } from "#core/mining/simans";

test("the spread is the interquartile range of a normal distribution, else the standard deviation, else nothing", () => {
  expect(spreadOf(Float64Array.of(0, 1, 2, 3, 4))).toEqual({ sigma: 2 / 1.349, by: "quartiles" });
  expect(spreadOf(Float64Array.of(5, 0, 0, 0, 0, 0, 0))).toMatchObject({ by: "deviation" });
  expect(spreadOf(Float64Array.of(0.5, 0.5))).toEqual({ sigma: 1, by: "none" });
  expect(spreadOf(new Float64Array(0))).toEqual({ sigma: 1, by: "none" });
  expect(quantile(Float64Array.of(1, 2), 0.25)).toBe(1.25);
});

test("the weights do not change when all scores are shifted or scaled", () => {
  const scores = Float64Array.of(0.9, 0.7, 0.65, 0.4, 0.1);
  const weights = (shift: number, scale: number): Float64Array => {
    const moved = scores.map((score) => shift + scale * score);
    return simansLogWeights(moved, shift + scale * 0.6, spreadOf(moved).sigma, { a: 2, b: -0.5, kernel: "square" });
  };
  const expected = weights(0, 1);
  weights(7, 20).forEach((weight, index) => expect(weight).toBeCloseTo(expected[index] ?? Number.NaN, 9));
});

test("weights far out stay apart in log space, where they would be 0", () => {
  const weights = simansLogWeights(Float64Array.of(100, 200), 0, 1, { a: 1, b: 0, kernel: "square" });
  expect([...weights]).toEqual([-10_000, -40_000]);
  expect([...probabilitiesOf(weights)]).toEqual([1, 0]);
});

test("the paper's a = 0.5 on raw cosines is an even draw, which is why the axis is standardised", () => {
  const cosines = Float64Array.from({ length: 100 }, (_, index) => 0.75 - index / 200);
  const effective = (sigma: number): number =>
    effectiveNumber(probabilitiesOf(simansLogWeights(cosines, 0.75, sigma, { a: 0.5, b: 0, kernel: "square" })));
  expect(effective(1)).toBeGreaterThan(99);
  expect(effective(spreadOf(cosines).sigma)).toBeLessThan(80);
});

test("what has no score is never drawn, and takes no probability from the others", () => {
  const weights = simansLogWeights(Float64Array.of(0.5, Number.NaN, 0.5), 0.5, 1, { a: 1, b: 0, kernel: "square" });
  expect([...probabilitiesOf(weights)]).toEqual([0.5, 0, 0.5]);
  const values = Float64Array.of(1, Number.NaN, 3, 2, 3);
  expect(Array.from({ length: 5 }, () => takeGreatest(values))).toEqual([2, 4, 3, 0, -1]);
});
