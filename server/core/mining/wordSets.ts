import type { Collection } from "../collection/collection";
import { grown } from "../lexical/postings";
import { wordHashes } from "../lexical/wordHashes";

/** So many texts say how rare a word is: all of a small collection, and of a larger one an even sample. */
const SAMPLED_TEXTS = 4096;

/** Texts as sets of numbered words, each made when it is first asked for: four bytes for a different word of the text. */
class WordSetTable {
  readonly #collection: Collection;
  /** Number of each word, by its hash. */
  readonly #numbers = new Map<number, number>();
  /** The sets one after the other. */
  #values = new Int32Array(4096);
  /** Where each set begins; the last number is where the next one will. */
  readonly #starts: number[] = [0];
  /** Set of each group, and of each query; -1 where it is not made yet. */
  readonly #ofGroup: Int32Array;
  readonly #ofQuery: Int32Array;
  /** For each word the set that it was last noted for, and the last set that was noted: several are compared with the same one in a row. */
  #notes = new Int32Array(4096).fill(-1);
  #noted = -1;
  /** Weight of each word that the sample has, and of one that it does not have; made when it is first asked for. */
  #weights = new Float64Array(0);
  #weightOfOthers = Number.NaN;
  /** Weight of all words of each set, as far as it was asked for. */
  readonly #totals: number[] = [];

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

  /** Weight of its different words. */
  totalOf(set: number): number {
    const known = this.#totals[set];
    if (known !== undefined) return known;
    this.#weigh();
    let total = 0;
    const end = this.#starts[set + 1] ?? 0;
    for (let at = this.#starts[set] ?? 0; at < end; at += 1) total += this.#weights[this.#values[at] ?? -1] ?? this.#weightOfOthers;
    this.#totals[set] = total;
    return total;
  }

  /** Weight of the words that two sets share. Quickest where the first is the same as the last time. */
  shared(a: number, b: number): number {
    this.#weigh();
    const [values, notes, weights] = [this.#values, this.#notes, this.#weights];
    if (this.#noted !== a) {
      const end = this.#starts[a + 1] ?? 0;
      for (let at = this.#starts[a] ?? 0; at < end; at += 1) notes[values[at] ?? 0] = a;
      this.#noted = a;
    }
    const end = this.#starts[b + 1] ?? 0;
    let shared = 0;
    for (let at = this.#starts[b] ?? 0; at < end; at += 1) {
      const word = values[at] ?? 0;
      if (notes[word] === a) shared += weights[word] ?? this.#weightOfOthers;
    }
    return shared;
  }

  /** Whether a set has all of the words with these hashes. */
  hasAll(set: number, hashes: Uint32Array): boolean {
    const own = this.#values.subarray(this.#starts[set] ?? 0, this.#starts[set + 1] ?? 0);
    return hashes.every((hash) => own.includes(this.#numbers.get(hash) ?? -1));
  }

  /**
   * A word weighs ln ((N + 1) / (n + 1/2)), n of the N texts of the sample having it: what two texts share says the more the rarer it is (Sparck Jones
   * 1972).
   */
  #weigh(): void {
    if (!Number.isNaN(this.#weightOfOthers)) return;
    const groups = this.#collection.groups.length;
    const sampled = Math.min(groups, SAMPLED_TEXTS);
    const sets = Array.from({ length: sampled }, (_, i) => this.ofGroup(Math.floor((i * groups) / sampled)));
    const counts = new Uint32Array(this.#numbers.size);
    for (const set of sets) {
      const end = this.#starts[set + 1] ?? 0;
      for (let at = this.#starts[set] ?? 0; at < end; at += 1) {
        const word = this.#values[at] ?? 0;
        counts[word] = (counts[word] ?? 0) + 1;
      }
    }
    const weightOf = (texts: number): number => Math.log((sampled + 1) / (texts + 0.5));
    this.#weights = Float64Array.from(counts, weightOf);
    this.#weightOfOthers = weightOf(0);
  }

  #add(text: string): number {
    const start = this.#starts.at(-1) ?? 0;
    const hashes = wordHashes(text);
    if (start + hashes.length > this.#values.length) this.#values = grown(this.#values, start + hashes.length);
    const set = this.#starts.length - 1;
    let end = start;
    for (const hash of hashes) {
      const word = this.#numberOf(hash);
      if (this.#notes[word] === set) continue;
      this.#notes[word] = set;
      this.#values[end] = word;
      end += 1;
    }
    this.#noted = set;
    this.#starts.push(end);
    return set;
  }

  #numberOf(hash: number): number {
    const known = this.#numbers.get(hash);
    if (known !== undefined) return known;
    const made = this.#numbers.size;
    this.#numbers.set(hash, made);
    if (made >= this.#notes.length) {
      const before = this.#notes.length;
      this.#notes = grown(this.#notes, made + 1).fill(-1, before);
    }
    return made;
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

/**
 * Words in common over the words of either (Jaccard), of two groups of equal texts, rare words counting more. What it takes to answer is kept as
 * long as the collection lives.
 */
export function wordOverlap(collection: Collection, group: number, other: number): number {
  const table = tableOf(collection);
  const [one, two] = [table.ofGroup(group), table.ofGroup(other)];
  const shared = table.shared(one, two);
  const either = table.totalOf(one) + table.totalOf(two) - shared;
  return either > 0 ? shared / either : 0;
}

/** Part of the different words of a query, by its index, that the text of a group has, rare words counting more; NaN for a query without words. */
export function queryCoverage(collection: Collection, query: number, group: number): number {
  const table = tableOf(collection);
  const own = table.ofQuery(query);
  return table.shared(own, table.ofGroup(group)) / table.totalOf(own);
}

/** Whether the text of a group has all words of these hashes, in whatever order: a quick test before the text is looked through. */
export function hasWords(collection: Collection, group: number, hashes: Uint32Array): boolean {
  const table = tableOf(collection);
  return table.hasAll(table.ofGroup(group), hashes);
}
