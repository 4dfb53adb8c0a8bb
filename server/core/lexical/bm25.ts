import type { Breathe } from "../ports";
import { ownText } from "../util/ownText";
import { mergePostings } from "./mergePostings";
import { grown, PostingsBuilder, type Postings } from "./postings";
import { type Bm25Weights, type QueryTerm, ScoreBoard } from "./scoreBoard";
import { Segment } from "./segment";
import { tokenize } from "./tokenize";
import type { Hits } from "./topHits";

/** Texts tokenised in one slice: some milliseconds of work. */
const sliceLength = 200;

/** A text under the number by which the caller knows it: a small one, since memory is taken for the largest. */
export interface SlotText {
  readonly slot: number;
  readonly text: string;
}

export interface PutOptions {
  readonly breathe: Breathe;
  /** Asked after each slice. */
  readonly needless?: () => boolean;
}

/**
 * Okapi BM25 (Robertson and Zaragoza 2009) over texts in slots, with Lucene's idf ln(1 + (N - n + 0.5) / (n + 0.5)), which is never
 * negative. Texts come and go at any time; answers are those of an index made anew of the texts that are there, to the last bit.
 *
 * What is put together becomes a segment. A segment that is less than twice as large as those after it together is merged with them, so
 * that there are few (the logarithmic method, Bentley and Saxe 1980); one with a fourth of its texts dropped is cleared of them with the next
 * `put`. Words stay in the vocabulary until the index is empty.
 */
export class Bm25Index {
  readonly #vocabulary = new Map<string, number>();
  /** Oldest first. */
  #segments: Segment[] = [];
  #lastSerial = 0;
  /** Serial number of the segment that holds a slot's text; 0 for a slot without one. */
  #segmentOf = new Int32Array(0);
  #lengths = new Int32Array(0);
  #size = 0;
  #totalLength = 0;
  /** Resolves when all that was put is there: one `put` after the other. */
  #lastPut: Promise<unknown> = Promise.resolve();
  readonly #board = new ScoreBoard();

  /** Number of texts. */
  get size(): number {
    return this.#size;
  }

  /**
   * Puts texts into slots, each slot once, in place of those that are there, letting waiting input in between slices. They are found, all
   * at once, when the promise resolves to true; false says that the work became needless on the way, and then nothing has changed. Several
   * calls are answered one after the other.
   */
  put(texts: readonly SlotText[], options: PutOptions): Promise<boolean> {
    const put = this.#lastPut.then(() => this.#putNow(texts, options));
    this.#lastPut = put.catch(() => undefined);
    return put;
  }

  /** Takes the texts of these slots out, at once; slots without a text are passed over, and so are texts whose `put` is not yet done. */
  drop(slots: Iterable<number>): void {
    for (const slot of slots) {
      const serial = this.#segmentOf[slot] ?? 0;
      if (serial === 0) continue;
      this.#segments.find((segment) => segment.serial === serial)?.drop();
      this.#segmentOf[slot] = 0;
      this.#totalLength -= this.#lengths[slot] ?? 0;
      this.#size -= 1;
    }
  }

  /** The best texts with at least one word of the query, at most `count`, best first; equal scores in ascending order of slot. */
  search(query: string, count: number, weights: Bm25Weights): Hits {
    const terms = this.#weighted(query, weights);
    if (terms.length === 0 || count < 1) return { slots: new Int32Array(0), scores: new Float64Array(0) };
    const texts = {
      segments: this.#segments,
      segmentOf: this.#segmentOf,
      lengths: this.#lengths,
      averageLength: this.#totalLength / this.#size,
    };
    return this.#board.best(terms, count, texts, weights);
  }

  async #putNow(texts: readonly SlotText[], { breathe, needless = () => false }: PutOptions): Promise<boolean> {
    // No builder holds a number of a word now.
    if (this.#size === 0) this.#clear();
    const indexing = this.#index(texts);
    let step = indexing.next();
    while (step.done !== true) {
      await breathe();
      if (needless()) return false;
      step = indexing.next();
    }
    this.#commit(step.value);
    // What is kept in order now is not asked for again, whatever becomes needless.
    const tidying = this.#tidy();
    while (tidying.next().done !== true) {
      await breathe();
    }
    return true;
  }

