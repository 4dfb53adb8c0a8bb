import type { Collection } from "../collection/collection";
import { rankedTexts, relevantTexts } from "../evaluation/judgedRanking";
import { rankingMeasures, usualDepths } from "../evaluation/rankingMeasures";
import type { RankingMeasures } from "../evaluation/rankingMeasures";
import type { AdapterTrials } from "../session/adapterTrials";
import type { Cancellation } from "../util/cancellation";
import { itemAt } from "../util/itemAt";
import { ok } from "../util/result";
import type { Result } from "../util/result";

/** Queries that training does not see, and what is relevant for each, as groups of equal texts. */
export interface HeldOut {
  readonly collection: Collection;
  readonly queries: readonly number[];
  readonly relevant: readonly ReadonlySet<number>[];
}

/** @param positivesOf the positives in force of a query */
export function heldOut(collection: Collection, queries: readonly number[], positivesOf: (query: number) => readonly number[]): HeldOut {
  const judged = queries.map((query) => ({
    query,
    relevant: relevantTexts(positivesOf(query), itemAt(collection.queries, query), collection),
  }));
  const usable = judged.filter(({ relevant }) => relevant.size > 0);
  return { collection, queries: usable.map(({ query }) => query), relevant: usable.map(({ relevant }) => relevant) };
}

/** What one more place in the list may hold besides a result: copies of a text, and the query's own. */
const spareDepth = 20;

export interface MeasuringOptions {
  readonly cancellation: Cancellation;
  readonly onProgress?: (done: number) => void;
}

/** Measures of each held-out query over the whole corpus, with an adapter that is held or with the encoder alone. */
export async function measureHeldOut(
  trials: AdapterTrials,
  { collection, queries, relevant }: HeldOut,
  adapter: string | undefined,
  options: MeasuringOptions,
): Promise<Result<readonly RankingMeasures[]>> {
  const depth = Math.max(usualDepths.ndcg, usualDepths.mrr, usualDepths.recall) + spareDepth;
  const ranked = await trials.rank(adapter, { ...options, queries, depth });
  if (!ranked.ok) return ranked;
  return ok(
    queries.map((query, i) => {
      const texts = rankedTexts(itemAt(ranked.value, i), itemAt(collection.queries, query), collection);
      return rankingMeasures(texts, itemAt(relevant, i));
    }),
  );
}

/** Mean nDCG@10; NaN without queries. */
export function meanNdcg(measures: readonly RankingMeasures[]): number {
  return measures.reduce((sum, { ndcg }) => sum + ndcg, 0) / measures.length;
}
