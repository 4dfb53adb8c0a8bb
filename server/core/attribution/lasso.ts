import { itemAt } from "../util/itemAt";

/** A change of all coefficients below this ends the descent, in units of y. */
const TOLERANCE = 1e-9;
/** Fewer rows than columns can have a flat valley, along which the descent creeps; by then the weights are right to about five digits. */
const MOST_SWEEPS = 10_000;

export interface LinearFit {
  readonly intercept: number;
  /** Of the columns, in their own units. */
  readonly weights: readonly number[];
  /**
   * Part of the variance of y that the fit explains beyond what as many columns without any meaning would, at most 1: adjusted R², with the number
   * of weights that are not 0 as the fit's degrees of freedom (Zou et al. 2007). 0 where y never changes or there are too few rows to tell.
   */
  readonly explained: number;
}

/**
 * Sparse linear fit y ~ w_0 + sum_j w_j x_j (LASSO, Tibshirani 1996). Columns are standardised (mean 0, deviation 1) and the fit minimises
 *
 *     1/(2n) sum_i (y_i - b_0 - sum_j b_j z_ij)² + lambda sum_j |b_j|
 *
 * by cyclic coordinate descent (Friedman et al. 2010, equation 5); the weights are given for the columns as they were. This is the fit of
 * ContextCite's published code, scikit-learn's StandardScaler and Lasso. A column that never changes has weight 0. `rows` is [n, columns].
 */
export function fitLasso(rows: readonly (readonly number[])[], y: readonly number[], lambda: number): LinearFit {
  const n = rows.length;
  const columns = (rows[0] ?? []).map((_, column) => standardised(rows.map((row) => itemAt(row, column))));
  const meanOfY = mean(y);
  const residual = y.map((value) => value - meanOfY);
  const coefficients = columns.map(() => 0);
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep += 1) {
    let largestChange = 0;
    for (const [column, { z, deviation }] of columns.entries()) {
      if (deviation === 0) continue;
      const before = itemAt(coefficients, column);
      const gradient = z.reduce((sum, value, row) => sum + value * itemAt(residual, row), 0) / n;
      const after = softThreshold(before + gradient, lambda);
      if (after === before) continue;
      for (const [row, value] of z.entries()) residual[row] = itemAt(residual, row) - (after - before) * value;
      coefficients[column] = after;
      largestChange = Math.max(largestChange, Math.abs(after - before));
    }
    if (largestChange < TOLERANCE) break;
  }
  const weights = columns.map(({ deviation }, column) => (deviation === 0 ? 0 : itemAt(coefficients, column) / deviation));
  const intercept = columns.reduce((rest, column, index) => rest - column.mean * itemAt(weights, index), meanOfY);
  return { intercept, weights, explained: explainedPart(residual, y, coefficients.filter((coefficient) => coefficient !== 0).length) };
}

function explainedPart(residual: readonly number[], y: readonly number[], degrees: number): number {
  const meanOfY = mean(y);
  const total = y.reduce((sum, value) => sum + (value - meanOfY) ** 2, 0);
  const free = y.length - 1 - degrees;
  if (total === 0 || free <= 0) return 0;
  const unexplained = residual.reduce((sum, value) => sum + value ** 2, 0);
  return 1 - unexplained / free / (total / (y.length - 1));
}

interface Column {
  readonly z: readonly number[];
  readonly mean: number;
  /** Of the population, as scikit-learn has it. */
  readonly deviation: number;
}

function standardised(values: readonly number[]): Column {
  const middle = mean(values);
  const deviation = Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
  return { z: values.map((value) => (deviation === 0 ? 0 : (value - middle) / deviation)), mean: middle, deviation };
}

function softThreshold(value: number, lambda: number): number {
  return value > lambda ? value - lambda : value < -lambda ? value + lambda : 0;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
