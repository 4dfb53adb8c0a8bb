/** One document that retrieval or a draw proposes for a query. */
export interface PoolHit {
  /** Index in the collection's document table. */
  readonly document: number;
  /** Position in the raw retrieval list, 1 the nearest; 0 for a document that was drawn or pinned. */
  readonly rank: number;
  /** Cosine similarity to the query, or BM25 score in a lexical pool. */
  readonly score: number;
  /** Highest cosine similarity to a positive in force; NaN where unknown. */
  readonly positiveSimilarity: number;
}

/** Everything a decision about one query rests on, apart from the configuration. Scores within one pool share one scale. */
export interface Pool {
  /** Index in `Collection.queries`. */
  readonly query: number;
  readonly retrieval: "lexical" | "dense";
  /** Documents in force as positives: the listed ones without those marked bad, and the promoted ones. */
  readonly positives: readonly number[];
  /** Their scores, in the same order; NaN where unknown (a lexical pool, a text without a vector). */
  readonly positiveScores: readonly number[];
  /** The raw retrieval list, best first, own positives included. */
  readonly hits: readonly PoolHit[];
  /** Documents scored besides: random draws and pinned candidates. */
  readonly drawn: readonly PoolHit[];
}
