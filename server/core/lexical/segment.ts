import { type PostingRange, type Postings, rangeOf } from "./postings";

/** The inverted lists of texts that came in together, or were merged. Some of its texts may have been dropped since. */
export class Segment {
  readonly serial: number;
  readonly postings: Postings;
  /** Texts that it was made of, with those that have no words. */
  readonly texts: number;
  /** Texts that were dropped or replaced since; their entries are still in the lists. */
  #dead: number;
  /** Live entries of a term's list, where that is not simply its length. Forgotten with every drop. */
  readonly #liveEntries = new Map<number, number>();

  constructor(serial: number, postings: Postings, { texts, dead }: { readonly texts: number; readonly dead: number }) {
    this.serial = serial;
    this.postings = postings;
    this.texts = texts;
    this.#dead = dead;
  }

  get dead(): number {
    return this.#dead;
  }

  drop(): void {
    this.#dead += 1;
    this.#liveEntries.clear();
  }

  list(term: number): PostingRange {
    return rangeOf(this.postings, term);
  }

  /** Number of live texts with a term. */
  countLive(term: number, segmentOf: Int32Array): number {
    const { from, to } = this.list(term);
    if (this.#dead === 0) return to - from;
    const known = this.#liveEntries.get(term);
    if (known !== undefined) return known;
    let live = 0;
    for (let at = from; at < to; at += 1) {
      live += segmentOf[this.postings.slots[at] ?? 0] === this.serial ? 1 : 0;
    }
    this.#liveEntries.set(term, live);
    return live;
  }
}
