import type { SimilarPairs } from "../ports";

/** The candidates that one source proposes for a query, in the source's order. */
export interface SourceList {
  /** Rows of the pool. */
  readonly rows: Int32Array;
  /** Whether a place in the list is a rank: the first row is the nearest. Otherwise it was drawn. */
  readonly ranked: boolean;
  /** What is to be said of the list: why it is shorter than one expects. */
  readonly note?: string;
}

/**
 * Everything a decision about one query rests on, apart from the configuration and the marks. Candidates are the rows 0 to n - 1 of lists that
 * run side by side, each document once. Scores of one kind share one scale.
 */
export interface Pool {
  /** Index in `Collection.queries`. */
  readonly query: number;
  readonly retrieval: "lexical" | "dense";
  /** Documents in force as positives: the listed ones without those marked bad, and the promoted ones. */
  readonly positives: readonly number[];
  /** Their similarities to the query, in the same order; NaN where unknown (a lexical pool, a text without a vector). */
  readonly positiveScores: readonly number[];
  /** Index of each row's document in the collection's document table. */
  readonly documents: Int32Array;
  /** Cosine similarity to the query, or BM25 score in a lexical pool; NaN where unknown. */
  readonly scores: Float64Array;
  /** Highest cosine similarity to a positive in force; NaN where unknown. */
  readonly positiveSimilarity: Float64Array;
  /** Cosine similarity to each of several positives in force, [rows, positives]; absent where it was not asked, or one positive has them all. */
  readonly positiveSimilarities?: Float32Array;
  /** The first rows are the raw dense list, nearest first, own positives included; this is their number. */
  readonly nearest: number;
  /** One list for each source of the mix, in its order. */
  readonly lists: readonly SourceList[];
  /** Second scores: NaN for rows that the rescorer was not asked about; then those of `positives`. */
  readonly rescored?: { readonly rows: Float64Array; readonly positives: readonly number[] };
  /** Cosine similarities to the query, where second scores took their place in `scores` and `positiveScores`. */
  readonly cosines?: { readonly rows: Float64Array; readonly positives: readonly number[] };
  /** Rows that are similar to one another, as far as the rule on diversity needs them. */
  readonly similarRows?: SimilarPairs;
}

/** Cosine similarity of a row to the positive at a position of `positives`; NaN where unknown. */
export function similarityToPositive({ positives, positiveSimilarity, positiveSimilarities }: Pool, row: number, position: number): number {
  const found = positives.length === 1 ? positiveSimilarity[row] : positiveSimilarities?.[row * positives.length + position];
  return found ?? Number.NaN;
}
