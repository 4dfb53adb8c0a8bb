import type { Retrieved } from "../ports";
import type { Pool } from "./pool";
import type { RetrievalPlan } from "./retrievalPlan";
import { poolOf } from "./toPool";

/** What to score, besides a plan's own extra documents, to bring a pool of the same depth in line with the plan: no search is needed. */
export function rescoringPlan(known: Pool, plan: RetrievalPlan): RetrievalPlan {
  return { ...plan, depth: 0, extra: [...known.documents.subarray(0, known.nearest), ...plan.extra] };
}

/**
 * The pool that searching anew would give, where only positives and extra documents differ, as they do after a mark. The nearest
 * documents depend on neither, so the raw list stays; what they are compared with has changed.
 *
 * @param rescored the answer to the job of `rescoringPlan(known, plan)`
 */
export function rescorePool(known: Pool, plan: RetrievalPlan, rescored: Retrieved): Pool {
  return poolOf({
    plan,
    nearest: {
      documents: known.documents.slice(0, known.nearest),
      scores: known.scores.slice(0, known.nearest),
      positiveSimilarity: Float64Array.from(rescored.extraPositiveSimilarity.subarray(0, known.nearest)),
    },
    positiveScores: plan.positives.map((_, index) => rescored.positiveScores[index] ?? Number.NaN),
    extraScores: rescored.extraScores.subarray(known.nearest),
    extraPositiveSimilarity: rescored.extraPositiveSimilarity.subarray(known.nearest),
  });
}
