import type { Collection } from "../collection/collection";
import { overlapAtLeast, prefixLength, shingles } from "./shingles";

/** Shingle sets that are kept whole, for pairs that need a closer look: a few megabytes. */
const keptSets = 2000;
const unknown = -1;

/**
 * Tells which groups of documents overlap in their shingles. Each text is cut into shingles once; of them only the prefix is kept that can
 * exclude an overlap, a fifth of them at a threshold of 0.8, in one array: about 100 bytes for a text of a hundred words.
 */
class OverlapTable {
  readonly #collection: Collection;
  readonly #least: number;
  /** Where each group's prefix begins in `#prefixes`, and its length. */
  readonly #start: Int32Array;
  readonly #length: Int32Array;
  #prefixes = new Uint32Array(1024);
  #used = 0;
  readonly #sets = new Map<number, Uint32Array>();

  constructor(collection: Collection, least: number) {
    this.#collection = collection;
    this.#least = least;
    this.#start = new Int32Array(collection.groups.length).fill(unknown);
    this.#length = new Int32Array(collection.groups.length);
  }

  get least(): number {
    return this.#least;
  }

  /** Shared part of two groups' shingles; -1 where it is below the threshold. */
  overlap(a: number, b: number): number {
    return this.#mayOverlap(a, b) ? overlapAtLeast(this.#set(a), this.#set(b), this.#least) : -1;
  }

  #mayOverlap(a: number, b: number): boolean {
    this.#prepare(a);
    this.#prepare(b);
    let i = this.#start[a] ?? 0;
    let j = this.#start[b] ?? 0;
    const endOfA = i + (this.#length[a] ?? 0);
    const endOfB = j + (this.#length[b] ?? 0);
    while (i < endOfA && j < endOfB) {
      const difference = (this.#prefixes[i] ?? 0) - (this.#prefixes[j] ?? 0);
      if (difference === 0) {
        return true;
      }
      if (difference < 0) {
        i += 1;
      } else {
        j += 1;
      }
    }
    return false;
  }

  #prepare(group: number): void {
    if (this.#start[group] !== unknown) {
      return;
    }
    const set = shingles(this.#textOf(group));
    const prefix = set.subarray(0, prefixLength(set.length, this.#least));
    if (this.#used + prefix.length > this.#prefixes.length) {
      const larger = new Uint32Array(Math.max(this.#used + prefix.length, Math.ceil(this.#prefixes.length * 1.5)));
      larger.set(this.#prefixes);
      this.#prefixes = larger;
    }
    this.#prefixes.set(prefix, this.#used);
    this.#start[group] = this.#used;
    this.#length[group] = prefix.length;
    this.#used += prefix.length;
  }

  #set(group: number): Uint32Array {
    const known = this.#sets.get(group);
    if (known !== undefined) {
      return known;
    }
    if (this.#sets.size === keptSets) {
      this.#sets.clear();
    }
    const made = shingles(this.#textOf(group));
    this.#sets.set(group, made);
    return made;
  }

  #textOf(group: number): string {
    const document = this.#collection.groups[group]?.[0];
    return document === undefined ? "" : (this.#collection.documents[document]?.text ?? "");
  }
}

const tables = new WeakMap<Collection, OverlapTable>();

/**
 * Shared part of the three-word shingles of two groups of documents (Jaccard); -1 where it is below `least`, which is above 0. What it takes
 * to answer is remembered as long as the collection lives and the threshold stays.
 */
export function groupOverlap(collection: Collection, a: number, b: number, least: number): number {
  let table = tables.get(collection);
  if (table?.least !== least) {
    table = new OverlapTable(collection, least);
    tables.set(collection, table);
  }
  return table.overlap(a, b);
}
