import type { VerdictMark } from "../marks/mark";

/** A marked passage with what is needed to tell which settings let it through. NaN where the mark does not say. */
export interface JudgedPair {
  /** Whether it is relevant to its query after all. */
  readonly isFalseNegative: boolean;
  /** Position in the raw retrieval list, 0 where it was drawn. */
  readonly rank: number;
  /** Cosine similarity to the query. */
  readonly score: number;
  /** Lowest score of the query's positives. */
  readonly anchor: number;
  /** Highest similarity to a positive. */
  readonly positiveSimilarity: number;
}

/**
 * The pairs that verdicts in force are sure about. A duplicate of the positive counts as a false negative, since it is relevant; a partly
 * relevant passage, a doubt and a passage that persons judge differently count as neither. Scores of another encoder and of BM25 are on
 * other scales and are left out.
 */
export function judgedPairs(verdicts: readonly VerdictMark[], model: string): readonly JudgedPair[] {
  const byPair = new Map<string, VerdictMark[]>();
  for (const mark of verdicts) {
    if (mark.document !== undefined && mark.model === model && mark.source !== "bm25") {
      const name = `${mark.query.key} ${mark.document.key}`;
      byPair.set(name, [...(byPair.get(name) ?? []), mark]);
    }
  }
  return [...byPair.values()].flatMap((marks) => {
    const opinions = new Set(marks.map(isFalseNegative));
    const [opinion] = opinions;
    const [newest] = [...marks].sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0));
    return opinions.size > 1 || opinion === undefined || newest === undefined ? [] : [pairOf(newest, opinion)];
  });
}

function pairOf(mark: VerdictMark, isFalseNegativePair: boolean): JudgedPair {
  return {
    isFalseNegative: isFalseNegativePair,
    rank: mark.rank ?? 0,
    score: mark.score ?? Number.NaN,
    anchor: mark.positive_score ?? Number.NaN,
    positiveSimilarity: mark.positive_similarity ?? Number.NaN,
  };
}

function isFalseNegative({ verdict }: VerdictMark): boolean | undefined {
  if (verdict === "false_negative" || verdict === "duplicate_of_positive") {
    return true;
  }
  return verdict === "true_negative" ? false : undefined;
}
