import { expect, test } from "vitest";
import { FALSE_NEGATIVE_COST, SimansFit } from "#core/calibration/fitSimans";
import { sigmoid } from "#core/falseNegatives/sigmoid";

interface Candidate {
  readonly difference: number;
  readonly sigma: number;
  readonly probability: number;
}

function fit(candidates: Iterable<Candidate>, temperature = 0.05, cost = FALSE_NEGATIVE_COST) {
  const simans = new SimansFit(temperature, cost);
  for (const { difference, sigma, probability } of candidates) simans.add(difference, sigma, probability);
  return simans.parameters();
}

/** Differences from -.5 to .1, evenly, with one unit of the axis. */
const spread = Array.from({ length: 601 }, (_, index) => ({ difference: (index - 500) / 1000, sigma: 0.1, probability: 0 }));

test("the band has the mean and the variance of the weighted candidates", () => {
  const candidates = spread.map((one) => ({ ...one, probability: sigmoid(30 * one.difference - 1), sigma: 0.1 - one.difference / 10 }));
  const weights = candidates.map(
    ({ difference, probability }) => Math.max(0, 1 - (1 + FALSE_NEGATIVE_COST) * probability) * sigmoid(difference / 0.05),
  );
  const places = candidates.map(({ difference, sigma }) => difference / sigma);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = places.reduce((sum, place, index) => sum + weights[index]! * place, 0) / total;
  const variance = places.reduce((sum, place, index) => sum + weights[index]! * (place - mean) ** 2, 0) / total;
  const parameters = fit(candidates)!;
  expect(parameters.b).toBeCloseTo(mean, 10);
  expect(parameters.a).toBeCloseTo(1 / (2 * variance), 10);
});

test("suspected candidates push the band down, the dearer a false negative the further", () => {
  const suspicious = spread.map((one) => ({ ...one, probability: sigmoid(20 * (one.difference + 0.05)) }));
  const centres = [fit(spread), fit(suspicious, 0.05, 1), fit(suspicious), fit(suspicious, 0.05, 9)].map((one) => one!.b.toFixed(2));
  expect(centres).toMatchInlineSnapshot(`
    [
      "0.18",
      "-1.37",
      "-1.97",
      "-2.36",
    ]
  `);
});

test("a hotter training spreads the band", () => {
  expect([0.02, 0.05, 0.2].map((temperature) => fit(spread, temperature)!.a.toFixed(2))).toMatchInlineSnapshot(`
    [
      "3.42",
      "1.15",
      "0.21",
    ]
  `);
});

test("a stays within what still draws from several, and from some more than others", () => {
  const narrow = [-0.1, -0.1001].map((difference) => ({ difference, sigma: 0.1, probability: 0 }));
  expect(fit(narrow)?.a).toBe(50);
  const wide = [-0.1, 0.1].map((difference) => ({ difference, sigma: 0.001, probability: 0 }));
  expect(fit(wide, 1)?.a).toBe(0.05);
});

test("there is none where nothing is worth drawing, or nothing is known", () => {
  expect(fit([])).toBeUndefined();
  expect(fit(spread.map((one) => ({ ...one, probability: 1 / (1 + FALSE_NEGATIVE_COST) })))).toBeUndefined();
  expect(fit(spread.slice(0, 1))).toBeUndefined();
  expect(
    fit([...spread, { difference: Number.NaN, sigma: 0.1, probability: 0 }, { difference: 0, sigma: 0.1, probability: Number.NaN }]),
  ).toEqual(fit(spread));
});
