import type { Retrieved } from "../ports";
import type { Pool } from "./pool";
import type { RetrievalPlan } from "./retrievalPlan";

/** What to score, besides a plan's own extra documents, to bring a pool of the same depth in line with the plan: no search is needed. */
export function rescoringPlan(known: Pool, plan: RetrievalPlan): RetrievalPlan {
  return { ...plan, depth: 0, extra: [...known.hits.map((hit) => hit.document), ...plan.extra] };
}

/**
 * The pool that searching anew would give, where only positives and extra documents differ, as they do after a mark. The nearest
 * documents depend on neither, so the raw list stays; what they are compared with has changed.
 *
 * @param rescored the answer to the job of `rescoringPlan(known, plan)`
 */
export function rescorePool(known: Pool, plan: RetrievalPlan, rescored: Retrieved): Pool {
  const first = known.hits.length;
  const similarity = (index: number): number => rescored.extraPositiveSimilarity[index] ?? Number.NaN;
  return {
    query: plan.query,
    retrieval: known.retrieval,
    positives: plan.positives,
    positiveScores: plan.positives.map((_, index) => rescored.positiveScores[index] ?? Number.NaN),
    hits: known.hits.map((hit, index) => ({ ...hit, positiveSimilarity: similarity(index) })),
    drawn: plan.extra.map((document, index) => ({
      document,
      rank: 0,
      score: rescored.extraScores[first + index] ?? Number.NaN,
      positiveSimilarity: similarity(first + index),
    })),
  };
}
