import { sigmoid } from "./sigmoid";
import { solvePositiveDefinite } from "./solvePositiveDefinite";

/** A logistic regression with a Gaussian prior: what is observed, and what is thought of each parameter before. */
export interface LogisticProblem {
  /** Observations; the matrix has as many rows. */
  readonly count: number;
  readonly width: number;
  /** One row after the other, `width` numbers each. A constant column makes an intercept. */
  readonly rows: Float64Array;
  /** Known part of the log odds of each row. */
  readonly offsets?: Float64Array;
  /** What each row belongs to, from 0 up to `groupCount`, each with a parameter of its own after those of the columns; -1: to nothing. */
  readonly groups?: Int32Array;
  readonly groupCount: number;
  /** In [0, 1]. */
  readonly labels: Float64Array;
  /** Mean and precision (1 / variance, above 0) of each parameter: columns, then groups. */
  readonly priorMeans: Float64Array;
  readonly priorPrecisions: Float64Array;
}

/** Newton's method doubles the right digits in each step, so that many more would be a bug. */
const mostSteps = 200;
const mostHalvings = 60;

/**
 * The parameters of largest posterior probability, by Newton's method (iteratively reweighted least squares) with halved steps. The prior makes
 * the logarithm of the posterior strictly concave, so that there is exactly one maximum, also where labels can be told apart without an error.
 * Rows are added up in their order.
 */
export function mapLogistic(problem: LogisticProblem): Float64Array {
  const size = problem.width + problem.groupCount;
  let parameters = Float64Array.from(problem.priorMeans);
  let loss = lossOf(problem, parameters);
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  for (let step = 0; step < mostSteps; step += 1) {
    differentiate(problem, parameters, gradient, hessian);
    const direction = solvePositiveDefinite(hessian, gradient);
    const next = nextPoint(problem, parameters, loss, direction);
    // The loss no longer shows what the last step is worth, but the step does: it is taken whole.
    if (next === undefined) return parameters.map((value, index) => value - (direction[index] ?? 0));
    ({ parameters, loss } = next);
  }
  return parameters;
}

/** The first of full, half, quarter ... step that lowers the loss; undefined where none does. */
function nextPoint(
  problem: LogisticProblem,
  parameters: Float64Array,
  loss: number,
  direction: Float64Array,
): { readonly parameters: Float64Array<ArrayBuffer>; readonly loss: number } | undefined {
  for (let halving = 0; halving < mostHalvings; halving += 1) {
    const length = 2 ** -halving;
    const candidate = Float64Array.from(parameters, (value, index) => value - length * (direction[index] ?? 0));
    const candidateLoss = lossOf(problem, candidate);
    if (candidateLoss < loss) return { parameters: candidate, loss: candidateLoss };
  }
  return undefined;
}

function logOddsOf(problem: LogisticProblem, parameters: Float64Array, row: number): number {
  const { rows, width, offsets } = problem;
  let sum = offsets === undefined ? 0 : (offsets[row] ?? 0);
  const first = row * width;
  for (let column = 0; column < width; column += 1) sum += (rows[first + column] ?? 0) * (parameters[column] ?? 0);
  const group = groupOf(problem, row);
  return group < 0 ? sum : sum + (parameters[width + group] ?? 0);
}

/** Negative logarithm of the posterior, but for a constant. */
export function lossOf(problem: LogisticProblem, parameters: Float64Array): number {
  let loss = 0;
  for (let row = 0; row < problem.count; row += 1) {
    const logOdds = logOddsOf(problem, parameters, row);
    // -(y x - ln(1 + e^x)), with the larger power taken out.
    loss += Math.max(logOdds, 0) + Math.log1p(Math.exp(-Math.abs(logOdds))) - (problem.labels[row] ?? 0) * logOdds;
  }
  for (let index = 0; index < parameters.length; index += 1) {
    const distance = (parameters[index] ?? 0) - (problem.priorMeans[index] ?? 0);
    loss += 0.5 * (problem.priorPrecisions[index] ?? 0) * distance * distance;
  }
  return loss;
}

/** Writes the gradient and the lower triangle of the matrix of second derivatives of the loss. */
function differentiate(problem: LogisticProblem, parameters: Float64Array, gradient: Float64Array, hessian: Float64Array): void {
  const { width, rows, labels, priorMeans, priorPrecisions } = problem;
  const size = gradient.length;
  hessian.fill(0);
  for (let index = 0; index < size; index += 1) {
    const precision = priorPrecisions[index] ?? 0;
    gradient[index] = precision * ((parameters[index] ?? 0) - (priorMeans[index] ?? 0));
    hessian[index * size + index] = precision;
  }
  for (let row = 0; row < problem.count; row += 1) {
    const probability = sigmoid(logOddsOf(problem, parameters, row));
    const residual = probability - (labels[row] ?? 0);
    addCurvature(problem, row, probability * (1 - probability), hessian);
    const first = row * width;
    for (let column = 0; column < width; column += 1) gradient[column] = (gradient[column] ?? 0) + residual * (rows[first + column] ?? 0);
    const group = groupOf(problem, row);
    if (group >= 0) gradient[width + group] = (gradient[width + group] ?? 0) + residual;
  }
}

/** Adds one row's part, weight x x^T, to the lower triangle. */
function addCurvature(problem: LogisticProblem, row: number, weight: number, hessian: Float64Array): void {
  const { width, rows, groupCount } = problem;
  const size = width + groupCount;
  const first = row * width;
  for (let column = 0; column < width; column += 1) {
    const scaled = weight * (rows[first + column] ?? 0);
    const at = column * size;
    for (let other = 0; other <= column; other += 1) hessian[at + other] = (hessian[at + other] ?? 0) + scaled * (rows[first + other] ?? 0);
  }
  const group = groupOf(problem, row);
  if (group < 0) return;
  const at = (width + group) * size;
  for (let other = 0; other < width; other += 1) hessian[at + other] = (hessian[at + other] ?? 0) + weight * (rows[first + other] ?? 0);
  hessian[at + width + group] = (hessian[at + width + group] ?? 0) + weight;
}

function groupOf({ groups }: LogisticProblem, row: number): number {
  return groups === undefined ? -1 : (groups[row] ?? -1);
}
