import type { FalseNegativeModel } from "./falseNegativeModel";
import { differs, FARTHEST } from "./standardise";

/** The features of a model that do something, prepared for asking it row after row: weight x (value - mean), the difference kept within bounds. */
export interface ModelTerms {
  /** Positions among all features; the other lists go along with this one. */
  readonly features: Int32Array;
  readonly means: Float64Array;
  readonly farthest: Float64Array;
  readonly weights: Float64Array;
}

const known = new WeakMap<FalseNegativeModel, ModelTerms>();

/** The terms of a model, made once for each. */
export function termsOf(model: FalseNegativeModel): ModelTerms {
  const made = known.get(model);
  if (made !== undefined) return made;
  const terms = makeTerms(model);
  known.set(model, terms);
  return terms;
}

function makeTerms({ coefficients, scale }: FalseNegativeModel): ModelTerms {
  const deviationOf = (feature: number): number => scale.deviations[feature] ?? 0;
  const features = [...coefficients.keys()].filter((feature) => differs(deviationOf(feature)) && coefficients[feature] !== 0);
  return {
    features: Int32Array.from(features),
    means: Float64Array.from(features, (feature) => scale.means[feature] ?? 0),
    farthest: Float64Array.from(features, (feature) => FARTHEST * deviationOf(feature)),
    weights: Float64Array.from(features, (feature) => (coefficients[feature] ?? 0) / deviationOf(feature)),
  };
}
