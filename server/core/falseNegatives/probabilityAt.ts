import { calibrated } from "./calibrated";
import type { FalseNegativeModel } from "./falseNegativeModel";
import { FEATURES } from "./features";
import type { FeatureTable } from "./features";
import { termsOf } from "./modelTerms";

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
  const { features, means, farthest, weights } = termsOf(model);
  const offset = model.sourceIntercepts[source];
  // A source named like a member of every object, as a damaged marks file may have it, has no intercept.
  let sum = model.intercept + (typeof offset === "number" ? offset : 0);
  const first = pair * FEATURES.length;
  for (let term = 0; term < features.length; term += 1) {
    const far = farthest[term] ?? 0;
    const difference = (table[first + (features[term] ?? 0)] ?? Number.NaN) - (means[term] ?? 0);
    // What is not finite is not known, and says nothing.
    if (difference - difference === 0) sum += (weights[term] ?? 0) * (difference > far ? far : difference < -far ? -far : difference);
  }
  return sum;
}
