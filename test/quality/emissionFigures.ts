import type { MinedQuery } from "#core/mining/miningState";
import { wantedOf } from "#core/mining/sourceSettings";
import { itemAt } from "#core/util/itemAt";
import type { Split } from "../judged/hiddenPositives";

/** What a method emitted, over the training queries of a split. */
export interface EmissionFigures {
  /** Share of the emitted negatives that are hidden positives of their query. */
  readonly falseNegatives: number;
  /** Mean similarity of the emitted negatives to their query. */
  readonly hardness: number;
  /** Emitted over wanted negatives. */
  readonly yield: number;
  /** Positives in force, promoted ones included, a query. */
  readonly positives: number;
}

/** @param mined one for each training query of the split, in its order */
export function emissionFigures(mined: readonly MinedQuery[], { training }: Split): EmissionFigures {
  const sums = { emitted: 0, wanted: 0, hidden: 0, score: 0, positives: 0 };
  for (const [i, { pool, decision, context }] of mined.entries()) {
    const { hidden } = itemAt(training, i);
    const promoted = new Set(pool.positives);
    sums.wanted += wantedOf(context.sources);
    sums.positives += pool.positives.length;
    for (const row of decision.kept) {
      const document = pool.documents[row]!;
      sums.emitted += 1;
      sums.score += pool.scores[row]!;
      if (hidden.has(document) && !promoted.has(document)) sums.hidden += 1;
    }
  }
  return {
    falseNegatives: sums.hidden / sums.emitted,
    hardness: sums.score / sums.emitted,
    yield: sums.emitted / sums.wanted,
    positives: sums.positives / mined.length,
  };
}
