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
    const slot = retrieved.documents[place] ?? -1;
    const count = slotDocuments.countOf(slot);
    for (let at = 0; at < (plan.onePerText ? Math.min(1, count) : count); at += 1) {
      documents.push(slotDocuments.at(slot, at));
      places.push(place);
    }
  }
  const order = nearestFirst(documents, places, retrieved.scores);
  const kept = Math.min(plan.depth, order.length);
  const nearest = { documents: new Int32Array(kept), scores: new Float64Array(kept), positiveSimilarity: new Float64Array(kept) };
  for (let row = 0; row < kept; row += 1) {
    const index = order[row] ?? -1;
    const place = places[index] ?? -1;
    nearest.documents[row] = documents[index] ?? -1;
    nearest.scores[row] = retrieved.scores[place] ?? Number.NaN;
    nearest.positiveSimilarity[row] = retrieved.positiveSimilarity[place] ?? Number.NaN;
  }
  return nearest;
}

/** Positions by descending score, then ascending document. Lists come by score, so that mostly nothing is out of place. */
function nearestFirst(documents: readonly number[], places: readonly number[], scores: Float32Array): ArrayLike<number> {
  const difference = (a: number, b: number): number => (scores[places[b] ?? -1] ?? Number.NaN) - (scores[places[a] ?? -1] ?? Number.NaN);
  const compare = (a: number, b: number): number => difference(a, b) || (documents[a] ?? 0) - (documents[b] ?? 0);
  for (let index = 1; index < documents.length; index += 1) {
    if (compare(index - 1, index) > 0) return documents.map((_, position) => position).sort(compare);
  }
  return countedRows(documents.length);
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
  // Rows are looked up where documents are named, which many plans do not do.
  const isNamed = plan.extra.length > 0 || plan.lists.some(({ kind }) => kind !== "nearest");
  if (isNamed) nearest.documents.forEach((document, row) => rowOf.set(document, row));
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
  if (added.length === 0) return first;
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
      return { rows: countedRows(Math.min(list.depth, nearest.length)), ranked: true };
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

let counted = new Int32Array(0);

/** The rows 0 to `count` - 1: views on one list, since every pool of a file has it. */
function countedRows(count: number): Int32Array {
  if (counted.length < count) counted = Int32Array.from({ length: Math.max(count, 2 * counted.length) }, (_, row) => row);
  return counted.subarray(0, count);
}
