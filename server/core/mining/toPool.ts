import type { Retrieved } from "../ports";
import { fuseRanks } from "./fuseRanks";
import type { Pool, SourceList } from "./pool";
import type { PlannedList, RetrievalPlan } from "./retrievalPlan";
import type { SlotDocuments } from "./slotDocuments";

export interface SearchAnswer {
  readonly plan: RetrievalPlan;
  /** The answer to the job made from the plan, its positives and extra documents in the plan's order. */
  readonly retrieved: Retrieved;
  readonly slotDocuments: SlotDocuments;
}

/** The raw retrieval list of one query. */
export interface NearestDocuments {
  readonly documents: Int32Array;
  readonly scores: Float64Array;
  readonly positiveSimilarity: Float64Array;
}

/** The pool of one query from the answer to its search. */
export function toPool({ plan, retrieved, slotDocuments }: SearchAnswer): Pool {
  return poolOf({
    plan,
    nearest: nearestDocuments({ plan, retrieved, slotDocuments }),
    positiveScores: plan.positives.map((_, index) => retrieved.positiveScores[index] ?? Number.NaN),
    extraScores: retrieved.extraScores,
    extraPositiveSimilarity: retrieved.extraPositiveSimilarity,
  });
}

/**
 * The raw retrieval list of documents behind a list of slots. Documents that share a slot have the same score and stand in the order of the
 * collection; so do documents of different slots with equal scores, which makes the list independent of how slots were given out.
 */
function nearestDocuments({ plan, retrieved, slotDocuments }: SearchAnswer): NearestDocuments {
  const documents: number[] = [];
  const places: number[] = [];
  for (let place = 0; place < retrieved.documents.length; place += 1) {
    const behind = slotDocuments.of(retrieved.documents[place] ?? -1);
    for (const document of plan.onePerText ? behind.subarray(0, 1) : behind) {
      documents.push(document);
      places.push(place);
    }
  }
  const scoreAt = (index: number): number => retrieved.scores[places[index] ?? -1] ?? Number.NaN;
  const order = documents.map((_, index) => index);
  order.sort((a, b) => scoreAt(b) - scoreAt(a) || (documents[a] ?? 0) - (documents[b] ?? 0));
  const kept = order.slice(0, plan.depth);
  return {
    documents: Int32Array.from(kept, (index) => documents[index] ?? -1),
    scores: Float64Array.from(kept, scoreAt),
    positiveSimilarity: Float64Array.from(kept, (index) => retrieved.positiveSimilarity[places[index] ?? -1] ?? Number.NaN),
  };
}

export interface PoolParts {
  readonly plan: RetrievalPlan;
  readonly nearest: NearestDocuments;
  readonly positiveScores: readonly number[];
  /** Of the plan's extra documents, in its order. */
  readonly extraScores: Float32Array;
  readonly extraPositiveSimilarity: Float32Array;
}

/** Puts the nearest documents and those scored besides into one table, each once, and the lists of the sources over it. */
export function poolOf({ plan, nearest, positiveScores, extraScores, extraPositiveSimilarity }: PoolParts): Pool {
  const rowOf = new Map<number, number>();
  nearest.documents.forEach((document, row) => rowOf.set(document, row));
  const added: number[] = [];
  for (const [index, document] of plan.extra.entries()) {
    if (!rowOf.has(document)) {
      rowOf.set(document, nearest.documents.length + added.length);
      added.push(index);
    }
  }
  const documents = new Int32Array(nearest.documents.length + added.length);
  documents.set(nearest.documents);
  added.forEach((index, at) => {
    documents[nearest.documents.length + at] = plan.extra[index] ?? -1;
  });
  const scores = appended(nearest.scores, added, extraScores);
  return {
    query: plan.query,
    retrieval: "dense",
    positives: plan.positives,
    positiveScores,
    documents,
    scores,
    positiveSimilarity: appended(nearest.positiveSimilarity, added, extraPositiveSimilarity),
    nearest: nearest.documents.length,
    lists: plan.lists.map((list) => listOver(list, { nearest: nearest.documents, rowOf, scores })),
  };
}

function appended(first: Float64Array, added: readonly number[], values: Float32Array): Float64Array {
  const all = new Float64Array(first.length + added.length);
  all.set(first);
  added.forEach((index, at) => {
    all[first.length + at] = values[index] ?? Number.NaN;
  });
  return all;
}

interface Table {
  readonly nearest: Int32Array;
  readonly rowOf: ReadonlyMap<number, number>;
  readonly scores: Float64Array;
}

function listOver(list: PlannedList, { nearest, rowOf, scores }: Table): SourceList {
  const rowsOf = (documents: Iterable<number>): Int32Array => Int32Array.from(documents, (document) => rowOf.get(document) ?? -1);
  switch (list.kind) {
    case "nearest":
      return { rows: Int32Array.from({ length: Math.min(list.depth, nearest.length) }, (_, row) => row), ranked: true };
    case "words":
      return { rows: rowsOf(list.documents), ranked: true };
    case "fused":
      return { rows: rowsOf(fuseRanks([nearest.subarray(0, list.depth), list.words.documents], list.k)), ranked: true };
    case "drawn":
      return { rows: rowsOf(list.documents), ranked: false };
    case "group": {
      // Equal scores stay in the order of the collection.
      const rows = rowsOf(list.documents).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
      return { rows, ranked: true, ...(list.note === undefined ? {} : { note: list.note }) };
    }
  }
}
