import type { Collection, Query } from "../collection/collection";
import type { Pool } from "../mining/pool";
import { PoolFacts } from "../mining/poolFacts";
import type { RetrievalPlan } from "../mining/retrievalPlan";
import { marksAt, planFor, verdictsAt } from "../mining/miningState";
import type { MiningState, PlanOptions } from "../mining/miningState";
import { itemAt } from "../util/itemAt";
import { ok } from "../util/result";
import type { Result } from "../util/result";
import type { DenseIndex } from "./denseIndex";
import { planKey } from "./poolTable";
import type { KeptPool, PoolTable } from "./poolTable";

/** More new texts than this are no edit: then every query is searched for again. */
const mostAdded = 200;

/** How the documents of a changed collection correspond to those of the former. */
interface Change {
  /** New index of each former document; -1 for one whose text is gone or stands there another number of times. */
  readonly newIndex: Int32Array;
  /** New documents that correspond to no former one. */
  readonly added: readonly number[];
}

export interface CarryInput {
  readonly dense: DenseIndex;
  readonly table: PoolTable;
  /** The collection that the kept pools were made from. */
  readonly before: Collection;
  /** What holds now, with the vectors in step. */
  readonly state: MiningState;
  readonly searchWords: PlanOptions["searchWords"];
}

/**
 * Brings kept pools over to a changed collection: those that the change cannot affect stay, with new numbers of documents; the others are
 * dropped and will be searched for. A query is affected where one of its nearest documents is gone, where a new document is at least as near
 * as its furthest, and where the search for it would ask for something else. Only for exact search, whose answers follow from the texts alone.
 */
export async function carryOver({ dense, table, before, state, searchWords }: CarryInput): Promise<Result<null>> {
  const change = changeBetween(before, state.collection);
  if (change === undefined) {
    table.clear();
    return ok(null);
  }
  const sameQuery = sameQueries(before, state.collection);
  const kept = [...table.entries()].flatMap((entry) => {
    const query = sameQuery(entry.plan.query);
    return query === undefined || losesNearest(entry.base, change) ? [] : [{ entry, query }];
  });
  const scores = await dense.scores(
    state.collection,
    kept.map(({ query }) => query),
    change.added,
  );
  if (!scores.ok) {
    table.clear();
    return scores;
  }
  const carried = kept.flatMap(({ entry, query }, i) =>
    gainsNearest(entry, itemAt(scores.value, i)) ? [] : [renumbered(entry, query, change, { state, searchWords })],
  );
  table.replaceAll(carried.filter((entry) => entry !== undefined));
  return ok(null);
}

/** Undefined where too much has changed, or where documents that stay have changed places, which settles ties otherwise. */
function changeBetween(before: Collection, after: Collection): Change | undefined {
  const [formerPlaces, places] = [placesOfTexts(before), placesOfTexts(after)];
  const newIndex = new Int32Array(before.documents.length).fill(-1);
  const isKept = new Uint8Array(after.documents.length);
  for (const [text, former] of formerPlaces) {
    const now = places.get(text);
    if (now === undefined || now.length !== former.length) continue;
    former.forEach((document, i) => {
      const target = now[i] ?? -1;
      if (!isSameDocument(before, document, after, target)) return;
      newIndex[document] = target;
      isKept[target] = 1;
    });
  }
  const added = [...isKept.keys()].filter((document) => isKept[document] === 0);
  return added.length > mostAdded || !isAscending(newIndex) ? undefined : { newIndex, added };
}

function placesOfTexts({ documents }: Collection): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [index, { text }] of documents.entries()) {
    const known = places.get(text);
    if (known === undefined) places.set(text, [index]);
    else known.push(index);
  }
  return places;
}

/** Rules look at ids, titles and fields too. */
function isSameDocument(before: Collection, former: number, after: Collection, now: number): boolean {
  const [one, other] = [before.documents[former], after.documents[now]];
  return (
    one?.id === other?.id &&
    one?.title === other?.title &&
    one?.minable === other?.minable &&
    (one?.fields === other?.fields || JSON.stringify(one?.fields) === JSON.stringify(other?.fields))
  );
}

function isAscending(indices: Int32Array): boolean {
  let last = -1;
  for (const index of indices) {
    if (index === -1) continue;
    if (index < last) return false;
    last = index;
  }
  return true;
}

/** Finds the query with the same text and id, where it is still there. */
function sameQueries(before: Collection, after: Collection): (query: number) => number | undefined {
  const nameOf = ({ key, id }: Query): string => `${key} ${id}`;
  const now = new Map(after.queries.map((query, index) => [nameOf(query), index]));
  return (query) => {
    const former = before.queries[query];
    return former === undefined ? undefined : now.get(nameOf(former));
  };
}

function losesNearest({ documents, nearest }: Pool, { newIndex }: Change): boolean {
  for (let row = 0; row < nearest; row += 1) {
    if ((newIndex[documents[row] ?? -1] ?? -1) === -1) return true;
  }
  return false;
}

/** Whether a new document would be among the nearest. */
function gainsNearest({ plan, base }: KeptPool, scores: Float32Array): boolean {
  const furthest = base.nearest < plan.depth ? Number.NEGATIVE_INFINITY : (base.scores[base.nearest - 1] ?? Number.NEGATIVE_INFINITY);
  return plan.depth > 0 && scores.some((score) => score >= furthest);
}

/** A kept pool with the new numbers; undefined where the search would now ask for something else. */
function renumbered(
  entry: KeptPool,
  query: number,
  { newIndex }: Change,
  { state, searchWords }: { readonly state: MiningState; readonly searchWords: PlanOptions["searchWords"] },
): KeptPool | undefined {
  const plan = planFor(state, query, { retrieval: "dense", searchWords });
  if (planKey(renumberedPlan(entry.plan, query, newIndex)) !== planKey(plan)) return undefined;
  const documents = entry.base.documents.map((document) => newIndex[document] ?? -1);
  const base = { ...entry.base, query, positives: plan.positives, documents };
  const pool = entry.pool === entry.base ? base : { ...entry.pool, query, positives: plan.positives, documents };
  const context = { collection: state.collection, verdicts: verdictsAt(state, query), exactTexts: state.config.sampler.compat !== null };
  return { shape: entry.shape, marks: marksAt(state, query), plan, base, pool, facts: new PoolFacts(pool, context, entry.facts) };
}

function renumberedPlan(plan: RetrievalPlan, query: number, newIndex: Int32Array): RetrievalPlan {
  const renumber = (documents: readonly number[]): readonly number[] => documents.map((document) => newIndex[document] ?? -1);
  return {
    ...plan,
    query,
    positives: renumber(plan.positives),
    extra: renumber(plan.extra),
    lists: plan.lists.map((list) => {
      switch (list.kind) {
        case "nearest":
          return list;
        case "fused":
          return { ...list, words: { ...list.words, documents: renumber(list.words.documents) } };
        default:
          return { ...list, documents: renumber(list.documents) };
      }
    }),
  };
}
