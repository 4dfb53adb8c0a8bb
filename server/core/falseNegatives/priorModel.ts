import type { FalseNegativeModel } from "./falseNegativeModel";
import { FEATURES } from "./features";
import type { Feature, FeatureScale } from "./features";

/**
 * What is taken to be so before any mark, as change of the log odds with each standard deviation: the mean of logistic regressions on all judgements
 * of cacm, cranfield, csfcube and npl, which agree with one another (docs/curation-quality.md). Beside rank and likeness to a positive
 * the score says nothing more.
 */
const priorCoefficients: Readonly<Partial<Record<Feature, number>>> = {
  positive_similarity: 0.6,
  log_rank: -0.55,
  query_words: 0.3,
  positive_words: 0.5,
};

/** Share of false negatives taken for a hard candidate: one that lies one standard deviation on the suspicious side in each respect. */
const shareOfHardCandidates = 0.15;

/** The model without marks. */
export function priorModel(scale: FeatureScale): FalseNegativeModel {
  const coefficients = FEATURES.map((feature) => priorCoefficients[feature] ?? 0);
  const ofHard = coefficients.reduce((sum, coefficient) => sum + Math.abs(coefficient), 0);
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
