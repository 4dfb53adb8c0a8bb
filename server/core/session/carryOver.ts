import type { Collection } from "../collection/collection";
import { carryOverlaps } from "../mining/overlapTable";
import type { Pool } from "../mining/pool";
import { PoolFacts } from "../mining/poolFacts";
import type { PlannedList, RetrievalPlan } from "../mining/retrievalPlan";
import { marksAt, planFor, verdictsAt } from "../mining/miningState";
import type { MiningState, PlanOptions } from "../mining/miningState";
import { itemAt } from "../util/itemAt";
import { ok } from "../util/result";
import type { Result } from "../util/result";
import { changeBetween } from "./collectionChange";
import type { CollectionChange } from "./collectionChange";
import type { DenseSearch } from "./denseSearch";
import type { KeptPool, PoolTable } from "./poolTable";

export interface CarryInput {
  readonly dense: DenseSearch;
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
export async function carryOver(input: CarryInput): Promise<Result<null>> {
  const { dense, table, before, state } = input;
  const change = changeBetween(before, state.collection);
  if (change === undefined) {
    table.clear();
    return ok(null);
  }
  carryOverlaps(change);
  const kept = [...table.entries()].filter(({ plan, base }) => change.newQuery(plan.query) !== -1 && !losesNearest(base, change));
  const queries = kept.map(({ plan }) => change.newQuery(plan.query));
  const scores = await dense.scores(queries, change.added);
  if (!scores.ok) {
    table.clear();
    return scores;
  }
  const unaffected = kept.filter((entry, i) => !gainsNearest(entry, itemAt(scores.value, i)));
  table.replaceAll(unaffected.map((entry) => renumbered(entry, change, input)).filter((entry) => entry !== undefined));
  return ok(null);
}

function losesNearest({ documents, nearest }: Pool, { newDocument }: CollectionChange): boolean {
  for (let row = 0; row < nearest; row += 1) {
    if ((newDocument[documents[row] ?? -1] ?? -1) === -1) return true;
  }
  return false;
}

/** Whether a new document would be among the nearest. */
function gainsNearest({ plan, base }: KeptPool, scores: Float32Array): boolean {
  const furthest = base.nearest < plan.depth ? Number.NEGATIVE_INFINITY : (base.scores[base.nearest - 1] ?? Number.NEGATIVE_INFINITY);
  return plan.depth > 0 && scores.some((score) => score >= furthest);
}

/** A kept pool with the new numbers; undefined where the search would now ask for something else. */
function renumbered(entry: KeptPool, change: CollectionChange, { state, searchWords }: CarryInput): KeptPool | undefined {
  const query = change.newQuery(entry.plan.query);
  const marks = marksAt(state, query);
  const plan = planFor(state, query, { retrieval: "dense", searchWords });
  if (marks !== entry.marks || !isSamePlan(entry.plan, plan, change) || !hasSameTwins(entry.plan.query, query, change)) return undefined;
  const documents = change.inPlace ? entry.pool.documents : entry.pool.documents.map((document) => change.newDocument[document] ?? -1);
  const base = { ...entry.base, query, positives: plan.positives, documents };
  const pool = entry.pool === entry.base ? base : { ...entry.pool, query, positives: plan.positives, documents };
  const context = { collection: state.collection, verdicts: verdictsAt(state, query), exactTexts: state.config.sampler.compat !== null };
  return { shape: entry.shape, marks, plan, base, pool, facts: new PoolFacts(pool, context, entry.facts) };
}

/** Whether two plans ask the same search once the documents of the former have their new numbers. */
function isSamePlan(former: RetrievalPlan, now: RetrievalPlan, change: CollectionChange): boolean {
  return (
    former.depth === now.depth &&
    former.onePerText === now.onePerText &&
    areSame(former.positives, now.positives, change) &&
    areSame(former.extra, now.extra, change) &&
    former.lists.every((list, position) => isSameList(list, now.lists[position], change))
  );
}

function areSame(former: readonly number[], now: readonly number[], { newDocument }: CollectionChange): boolean {
  return former.length === now.length && former.every((document, i) => newDocument[document] === now[i]);
}

function isSameList(former: PlannedList, now: PlannedList | undefined, change: CollectionChange): boolean {
  if (former.kind === "nearest" && now?.kind === "nearest") return former.depth === now.depth;
  return JSON.stringify(renumberedList(former, change)) === JSON.stringify(now);
}

function renumberedList(list: PlannedList, { newDocument }: CollectionChange): PlannedList {
  const renumber = (documents: readonly number[]): readonly number[] => documents.map((document) => newDocument[document] ?? -1);
  switch (list.kind) {
    case "nearest":
      return list;
    case "fused":
      return { ...list, words: { ...list.words, documents: renumber(list.words.documents) } };
    default:
      return { ...list, documents: renumber(list.documents) };
  }
}

function hasSameTwins(former: number, now: number, change: CollectionChange): boolean {
  const { before, after } = change;
  return areSame(itemAt(before.queries, former).twinPositives, itemAt(after.queries, now).twinPositives, change);
}
