/** What a candidate does to the query's gradient: nothing to speak of, its share, or nearly all of it. The rules are `gradientRules`. */
export type GradientClass = "easy" | "useful" | "dominant";

/**
 * InfoNCE of one candidate at the training temperature tau, mean over the query's positives. The softmax is over the positive, the emitted
 * negatives and the candidate itself, so that a dropped candidate shows what it would do.
 */
export interface CandidateGradient {
  /** p_j, its part of the softmax. */
  readonly weight: number;
  /** w_j = p_j / sum of p over the negatives. */
  readonly share: number;
  /** |g_j| = (p_j / tau) sqrt(2 - 2 s(d_j, d+)), its pull on the query vector. */
  readonly norm: number;
  /** (p_j / tau) (s(d_j, d+) - s_j s+): by how much a unit step that pushes the query away from it takes the positive's own score down. */
  readonly push: number;
  readonly kind: GradientClass;
}

/** The emitted negatives of one query together. */
export interface QueryGradients {
  readonly temperature: number;
  /** 1 / sum w^2: among how many negatives the gradient is spread; 0 where none is emitted. */
  readonly effectiveNegatives: number;
  readonly easy: number;
  readonly useful: number;
  readonly dominant: number;
}
