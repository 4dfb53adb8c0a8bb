import type { Collection } from "../collection/collection";
import { wordHashes } from "../lexical/wordHashes";

/** Words that two texts have. */
export interface WordCounts {
  /** Different words of each, and of both. */
  readonly first: number;
  readonly second: number;
  readonly shared: number;
}

/** Texts as sets of hashes of their words, each made when it is first asked for: four bytes for a different word of the text. */
class WordSetTable {
  readonly #collection: Collection;
  /** The sets one after the other, each ascending. */
  #values = new Uint32Array(4096);
  /** Where each set begins; the last number is where the next one will. */
  readonly #starts: number[] = [0];
  /** Set of each group, and of each query; -1 where it is not made yet. */
  readonly #ofGroup: Int32Array;
  readonly #ofQuery: Int32Array;

  constructor(collection: Collection) {
    this.#collection = collection;
    this.#ofGroup = new Int32Array(collection.groups.length).fill(-1);
    this.#ofQuery = new Int32Array(collection.queries.length).fill(-1);
  }

  ofGroup(group: number): number {
    const known = this.#ofGroup[group] ?? -1;
    if (known !== -1) return known;
    const made = this.#add(this.#collection.documents[this.#collection.groups[group]?.[0] ?? -1]?.text ?? "");
    this.#ofGroup[group] = made;
    return made;
  }

  ofQuery(query: number): number {
    const known = this.#ofQuery[query] ?? -1;
    if (known !== -1) return known;
    const made = this.#add(this.#collection.queries[query]?.text ?? "");
    this.#ofQuery[query] = made;
    return made;
  }

  count(a: number, b: number): WordCounts {
    const values = this.#values;
    const [startOfA, endOfA] = [this.#starts[a] ?? 0, this.#starts[a + 1] ?? 0];
    const [startOfB, endOfB] = [this.#starts[b] ?? 0, this.#starts[b + 1] ?? 0];
    let [i, j, shared] = [startOfA, startOfB, 0];
    while (i < endOfA && j < endOfB) {
      const x = values[i] ?? 0;
      const y = values[j] ?? 0;
      if (x === y) shared += 1;
      if (x <= y) i += 1;
      if (y <= x) j += 1;
    }
    return { first: endOfA - startOfA, second: endOfB - startOfB, shared };
  }

  /** Whether a set has all of these hashes. */
  hasAll(set: number, hashes: Uint32Array): boolean {
    return hashes.every((hash) => this.#has(set, hash));
  }

  #has(set: number, hash: number): boolean {
    let low = this.#starts[set] ?? 0;
    let high = this.#starts[set + 1] ?? 0;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#values[middle] ?? 0) < hash) low = middle + 1;
      else high = middle;
    }
    return low < (this.#starts[set + 1] ?? 0) && this.#values[low] === hash;
  }

  #add(text: string): number {
    const start = this.#starts.at(-1) ?? 0;
    const words = wordHashes(text).slice().sort();
    if (start + words.length > this.#values.length) {
      const longer = new Uint32Array(Math.max(start + words.length, Math.ceil(1.5 * this.#values.length)));
      longer.set(this.#values);
      this.#values = longer;
    }
    let end = start;
    for (const [at, word] of words.entries()) {
      if (at > 0 && words[at - 1] === word) continue;
      this.#values[end] = word;
      end += 1;
    }
    return this.#starts.push(end) - 2;
  }
}

const tables = new WeakMap<Collection, WordSetTable>();

function tableOf(collection: Collection): WordSetTable {
  const known = tables.get(collection);
  if (known !== undefined) return known;
  const made = new WordSetTable(collection);
  tables.set(collection, made);
  return made;
}

/** Different words of two groups of equal texts. What it takes to answer is remembered as long as the collection lives. */
export function sharedWords(collection: Collection, group: number, other: number): WordCounts {
  const table = tableOf(collection);
  return table.count(table.ofGroup(group), table.ofGroup(other));
}

/** Whether the text of a group has all words of these hashes, in whatever order: a quick test before the text is looked through. */
export function hasWords(collection: Collection, group: number, hashes: Uint32Array): boolean {
  const table = tableOf(collection);
  return table.hasAll(table.ofGroup(group), hashes);
}

/** As `sharedWords`, of a query's text, by its index, and a group. */
export function wordsSharedWithQuery(collection: Collection, query: number, group: number): WordCounts {
  const table = tableOf(collection);
  return table.count(table.ofQuery(query), table.ofGroup(group));
}
