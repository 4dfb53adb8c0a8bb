/** A negative of an example and how much it counts. */
export interface WeightedNegative {
  /** Row of `TrainingSet.documents`. */
  readonly document: number;
  /** 1 - P(false negative), from 0 to 1: its term of the softmax denominator is multiplied by this. 1 where nothing is known. */
  readonly weight: number;
}

/** A teacher's distribution over some documents of an example, for distillation. Sums to 1. */
export interface SoftTargets {
  /** Rows of `TrainingSet.documents`. */
  readonly documents: readonly number[];
  readonly probabilities: readonly number[];
}

/** One query to learn from. */
export interface TrainingExample {
  /** Row of `TrainingSet.queries`. */
  readonly query: number;
  /** Rows of `TrainingSet.documents`; each epoch one of them, drawn by the seed, is the positive. At least one. */
  readonly positives: readonly number[];
  readonly negatives: readonly WeightedNegative[];
  /**
   * Rows of `TrainingSet.documents` that must never push this query as negatives of the batch: its positives, whatever a person marked as
   * other than a true negative, and passages of the same texts.
   */
  readonly barred: readonly number[];
  readonly teacher?: SoftTargets;
}

/** What a trainer learns from: numbers alone. Vectors are those of the frozen encoder, of unit length, one after the other. */
export interface TrainingSet {
  readonly dimensions: number;
  readonly queries: Float32Array;
  readonly documents: Float32Array;
  readonly examples: readonly TrainingExample[];
}
