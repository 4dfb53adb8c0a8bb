import type { FalseNegativeModel } from "./falseNegativeModel";
import { FEATURES } from "./features";
import type { LearningRow, LearningSet } from "./learningSet";
import { mapLogistic } from "./mapLogistic";
import type { LogisticProblem } from "./mapLogistic";

/**
 * Standard deviations of the prior. The rule without marks is a good one, so coefficients leave it slowly; how many false negatives there are
 * at all differs widely between data sets; sources are alike until marks tell them apart.
 */
const coefficientDeviation = 0.25;
const interceptDeviation = 1.5;
const sourceDeviation = 0.5;

/** Intercept and coefficients. */
const width = FEATURES.length + 1;

/** Largest posterior probability: the intercept, the coefficients, and the sources' in the order of the set. */
export interface Parameters {
  readonly intercept: number;
  readonly coefficients: readonly number[];
  readonly sources: readonly number[];
}

/** Fits to all rows but those of the folds left out. */
export function fitCoefficients(set: LearningSet, prior: FalseNegativeModel, leftOut: readonly number[] = []): Parameters {
  const rows = leftOut.length === 0 ? set.rows : set.rows.filter(({ fold }) => !leftOut.includes(fold));
  const parameters = mapLogistic(problemOf(rows, set.sources.length, prior));
  const [intercept = 0, ...coefficients] = parameters.subarray(0, width);
  return { intercept, coefficients, sources: [...parameters.subarray(width)] };
}

/** The regression that a fit solves. */
export function problemOf(rows: readonly LearningRow[], sources: number, prior: FalseNegativeModel): LogisticProblem {
  const matrix = new Float64Array(rows.length * width);
  for (const [row, { features }] of rows.entries()) {
    matrix[row * width] = 1;
    matrix.set(features, row * width + 1);
  }
  const ofSources = Array.from({ length: sources }, () => 0);
  const deviations = [interceptDeviation, ...FEATURES.map(() => coefficientDeviation), ...ofSources.map(() => sourceDeviation)];
  return {
    count: rows.length,
    width,
    rows: matrix,
    groups: Int32Array.from(rows, ({ source }) => source),
    groupCount: sources,
    labels: Float64Array.from(rows, ({ isFalseNegative }) => Number(isFalseNegative)),
    priorMeans: Float64Array.from([prior.intercept, ...prior.coefficients, ...ofSources]),
    priorPrecisions: Float64Array.from(deviations, (deviation) => 1 / deviation ** 2),
  };
}

/** What parameters say of a row, before calibration. */
export function rowLogOdds({ intercept, coefficients, sources }: Parameters, { features, source }: LearningRow): number {
  const sum = coefficients.reduce((total, coefficient, feature) => total + coefficient * (features[feature] ?? 0), intercept);
  return sum + (sources[source] ?? 0);
}
