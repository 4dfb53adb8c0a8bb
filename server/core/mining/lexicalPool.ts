import type { Pool, SourceList } from "./pool";
import type { PlannedList, RetrievalPlan } from "./retrievalPlan";

/** The pool of a plan made without vectors: BM25 scores where a search by words gave them, and no similarities. */
export function lexicalPool(plan: RetrievalPlan): Pool {
  const scoreOf = new Map<number, number>();
  for (const list of plan.lists) {
    if (list.kind === "words") list.documents.forEach((document, i) => scoreOf.set(document, list.scores[i] ?? Number.NaN));
  }
  const rowOf = new Map(plan.extra.map((document, row) => [document, row]));
  return {
    query: plan.query,
    retrieval: "lexical",
    positives: plan.positives,
    positiveScores: plan.positives.map(() => Number.NaN),
    documents: Int32Array.from(plan.extra),
    scores: Float64Array.from(plan.extra, (document) => scoreOf.get(document) ?? Number.NaN),
    positiveSimilarity: new Float64Array(plan.extra.length).fill(Number.NaN),
    nearest: 0,
    lists: plan.lists.map((list) => listOf(list, rowOf)),
  };
}

/** Groups stand in the order of the collection, since nothing says which member is nearer. */
function listOf(list: PlannedList, rowOf: ReadonlyMap<number, number>): SourceList {
  if (list.kind === "nearest" || list.kind === "fused") {
    throw new Error(`A plan without vectors has a list "${list.kind}".`);
  }
  const note = list.kind === "group" ? list.note : undefined;
  const rows = Int32Array.from(list.documents, (document) => rowOf.get(document) ?? -1);
  return { rows, ranked: list.kind === "words", ...(note === undefined ? {} : { note }) };
}
