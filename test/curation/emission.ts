import type { MinedQuery } from "#core/mining/miningState";
import { wantedOf } from "#core/mining/sourceSettings";
import { itemAt } from "#core/util/itemAt";
import type { TrainingQuery } from "../judged/hiddenPositives";

/** What a sampler emitted for some queries. */
export interface Emission {
  /** Share of the emitted negatives that are hidden positives of their query, of those about which something is known. */
  readonly falseNegatives: number;
  /** Share of the emitted negatives about which something is known: 1 but where a pool was judged. */
  readonly known: number;
  /** Mean similarity of the emitted negatives to their query. */
  readonly hardness: number;
  /** Emitted over wanted negatives. */
  readonly yield: number;
}

/**
 * @param mined by query
 * @param judged by query, where only a pool was judged
 */
export function emissionOf(
  mined: readonly MinedQuery[],
  queries: readonly TrainingQuery[],
  judged?: readonly ReadonlySet<number>[],
): Emission {
  const sums = { emitted: 0, known: 0, wanted: 0, hidden: 0, score: 0 };
  for (const { query, hidden } of queries) {
    const { pool, decision, context } = itemAt(mined, query);
    sums.wanted += wantedOf(context.sources);
    for (const row of decision.kept) {
      const document = pool.documents[row]!;
      sums.emitted += 1;
      sums.score += pool.scores[row]!;
      if (judged === undefined || itemAt(judged, query).has(document)) sums.known += 1;
      if (hidden.has(document)) sums.hidden += 1;
    }
  }
  return {
    falseNegatives: sums.hidden / sums.known,
    known: sums.known / sums.emitted,
    hardness: sums.score / sums.emitted,
    yield: sums.emitted / sums.wanted,
  };
}
