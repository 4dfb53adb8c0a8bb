/**
 * Inverted lists of some slots: for the term `terms[t]`, slots and counts stand from `start[t]` to `start[t + 1]`. Terms are in ascending
 * order, and so are the slots of each.
 */
export interface Postings {
  readonly terms: Int32Array;
  readonly start: Int32Array;
  readonly slots: Int32Array;
  /** How often the term stands in the text, at most 255: BM25 is flat long before. */
  readonly counts: Uint8Array;
}

/** Where a term's list begins and ends. */
export interface PostingRange {
  readonly from: number;
  readonly to: number;
}

const nothing: PostingRange = { from: 0, to: 0 };

/** The list of a term; an empty one where there is none. */
export function rangeOf({ terms, start }: Postings, term: number): PostingRange {
  const at = lowerBound(terms, term, { from: 0, to: terms.length });
  return terms[at] === term ? { from: start[at] ?? 0, to: start[at + 1] ?? 0 } : nothing;
}

/** First position of a range of ascending numbers whose number is not below `wanted`; the range's end where there is none. */
export function lowerBound(ascending: Int32Array, wanted: number, range: PostingRange): number {
  let { from, to } = range;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((ascending[middle] ?? 0) < wanted) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Some milliseconds of work each, while inverting. */
const entriesPerSlice = 500_000;
const textsPerSlice = 2000;

/** Collects the terms of texts one after the other, five bytes for each different term of a text, then inverts them. */
export class PostingsBuilder {
  #terms = new Int32Array(1024);
  #counts = new Uint8Array(1024);
  #used = 0;
  /** Where each term was last put in `#terms`: true only if it is found there. */
  #lastAt = new Int32Array(1024);
  readonly #slots: number[] = [];
  /** Where each text's terms end. */
  readonly #ends: number[] = [];

  /** The next text, by its terms in any order; slots must come in ascending order. */
  add(slot: number, terms: readonly number[]): void {
    const first = this.#used;
    this.#reserve(terms.length);
    for (const term of terms) {
      if (term >= this.#lastAt.length) this.#lastAt = grown(this.#lastAt, term + 1);
      const known = this.#lastAt[term] ?? 0;
      if (known >= first && known < this.#used && this.#terms[known] === term) {
        this.#counts[known] = Math.min((this.#counts[known] ?? 0) + 1, 255);
      } else {
        this.#terms[this.#used] = term;
        this.#counts[this.#used] = 1;
        this.#lastAt[term] = this.#used;
        this.#used += 1;
      }
    }
    this.#slots.push(slot);
    this.#ends.push(this.#used);
  }

  /** Sorts by term with one counting pass; yields now and then. */
  *invert(vocabulary: number): Generator<undefined, Postings> {
    const next = new Int32Array(vocabulary + 1);
    for (let index = 0; index < this.#used; index += 1) {
      const after = (this.#terms[index] ?? 0) + 1;
      next[after] = (next[after] ?? 0) + 1;
      if (index % entriesPerSlice === entriesPerSlice - 1) yield;
    }
    const terms = new Int32Array(next.reduce((sum, size) => sum + (size > 0 ? 1 : 0), 0));
    const start = new Int32Array(terms.length + 1);
    let different = 0;
    for (let term = 0; term < vocabulary; term += 1) {
      const size = next[term + 1] ?? 0;
      next[term + 1] = size + (next[term] ?? 0);
      if (size === 0) continue;
      terms[different] = term;
      different += 1;
      start[different] = next[term + 1] ?? 0;
    }
    yield;
    return { terms, start, ...(yield* this.#placed(next)) };
  }

  /** @param next where the next entry of each term goes; written to */
  *#placed(next: Int32Array): Generator<undefined, Pick<Postings, "slots" | "counts">> {
    const slots = new Int32Array(this.#used);
    const counts = new Uint8Array(this.#used);
    let index = 0;
    for (const [text, end] of this.#ends.entries()) {
      const slot = this.#slots[text] ?? 0;
      for (; index < end; index += 1) {
        const term = this.#terms[index] ?? 0;
        const at = next[term] ?? 0;
        next[term] = at + 1;
        slots[at] = slot;
        counts[at] = this.#counts[index] ?? 0;
      }
      if (text % textsPerSlice === textsPerSlice - 1) yield;
    }
    return { slots, counts };
  }

  #reserve(more: number): void {
    if (this.#used + more <= this.#terms.length) return;
    this.#terms = grown(this.#terms, this.#used + more);
    const counts = new Uint8Array(this.#terms.length);
    counts.set(this.#counts);
    this.#counts = counts;
  }
}

/** A longer copy, half as long again at least. */
export function grown(array: Int32Array, least: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(Math.max(least, Math.ceil(array.length * 1.5)));
  longer.set(array);
  return longer;
}