  *#index(texts: readonly SlotText[]): Generator<undefined, IndexedBatch> {
    const sorted = [...texts].sort((a, b) => a.slot - b.slot);
    const builder = new PostingsBuilder();
    const lengths = new Int32Array(sorted.length);
    for (const [at, { slot, text }] of sorted.entries()) {
      if (slot === sorted[at - 1]?.slot) throw new RangeError(`Slot ${String(slot)} is given two texts.`);
      const words = tokenize(text);
      lengths[at] = words.length;
      builder.add(
        slot,
        words.map((word) => this.#vocabulary.get(word) ?? this.#learn(word)),
      );
      if (at % sliceLength === sliceLength - 1) yield;
    }
    const postings = yield* builder.invert(this.#vocabulary.size);
    return { slots: Int32Array.from(sorted, ({ slot }) => slot), lengths, postings };
  }

  #commit({ slots, lengths, postings }: IndexedBatch): void {
    if (slots.length === 0) return;
    this.drop(slots);
    this.#reserve((slots.at(-1) ?? 0) + 1);
    this.#lastSerial += 1;
    for (const [at, slot] of slots.entries()) {
      const length = lengths[at] ?? 0;
      this.#segmentOf[slot] = this.#lastSerial;
      this.#lengths[slot] = length;
      this.#totalLength += length;
    }
    this.#size += slots.length;
    this.#segments.push(new Segment(this.#lastSerial, postings, { texts: slots.length, dead: 0 }));
  }

  /** Merges and clears segments until none has to be. */
  *#tidy(): Generator<undefined, undefined> {
    for (;;) {
      const worn = this.#segments.findIndex(({ texts, dead }) => dead * 4 >= texts);
      const small = this.#segments.findIndex((segment, at) => sizeOf(segment) < 2 * sizeOf(this.#segments[at + 1]));
      if (worn === -1 && small === -1) return undefined;
      yield* worn === -1 ? this.#merge(small, 2) : this.#merge(worn, 1);
    }
  }

  /** Puts one segment in the place of some in a row. They are searched until it is done; texts may be dropped meanwhile. */
  *#merge(first: number, count: number): Generator<undefined, undefined> {
    const merged = this.#segments.slice(first, first + count);
    const isLiveIn = (serial: number) => (slot: number) => this.#segmentOf[slot] === serial;
    const [one, other] = merged.map(({ serial, postings }) => ({ postings, isLive: isLiveIn(serial) }));
    const texts = merged.reduce((sum, segment) => sum + segment.texts - segment.dead, 0);
    const postings =
      one === undefined || texts === 0 ? noPostings : yield* mergePostings(one, other ?? { postings: noPostings, isLive: () => false });
    this.#lastSerial += 1;
    const live = this.#relabel(new Set(merged.map(({ serial }) => serial)), this.#lastSerial);
    const made = live === 0 ? [] : [new Segment(this.#lastSerial, postings, { texts, dead: texts - live })];
    this.#segments.splice(first, count, ...made);
    return undefined;
  }

  /** Number of slots that have got another serial number. */
  #relabel(from: ReadonlySet<number>, to: number): number {
    let relabelled = 0;
    for (let slot = 0; slot < this.#segmentOf.length; slot += 1) {
      if (!from.has(this.#segmentOf[slot] ?? 0)) continue;
      this.#segmentOf[slot] = to;
      relabelled += 1;
    }
    return relabelled;
  }

  /** The query's words that texts have, heaviest first, equal ones in the order of the query. */
  #weighted(query: string, { k1 }: Bm25Weights): readonly QueryTerm[] {
    const times = new Map<number, number>();
    for (const word of tokenize(query)) {
      const term = this.#vocabulary.get(word);
      if (term !== undefined) times.set(term, (times.get(term) ?? 0) + 1);
    }
    const terms: QueryTerm[] = [];
    for (const [term, count] of times) {
      const containing = this.#segments.reduce((sum, segment) => sum + segment.countLive(term, this.#segmentOf), 0);
      if (containing === 0) continue;
      const idf = Math.log(1 + (this.#size - containing + 0.5) / (containing + 0.5));
      terms.push({ term, weight: count * idf * (k1 + 1) });
    }
    return terms.sort((a, b) => b.weight - a.weight);
  }

  #learn(word: string): number {
    const term = this.#vocabulary.size;
    this.#vocabulary.set(ownText(word), term);
    return term;
  }

  #clear(): void {
    this.#vocabulary.clear();
    this.#segments = [];
    this.#segmentOf = new Int32Array(0);
    this.#lengths = new Int32Array(0);
  }

  #reserve(slots: number): void {
    if (slots <= this.#segmentOf.length) return;
    this.#segmentOf = grown(this.#segmentOf, slots);
    this.#lengths = grown(this.#lengths, slots);
  }
}

/** Texts on their way into the index, in ascending order of slot. */
interface IndexedBatch {
  readonly slots: Int32Array;
  /** Words of each. */
  readonly lengths: Int32Array;
  readonly postings: Postings;
}

const noPostings: Postings = { terms: new Int32Array(0), start: new Int32Array(1), slots: new Int32Array(0), counts: new Uint8Array(0) };

/** Entries in a segment's lists, and one for each text, since a text may have no words; 0 for no segment. */
function sizeOf(segment: Segment | undefined): number {
  return segment === undefined ? 0 : segment.postings.slots.length + segment.texts;
}
