import { calibrated } from "./calibrated";
import type { FalseNegativeModel } from "./falseNegativeModel";
import type { FeatureTable } from "./features";
import { standardise } from "./standardise";

/**
 * P(false negative) of a pair of a table, in (0, 1). It is asked for every candidate of a file while a slider moves, so it makes no objects.
 *
 * @param pair position in the table, from 0
 * @param source the source that found the passage, as marks name it; one without marks counts as the average source
 */
export function probabilityAt(model: FalseNegativeModel, table: FeatureTable, pair: number, source: string): number {
  return calibrated(model.calibration, logOddsAt(model, table, pair, source));
}

/** The same before calibration, as log odds. */
export function logOddsAt(model: FalseNegativeModel, table: FeatureTable, pair: number, source: string): number {
  const { coefficients } = model;
  const { means, deviations } = model.scale;
  const offset = model.sourceIntercepts[source];
  // A source named like a member of every object, as a damaged marks file may have it, has no intercept.
  let sum = model.intercept + (typeof offset === "number" ? offset : 0);
  const first = pair * coefficients.length;
  for (let feature = 0; feature < coefficients.length; feature += 1) {
    const value = table[first + feature] ?? Number.NaN;
    sum += (coefficients[feature] ?? 0) * standardise(value, means[feature] ?? 0, deviations[feature] ?? 0);
  }
  return sum;
}
