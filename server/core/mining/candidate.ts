/** Where a candidate came from. */
export type CandidateSource = "top" | "random" | "window" | "simans" | "bm25" | "listed";

/** Rules that can drop a candidate, in the order in which they are asked. The first that applies is the one reported. */
export const DROP_RULES = [
  "own_positive",
  "query_text",
  "marked",
  "range_min",
  "range_max",
  "near_duplicate",
  "absolute_margin",
  "relative_margin",
  "max_score",
  "min_score",
  "same_text",
  "not_sampled",
] as const;

export type DropRule = (typeof DROP_RULES)[number];

/** Why a candidate was kept. */
export type KeepRule = "pinned" | "sampled";

/** One document considered for one query, and what became of it. */
export interface Candidate {
  /** Index in the collection's document table. */
  readonly document: number;
  /** Position in the raw retrieval list, the nearest document being 1; 0 for a candidate that was not retrieved but drawn or pinned. */
  readonly rank: number;
  /** Similarity to the query; a BM25 score where `source` is "bm25". Higher is nearer. */
  readonly score: number;
  /** Highest similarity to a positive of the query; NaN where it is unknown. */
  readonly positiveSimilarity: number;
  readonly source: CandidateSource;
  readonly kept: boolean;
  readonly rule: KeepRule | DropRule;
  /** The rule in words with its values, for people. */
  readonly reason: string;
  /** Probability of the first draw; absent where nothing was drawn. */
  readonly probability?: number;
}

/** The decision over all candidates of one query. */
export interface Decision {
  /** Every candidate: kept ones first, hardest first; then dropped ones by rank. */
  readonly candidates: readonly Candidate[];
  /** Score of each positive in force, in the order of `Pool.positives`. */
  readonly positiveScores: readonly number[];
  /** The positive score that margins are taken against: the lowest. NaN for a query without positives. */
  readonly anchor: number;
  /** How many negatives are missing from `num_negatives`. Reported, never filled up. */
  readonly short: number;
  /** 1 / sum p^2 over the drawing probabilities: how many candidates the draw really chooses among. */
  readonly effectiveCandidates: number;
}
