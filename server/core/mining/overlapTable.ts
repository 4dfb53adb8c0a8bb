import type { Collection } from "../collection/collection";
import { ShingleSets } from "./shingles";

/** Shingle sets of the groups and queries of a collection, each made when it is first asked for: four bytes for a word of the text. */
class OverlapTable {
  readonly #collection: Collection;
  readonly #sets = new ShingleSets();
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

const tables = new WeakMap<Collection, OverlapTable>();

function tableOf(collection: Collection): OverlapTable {
  const known = tables.get(collection);
  if (known !== undefined) return known;
  const made = new OverlapTable(collection);
  tables.set(collection, made);
  return made;
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
