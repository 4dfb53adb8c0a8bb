import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fitLasso } from "#core/attribution/lasso";
import { itemAt } from "#core/util/itemAt";
import { seededRandom } from "#core/util/random";

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Deviation of a column, as the fit standardises it. */
function deviationOf(column: readonly number[]): number {
  return Math.sqrt(mean(column.map((value) => (value - mean(column)) ** 2)));
}

const problem = fc
  .record({
    rows: fc.integer({ min: 16, max: 40 }),
    columns: fc.integer({ min: 1, max: 8 }),
    seed: fc.integer(),
    lambda: fc.constantFrom(0.001, 0.01, 0.2),
  })
  .map(({ rows, columns, seed, lambda }) => {
    const random = seededRandom(`lasso ${String(seed)}`);
    const x = Array.from({ length: rows }, () => Array.from({ length: columns }, (): number => (random() < 0.5 ? 0 : 1)));
    const truth = Array.from({ length: columns }, () => (random() < 0.5 ? 0 : 2 * random() - 0.5));
    const y = x.map((row) => 0.3 + row.reduce((sum, value, column) => sum + value * itemAt(truth, column), 0) + 0.1 * (random() - 0.5));
    return { x, y, lambda };
  });

test("the fit meets the conditions that only the optimum meets (Karush, Kuhn and Tucker)", () => {
  fc.assert(
    fc.property(problem, ({ x, y, lambda }) => {
      const { intercept, weights } = fitLasso(x, y, lambda);
      const residual = x.map(
        (row, i) => itemAt(y, i) - intercept - row.reduce((sum, value, column) => sum + value * itemAt(weights, column), 0),
      );
      expect(mean(residual)).toBeCloseTo(0, 8);
      for (const [column, weight] of weights.entries()) {
        const values = x.map((row) => itemAt(row, column));
        const deviation = deviationOf(values);
        if (deviation === 0) {
          expect(weight).toBe(0);
          continue;
        }
        const pull = mean(values.map((value, i) => ((value - mean(values)) / deviation) * itemAt(residual, i)));
        if (weight === 0) expect(Math.abs(pull)).toBeLessThanOrEqual(lambda + 1e-5);
        else expect(pull).toBeCloseTo(Math.sign(weight) * lambda, 4);
      }
    }),
  );
});

describe("on a full design of two columns", () => {
  const x = [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ];

  test("one weight of 1 is shrunk by 2 lambda, since a column of halves deviates by 1/2", () => {
    const { intercept, weights, explained } = fitLasso(x, [0, 1, 0, 1], 0.01);
    expect(weights).toEqual([0.98, 0]);
    expect(intercept).toBeCloseTo(0.01, 12);
    expect(explained).toBeGreaterThan(0.99);
  });

  test("a strong penalty leaves the mean alone", () => {
    expect(fitLasso(x, [0, 1, 0, 1], 5)).toEqual({ intercept: 0.5, weights: [0, 0], explained: 0 });
  });

  test("nothing is explained where nothing changes, or where there are no more rows than columns", () => {
    expect(fitLasso(x, [2, 2, 2, 2], 0.01)).toEqual({ intercept: 2, weights: [0, 0], explained: 0 });
    expect(fitLasso(x.slice(0, 3), [0, 1, 2], 0.01).explained).toBe(0);
  });
});

test("noise alone is hardly explained", () => {
  const explained = Array.from({ length: 20 }, (_, seed) => {
    const random = seededRandom(`noise ${String(seed)}`);
    const x = Array.from({ length: 32 }, () => Array.from({ length: 8 }, (): number => (random() < 0.5 ? 0 : 1)));
    return fitLasso(x, x.map(random), 0.01).explained;
  });
  expect(Math.abs(mean(explained))).toBeLessThan(0.1);
});
