import { expect, test } from "vitest";
import { lossOf, mapLogistic } from "#core/falseNegatives/mapLogistic";
import type { LogisticProblem } from "#core/falseNegatives/mapLogistic";
import { solvePositiveDefinite } from "#core/falseNegatives/solvePositiveDefinite";
import { seededRandom } from "#core/util/random";

const random = seededRandom("mapLogistic");
const count = 40;

/** Two columns, three groups and rows of no group. */
const problem: LogisticProblem = {
  count,
  width: 2,
  rows: Float64Array.from({ length: 2 * count }, (_, index) => (index % 2 === 0 ? 1 : 4 * random() - 2)),
  offsets: Float64Array.from({ length: count }, () => random() - 0.5),
  groups: Int32Array.from({ length: count }, (_, row) => (row % 4) - 1),
  groupCount: 3,
  labels: Float64Array.from({ length: count }, () => Number(random() < 0.3)),
  priorMeans: Float64Array.of(-1, 0.5, 0, 0, 0),
  priorPrecisions: Float64Array.of(0.4, 4, 2, 2, 2),
};

function slopesAt(of: LogisticProblem, parameters: Float64Array): readonly number[] {
  const h = 1e-5;
  return Array.from(parameters, (value, index) => {
    const [above, below] = [parameters.with(index, value + h), parameters.with(index, value - h)];
    return (lossOf(of, above) - lossOf(of, below)) / (2 * h);
  });
}

test("at the fit the posterior has no slope, by finite differences", () => {
  const slopes = slopesAt(problem, mapLogistic(problem));
  for (const slope of slopes) expect(Math.abs(slope)).toBeLessThan(1e-8);
  const elsewhere = slopesAt(problem, problem.priorMeans);
  expect(Math.max(...elsewhere.map(Math.abs))).toBeGreaterThan(1);
});

test("without rows the prior stays, and with next to no prior the fit is that of the labels alone", () => {
  const empty = { ...problem, count: 0, rows: new Float64Array(0), labels: new Float64Array(0) };
  expect([...mapLogistic(empty)]).toEqual([-1, 0.5, 0, 0, 0]);
  const shareAlone = mapLogistic({
    count: 4,
    width: 1,
    rows: Float64Array.of(1, 1, 1, 1),
    groupCount: 0,
    labels: Float64Array.of(1, 0, 0, 0),
    priorMeans: Float64Array.of(0),
    priorPrecisions: Float64Array.of(1e-9),
  });
  expect(shareAlone[0]).toBeCloseTo(Math.log(1 / 3), 6);
});

test("labels that a threshold tells apart have a finite fit too, from far-off priors as well", () => {
  const places = Array.from({ length: 60 }, (_, index) => index - 29.5);
  const separable: LogisticProblem = {
    count: places.length,
    width: 2,
    rows: Float64Array.from(places.flatMap((place) => [1, place])),
    groupCount: 0,
    labels: Float64Array.from(places, (place) => Number(place > 0)),
    priorMeans: Float64Array.of(30, -30),
    priorPrecisions: Float64Array.of(0.01, 0.01),
  };
  const fit = mapLogistic(separable);
  for (const slope of slopesAt(separable, fit)) expect(Math.abs(slope)).toBeLessThan(1e-6);
  expect(places.every((place) => fit[0]! + fit[1]! * place > 0 === place > 0)).toBe(true);
});

test("a system of equations is solved", () => {
  // A x with x = (1, -2, 3).
  const matrix = Float64Array.of(4, 2, 1, 2, 5, 3, 1, 3, 6);
  expect(Array.from(solvePositiveDefinite(matrix, Float64Array.of(3, 1, 13)), (value) => Number(value.toFixed(12)))).toEqual([1, -2, 3]);
});
