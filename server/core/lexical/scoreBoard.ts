import { lowerBound, type PostingRange } from "./postings";
import type { Segment } from "./segment";
import { type Hits, TopHits } from "./topHits";

/** How BM25 weighs. */
export interface Bm25Weights {
  /** Saturation of a word's count in a text, at least 0. */
  readonly k1: number;
  /** How far the length of a text counts, 0 to 1. */
  readonly b: number;
}

/** A word of the query. */
export interface QueryTerm {
  readonly term: number;
  /** idf times the word's count in the query times k1 + 1: more than a text can gain by the word, or as much where k1 is 0. */
  readonly weight: number;
}

/** What is searched. */
export interface IndexedTexts {
  readonly segments: readonly Segment[];
  /** Serial number of the segment that holds each slot's text; 0 for a slot without one. */
  readonly segmentOf: Int32Array;
  /** Words in each slot's text. */
  readonly lengths: Int32Array;
  readonly averageLength: number;
}

/** Room for rounding where bounds are compared. */
const slack = 1 + 1e-9;

/** A text is looked up in a list, by halving, where there are so many times fewer texts than the list is long. */
const worthLookingUp = 16;

/**
 * Sums the scores of texts word by word, the rarest first, in memory that is used again for the next query. As soon as no text that has
 * only words still to come can be among the best, the long lists of common words are asked about the texts in the running alone
 * (MaxScore, Turtle and Flood 1995). A score is the same sum in the same order whatever is passed over.
 */
export class ScoreBoard {
  #scores = new Float64Array(0);
  #touched = new Int32Array(0);
  #touchedCount = 0;

  /**
   * @param terms heaviest first
   * @param count at least 1
   */
  best(terms: readonly QueryTerm[], count: number, texts: IndexedTexts, weights: Bm25Weights): Hits {
    this.#reserve(texts.segmentOf.length);
    const gainOf = gainsBy(weights, texts);
    const toCome = sumsAfter(terms);
    const total = (toCome[0] ?? 0) + (terms[0]?.weight ?? 0);
    let running: Int32Array | undefined;
    for (const [at, { term, weight }] of terms.entries()) {
      for (const segment of texts.segments) {
        const list = { segment, range: segment.list(term), gainOf: gainOf(weight) };
        if (running === undefined) this.#addAll(list, texts.segmentOf);
        else this.#addTo(running, list, texts.segmentOf);
      }
      running = this.#inTheRunning(running, count, { reached: total - (toCome[at] ?? 0), toCome: (toCome[at] ?? 0) * slack });
    }
    const hits = this.#top(running, count).ranked();
    this.#clear();
    return hits;
  }

  #addAll({ segment, range, gainOf }: TermList, segmentOf: Int32Array): void {
    const scores = this.#scores;
    const { slots, counts } = segment.postings;
    const whole = segment.dead === 0;
    for (let at = range.from; at < range.to; at += 1) {
      const slot = slots[at] ?? 0;
      if (!whole && segmentOf[slot] !== segment.serial) continue;
      const before = scores[slot] ?? 0;
      if (before === 0) {
        this.#touched[this.#touchedCount] = slot;
        this.#touchedCount += 1;
      }
      scores[slot] = before + gainOf(slot, counts[at] ?? 0);
    }
  }

  /** Texts outside the running may gain as well: their scores no longer matter. */
  #addTo(running: Int32Array, { segment, range, gainOf }: TermList, segmentOf: Int32Array): void {
    const scores = this.#scores;
    const { slots, counts } = segment.postings;
    if (running.length * worthLookingUp < range.to - range.from) {
      for (const slot of running) {
        if (segmentOf[slot] !== segment.serial) continue;
        const at = lowerBound(slots, slot, range);
        if (at < range.to && slots[at] === slot) scores[slot] = (scores[slot] ?? 0) + gainOf(slot, counts[at] ?? 0);
      }
      return;
    }
    for (let at = range.from; at < range.to; at += 1) {
      const slot = slots[at] ?? 0;
      const before = scores[slot] ?? 0;
      if (before > 0 && segmentOf[slot] === segment.serial) scores[slot] = before + gainOf(slot, counts[at] ?? 0);
    }
  }

  /**
   * The texts that can still be among the best, given what words still to come can add; undefined as long as texts without any score so
   * far can.
   */
  #inTheRunning(among: Int32Array | undefined, count: number, { reached, toCome }: Bounds): Int32Array | undefined {
    const candidates = among ?? this.#touched.subarray(0, this.#touchedCount);
    if (candidates.length < count || (among === undefined && reached <= toCome)) return among;
    const { least } = this.#top(candidates, count);
    if (among === undefined && least <= toCome) return undefined;
    return candidates.filter((slot) => ((this.#scores[slot] ?? 0) + toCome) * slack >= least);
  }

  #top(among: Int32Array | undefined, count: number): TopHits {
    const candidates = among ?? this.#touched.subarray(0, this.#touchedCount);
    const hits = new TopHits(Math.min(count, Math.max(1, candidates.length)));
    for (const slot of candidates) {
      hits.offer(slot, this.#scores[slot] ?? 0);
    }
    return hits;
  }

  #clear(): void {
    for (let at = 0; at < this.#touchedCount; at += 1) {
      this.#scores[this.#touched[at] ?? 0] = 0;
    }
    this.#touchedCount = 0;
  }

  #reserve(slots: number): void {
    if (this.#scores.length >= slots) return;
    this.#scores = new Float64Array(slots);
    this.#touched = new Int32Array(slots);
  }
}

/** The most that a text can have by now, and what it can gain yet. */
interface Bounds {
  readonly reached: number;
  readonly toCome: number;
}

/** The list of a term in a segment, and what it adds to a text's score by the word's count there. */
interface TermList {
  readonly segment: Segment;
  readonly range: PostingRange;
  readonly gainOf: (slot: number, found: number) => number;
}

/** BM25's saturating gain: weight f / (f + k1 (1 - b + b length / average length)) for a word that stands f times in a text. */
function gainsBy({ k1, b }: Bm25Weights, { lengths, averageLength }: IndexedTexts): (weight: number) => TermList["gainOf"] {
  const fixed = k1 * (1 - b);
  const perWord = (k1 * b) / averageLength;
  return (weight) => (slot, found) => (weight * found) / (found + fixed + perWord * (lengths[slot] ?? 0));
}

/** For each term the sum of the weights after it. */
function sumsAfter(terms: readonly QueryTerm[]): Float64Array {
  const sums = new Float64Array(terms.length);
  for (let at = terms.length - 2; at >= 0; at -= 1) {
    sums[at] = (sums[at + 1] ?? 0) + (terms[at + 1]?.weight ?? 0);
  }
  return sums;
}
