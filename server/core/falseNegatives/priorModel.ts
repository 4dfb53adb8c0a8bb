import type { FalseNegativeModel } from "./falseNegativeModel";
import { FEATURES } from "./features";
import type { Feature, FeatureScale } from "./features";

/**
 * What is taken to be so before any mark: the odds of relevance grow e-fold with each standard deviation of the similarity to the query, and of
 * the similarity to the nearest positive. On a collection with full judgements this fixed sum ranks about as well as a fit to 60 marks.
 */
const priorCoefficients: Readonly<Partial<Record<Feature, number>>> = { score: 1, positive_similarity: 1 };

/** Share of false negatives taken for an average hard candidate: one that lies one standard deviation nearer than the average, both to query and positive. */
const shareOfHardCandidates = 0.15;
const hardness = 1;

/** The model without marks. */
export function priorModel(scale: FeatureScale): FalseNegativeModel {
  const coefficients = FEATURES.map((feature) => priorCoefficients[feature] ?? 0);
  const ofHard = hardness * coefficients.reduce((sum, coefficient) => sum + coefficient, 0);
  return {
    kind: "prior",
    scale,
    intercept: Math.log(shareOfHardCandidates / (1 - shareOfHardCandidates)) - ofHard,
    coefficients,
    sourceIntercepts: {},
    calibration: { kind: "none" },
    pairs: 0,
    falseNegatives: 0,
    reliability: [],
  };
}
