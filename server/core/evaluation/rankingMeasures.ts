/** How many of the first results each measure looks at. */
export interface MeasureDepths {
  readonly ndcg: number;
  readonly mrr: number;
  readonly recall: number;
}

/** nDCG@10, MRR@10 and recall@100: what retrieval papers report. */
export const usualDepths: MeasureDepths = { ndcg: 10, mrr: 10, recall: 100 };

/** How good one query's ranking is; each from 0 to 1, higher is better. */
export interface RankingMeasures {
  readonly ndcg: number;
  readonly mrr: number;
  readonly recall: number;
}

/**
 * Measures of a ranking, best first, against the set of what is relevant. Both hold groups of equal texts (`Document.group`), so that copies
 * of a passage count once: a group that comes again takes no rank. Gain is binary; nDCG discounts by log2(rank + 1) (Järvelin and
 * Kekäläinen 2002) and is relative to the best ranking possible, in which the first ranks are all relevant as far as there are so many.
 * At least one must be relevant.
 */
export function rankingMeasures(
  ranked: readonly number[],
  relevant: ReadonlySet<number>,
  depths: MeasureDepths = usualDepths,
): RankingMeasures {
  if (relevant.size === 0) throw new RangeError("A ranking cannot be measured where nothing is relevant.");
  let gain = 0;
  let reciprocalRank = 0;
  let found = 0;
  let rank = 0;
  for (const group of new Set(ranked)) {
    rank += 1;
    if (!relevant.has(group)) continue;
    if (rank <= depths.ndcg) gain += discount(rank);
    if (rank <= depths.mrr && reciprocalRank === 0) reciprocalRank = 1 / rank;
    if (rank <= depths.recall) found += 1;
  }
  return { ndcg: gain / idealGain(Math.min(depths.ndcg, relevant.size)), mrr: reciprocalRank, recall: found / relevant.size };
}

function discount(rank: number): number {
  return 1 / Math.log2(rank + 1);
}

function idealGain(relevant: number): number {
  let gain = 0;
  for (let rank = 1; rank <= relevant; rank += 1) gain += discount(rank);
  return gain;
}
