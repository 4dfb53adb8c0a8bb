import type { Collection } from "../collection/collection";
import { ShingleSets } from "./shingles";

/** Sets of texts that are gone stay until so many of all are theirs. */
const mostStale = 0.5;

/** Shingle sets of the groups and queries of a collection, each made when it is first asked for: four bytes for a word of the text. */
class OverlapTable {
  readonly #collection: Collection;
  #sets = new ShingleSets();
  /** Set of each group, and of each query; -1 where it is not made yet. */
  readonly #ofGroup: Int32Array;
  readonly #ofQuery: Int32Array;

  constructor(collection: Collection) {
    this.#collection = collection;
    this.#ofGroup = new Int32Array(collection.groups.length).fill(-1);
    this.#ofQuery = new Int32Array(collection.queries.length).fill(-1);
  }

  ofGroups(a: number, b: number, least: number): number {
    return this.#sets.overlap(this.#setOfGroup(a), this.#setOfGroup(b), least);
  }

  ofQuery(query: number, group: number, least: number): number {
    return this.#sets.overlap(this.#setOfQuery(query), this.#setOfGroup(group), least);
  }

  /** Takes over what another table has of texts that are here as well. `newGroup` and `newQuery` give their new numbers, -1 where there is none. */
  takeOver(known: OverlapTable, newGroup: (group: number) => number, newQuery: (query: number) => number): void {
    const taken = renumber(known.#ofGroup, this.#ofGroup, newGroup) + renumber(known.#ofQuery, this.#ofQuery, newQuery);
    if (taken >= known.#sets.size * (1 - mostStale)) {
      this.#sets = known.#sets;
    } else {
      this.#ofGroup.fill(-1);
      this.#ofQuery.fill(-1);
    }
  }

  #setOfGroup(group: number): number {
    const known = this.#ofGroup[group] ?? -1;
    if (known !== -1) return known;
    const document = this.#collection.groups[group]?.[0] ?? -1;
    const made = this.#sets.add(this.#collection.documents[document]?.text ?? "");
    this.#ofGroup[group] = made;
    return made;
  }

  #setOfQuery(query: number): number {
    const known = this.#ofQuery[query] ?? -1;
    if (known !== -1) return known;
    const made = this.#sets.add(this.#collection.queries[query]?.text ?? "");
    this.#ofQuery[query] = made;
    return made;
  }
}

/** @returns how many sets have a new owner */
function renumber(former: Int32Array, now: Int32Array, newOwner: (owner: number) => number): number {
  let taken = 0;
  for (let owner = 0; owner < former.length; owner += 1) {
    const set = former[owner] ?? -1;
    const target = set === -1 ? -1 : newOwner(owner);
    if (target === -1) continue;
    now[target] = set;
    taken += 1;
  }
  return taken;
}

const tables = new WeakMap<Collection, OverlapTable>();

function tableOf(collection: Collection): OverlapTable {
  const known = tables.get(collection);
  if (known !== undefined) return known;
  const made = new OverlapTable(collection);
  tables.set(collection, made);
  return made;
}

/** How the texts of a changed collection correspond to those of the former. */
export interface Correspondence {
  readonly before: Collection;
  readonly after: Collection;
  /** New index of each former document, and of a former query, with the same text; -1 for those that are gone. */
  readonly newDocument: Int32Array;
  readonly newQuery: (query: number) => number;
}

/** Takes what is remembered of texts over to the collection that comes after. */
export function carryOverlaps({ before, after, newDocument, newQuery }: Correspondence): void {
  const known = tables.get(before);
  if (known === undefined) return;
  const newGroup = (group: number): number => {
    // A group's set is that of its first text.
    const first = newDocument[before.groups[group]?.[0] ?? -1] ?? -1;
    const target = after.documents[first]?.group ?? -1;
    return after.groups[target]?.[0] === first ? target : -1;
  };
  tableOf(after).takeOver(known, newGroup, newQuery);
}

/**
 * Shared part of the three-word shingles of two groups of documents (Jaccard); -1 where it is below `floor`, which is above 0. What it takes
 * to answer is remembered as long as the collection lives; the answer is not.
 */
export function groupOverlap(collection: Collection, a: number, b: number, floor: number): number {
  return tableOf(collection).ofGroups(a, b, floor);
}

/** As `groupOverlap`, of a query's text and a group of documents. `query` is an index in `Collection.queries`. */
export function queryOverlap(collection: Collection, query: number, group: number, floor: number): number {
  return tableOf(collection).ofQuery(query, group, floor);
}
