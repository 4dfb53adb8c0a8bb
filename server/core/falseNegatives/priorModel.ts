import type { FalseNegativeModel } from "./falseNegativeModel";
import { FEATURES } from "./features";
import type { Feature, FeatureScale } from "./features";
import { differs } from "./standardise";

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

/**
 * The same of a language model's verdict. A judge that agrees with people at a kappa of .35 (RLHN's judges: .32 to .39) and calls as many candidates relevant
 * as people do, p = 12 %, is right in p + .35 (1 - p) of those and misses p (1 - .35) of the others: 1.7 more and .5 less in log odds than knowing
 * nothing. In deviations of `VERDICT_SCALE` .7 gives 1.65, .6 for "in part", and -.47. RLHN's own judges were right in 17 to 83 % of what they
 * flagged, depending on the data, which marks have to tell; a verdict does not move the intercept, since a hard candidate has none.
 */
const priorOfVerdict = 0.7;

/** Share of false negatives taken for a hard candidate: one that lies one standard deviation on the suspicious side in each respect. */
const shareOfHardCandidates = 0.15;

/** The model without marks. */
export function priorModel(scale: FeatureScale): FalseNegativeModel {
  const withoutVerdict = FEATURES.map((feature) => priorCoefficients[feature] ?? 0);
  const ofHard = withoutVerdict.reduce((sum, coefficient) => sum + Math.abs(coefficient), 0);
  const place = FEATURES.indexOf("llm_verdict");
  const coefficients = withoutVerdict.with(place, differs(scale.deviations[place] ?? 0) ? priorOfVerdict : 0);
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
