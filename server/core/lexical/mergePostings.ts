import type { Postings } from "./postings";

/** Inverted lists to merge, and which of their slots are still good. */
export interface MergeSource {
  readonly postings: Postings;
  readonly isLive: (slot: number) => boolean;
}

/** Some milliseconds of work. */
const entriesPerSlice = 300_000;

/** One set of inverted lists of two, without the slots that are no longer good. No slot is good in both. Yields now and then. */
export function* mergePostings(one: MergeSource, other: MergeSource): Generator<undefined, Postings> {
  const merger = new Merger(one, other);
  let atYield = 0;
  while (merger.nextTerm()) {
    if (merger.read - atYield >= entriesPerSlice) {
      atYield = merger.read;
      yield;
    }
  }
  return merger.finish();
}

class Merger {
  readonly #one: MergeSource;
  readonly #other: MergeSource;
  /** Position among the terms of each source. */
  #termOfOne = 0;
  #termOfOther = 0;
  readonly #terms: Int32Array;
  readonly #start: Int32Array;
  readonly #slots: Int32Array;
  readonly #counts: Uint8Array;
  #different = 0;
  #used = 0;
  /** Entries read from both. */
  read = 0;

  constructor(one: MergeSource, other: MergeSource) {
    this.#one = one;
    this.#other = other;
    const terms = one.postings.terms.length + other.postings.terms.length;
    const entries = one.postings.slots.length + other.postings.slots.length;
    this.#terms = new Int32Array(terms);
    this.#start = new Int32Array(terms + 1);
    this.#slots = new Int32Array(entries);
    this.#counts = new Uint8Array(entries);
  }

  /** Merges the lists of the next term; false where there is none. */
  nextTerm(): boolean {
    const [one, other] = [this.#one.postings, this.#other.postings];
    const term = Math.min(one.terms[this.#termOfOne] ?? Infinity, other.terms[this.#termOfOther] ?? Infinity);
    if (term === Infinity) return false;
    const inOne = one.terms[this.#termOfOne] === term;
    const inOther = other.terms[this.#termOfOther] === term;
    const before = this.#used;
    this.#mergeLists(inOne ? this.#termOfOne : -1, inOther ? this.#termOfOther : -1);
    this.#termOfOne += inOne ? 1 : 0;
    this.#termOfOther += inOther ? 1 : 0;
    if (this.#used > before) {
      this.#terms[this.#different] = term;
      this.#different += 1;
      this.#start[this.#different] = this.#used;
    }
    return true;
  }

  finish(): Postings {
    return {
      terms: this.#terms.slice(0, this.#different),
      start: this.#start.slice(0, this.#different + 1),
      slots: this.#used === this.#slots.length ? this.#slots : this.#slots.slice(0, this.#used),
      counts: this.#used === this.#counts.length ? this.#counts : this.#counts.slice(0, this.#used),
    };
  }

  /** @param a term's position in the first source, -1 where it has none of it; `b` likewise in the second */
  #mergeLists(a: number, b: number): void {
    const [one, other] = [this.#one.postings, this.#other.postings];
    let i = a === -1 ? 0 : (one.start[a] ?? 0);
    let j = b === -1 ? 0 : (other.start[b] ?? 0);
    const endOfOne = a === -1 ? 0 : (one.start[a + 1] ?? 0);
    const endOfOther = b === -1 ? 0 : (other.start[b + 1] ?? 0);
    this.read += endOfOne - i + (endOfOther - j);
    while (i < endOfOne || j < endOfOther) {
      if (j >= endOfOther || (i < endOfOne && (one.slots[i] ?? 0) < (other.slots[j] ?? 0))) {
        this.#take(this.#one, i);
        i += 1;
      } else {
        this.#take(this.#other, j);
        j += 1;
      }
    }
  }

  #take({ postings, isLive }: MergeSource, at: number): void {
    const slot = postings.slots[at] ?? 0;
    if (!isLive(slot)) return;
    this.#slots[this.#used] = slot;
    this.#counts[this.#used] = postings.counts[at] ?? 0;
    this.#used += 1;
  }
}
