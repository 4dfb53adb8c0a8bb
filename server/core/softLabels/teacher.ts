/** A teacher's distribution over passages of one query. */
export interface Teacher {
  /** Text keys of the passages. */
  readonly keys: readonly string[];
  /** T = softmax(u / t_T), in the order of the keys. Sums to 1. */
  readonly probabilities: readonly number[];
  /** u / t_T: scores on the teacher's scale, of which T is the softmax. */
  readonly scores: readonly number[];
  /** t_T. */
  readonly temperature: number;
  /** exp of the entropy of T: how many passages it spreads over. */
  readonly perplexity: number;
  /** "flat": all weights are alike. "one_hot": a single passage has any. Neither ranks the rest, and neither is distilled. */
  readonly carries: "ranking" | "flat" | "one_hot";
}
