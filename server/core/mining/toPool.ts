import type { Retrieved } from "../ports";
import type { Pool, PoolHit } from "./pool";
import type { RetrievalPlan } from "./retrievalPlan";
import type { SlotDocuments } from "./slotDocuments";

export interface SearchAnswer {
  readonly plan: RetrievalPlan;
  /** The answer to the job made from the plan, its positives and extra documents in the plan's order. */
  readonly retrieved: Retrieved;
  readonly slotDocuments: SlotDocuments;
}

/**
 * The raw retrieval list of documents behind a list of slots. Documents that share a slot have the same score and stand in the order of the
 * collection; so do documents of different slots with equal scores, which makes the list independent of how slots were given out.
 */
export function toPool({ plan, retrieved, slotDocuments }: SearchAnswer): Pool {
  const found: Omit<PoolHit, "rank">[] = [];
  for (const [index, slot] of retrieved.documents.entries()) {
    const score = retrieved.scores[index] ?? Number.NaN;
    const positiveSimilarity = retrieved.positiveSimilarity[index] ?? Number.NaN;
    for (const document of slotDocuments.of(slot)) {
      found.push({ document, score, positiveSimilarity });
    }
  }
  found.sort((a, b) => b.score - a.score || a.document - b.document);
  const hits = found.slice(0, plan.depth).map((hit, index) => ({ ...hit, rank: index + 1 }));
  return {
    query: plan.query,
    retrieval: "dense",
    positives: plan.positives,
    positiveScores: plan.positives.map((_, index) => retrieved.positiveScores[index] ?? Number.NaN),
    hits,
    drawn: plan.extra.map((document, index) => ({
      document,
      rank: 0,
      score: retrieved.extraScores[index] ?? Number.NaN,
      positiveSimilarity: retrieved.extraPositiveSimilarity[index] ?? Number.NaN,
    })),
  };
}
