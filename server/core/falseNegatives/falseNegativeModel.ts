import type { FeatureScale } from "./features";

/** A marked pair to learn from. */
export interface LabelledPair {
  /** Text key of the query: pairs of one query are never on both sides of a fold. */
  readonly query: string;
  readonly document: string;
  /** The source that found it, as marks name it. */
  readonly source: string;
  /** In the order of `FEATURES`; NaN where unknown. */
  readonly values: Float64Array;
  readonly isFalseNegative: boolean;
  /** Whether it came by chance and not by choice, so that it may say something about rates. */
  readonly isRandom: boolean;
}

/** How a raw probability is turned into one that has been checked against marks that the model had not seen. */
export type Calibration =
  | { readonly kind: "none" }
  /** logit p' = slope logit p + intercept (Platt 1999), from 50 marks. */
  | { readonly kind: "platt"; readonly slope: number; readonly intercept: number }
  /**
   * A rising curve (pool adjacent violators; Zadrozny and Elkan 2002) from 200 marks of the audit lane, where it does better than Platt's: `from`
   * raw probabilities, ascending from 0 to 1, `to` checked ones, straight between them (Oron and Flournoy 2017), so that what the model tells apart
   * mostly stays told apart.
   */
  | { readonly kind: "isotonic"; readonly from: readonly number[]; readonly to: readonly number[] };

/** Marked pairs whose probability, made without their own query's marks, lies in one stretch. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly pairs: number;
  /** Mean of the probabilities, and share of false negatives, in the bin. */
  readonly predicted: number;
  readonly observed: number;
}

/**
 * P(false negative | features) of a pair by logistic regression on standardised features. The prior of its coefficients is what is known before
 * any mark: a passage is the more likely relevant the nearer it is to the query and to a positive.
 */
export interface FalseNegativeModel {
  /** "prior": too few marks to learn from. */
  readonly kind: "prior" | "fitted";
  readonly scale: FeatureScale;
  readonly intercept: number;
  /** One for each feature, for a step of one standard deviation. */
  readonly coefficients: readonly number[];
  /** Added to the intercept for pairs of a source; sources without marks have none. */
  readonly sourceIntercepts: Readonly<Record<string, number>>;
  readonly calibration: Calibration;
  /** Pairs that it was fitted to, and false negatives among them. */
  readonly pairs: number;
  readonly falseNegatives: number;
  /** Out of fold; empty where there are too few marks. */
  readonly reliability: readonly ReliabilityBin[];
}
