import type { Breathe } from "../ports";
import { ownText } from "../util/ownText";
import { type Postings, PostingsBuilder } from "./postings";
import { tokenize } from "./tokenize";
import { type ScoredDocument, TopHits } from "./topHits";

/** Saturation of a term's count in a document, and how far a document's length counts: Lucene's defaults. */
const k1 = 1.2;
const b = 0.75;

/** Documents tokenised in one slice: some milliseconds of work. */
const sliceLength = 200;

export interface AddOptions {
  readonly breathe: Breathe;
  /** Asked after each slice. */
  readonly needless?: () => boolean;
}

/**
 * Okapi BM25 (Robertson and Zaragoza 2009) over texts numbered in the order in which they were added, with Lucene's idf
 * ln(1 + (N - n + 0.5) / (n + 0.5)), which is never negative. Documents may be added at any time.
 */
export class Bm25Index {
  readonly #vocabulary = new Map<string, number>();
  readonly #segments: Postings[] = [];
  #lengths = new Int32Array(0);
  #totalLength = 0;

  /** Number of documents. */
  get size(): number {
    return this.#lengths.length;
  }

  /**
   * Adds documents, letting waiting input in between slices. They are found once the promise resolves to true; false says that the work
   * became needless on the way, and then the index is of no use.
   */
  async addAll(texts: readonly string[], { breathe, needless = () => false }: AddOptions): Promise<boolean> {
    const steps = this.#additions(texts);
    while (steps.next().done !== true) {
      await breathe();
      if (needless()) {
        return false;
      }
    }
    return true;
  }

  /** The best documents with at least one word of the query, at most `count`, best first; equal scores in ascending order of document. */
  search(query: string, count: number): readonly ScoredDocument[] {
    const scores = new Float64Array(this.size);
    const touched: number[] = [];
    const average = this.#totalLength / this.size;
    for (const [term, times] of this.#knownTerms(query)) {
      const weight = times * this.#idf(term) * (k1 + 1);
      for (const { start, documents, counts } of this.#segments) {
        for (let index = start[term] ?? 0; index < (start[term + 1] ?? 0); index += 1) {
          const document = documents[index] ?? 0;
          const found = counts[index] ?? 0;
          const before = scores[document] ?? 0;
          if (before === 0) {
            touched.push(document);
          }
          const length = (this.#lengths[document] ?? 0) / average;
          scores[document] = before + (weight * found) / (found + k1 * (1 - b + b * length));
        }
      }
    }
    const hits = new TopHits(count);
    for (const document of touched) {
      hits.offer(document, scores[document] ?? 0);
    }
    return hits.ranked();
  }

  *#additions(texts: readonly string[]): Generator<undefined, undefined> {
    const builder = new PostingsBuilder(this.size);
    const lengths = new Int32Array(texts.length);
    for (const [index, text] of texts.entries()) {
      const terms = tokenize(text);
      lengths[index] = terms.length;
      builder.add(this.#countTerms(terms));
      if (index % sliceLength === sliceLength - 1) {
        yield;
      }
    }
    const postings = yield* builder.invert(this.#vocabulary.size);
    const all = new Int32Array(this.size + lengths.length);
    all.set(this.#lengths);
    all.set(lengths, this.size);
    this.#lengths = all;
    this.#totalLength += lengths.reduce((sum, length) => sum + length, 0);
    this.#segments.push(postings);
    return undefined;
  }

  #countTerms(terms: readonly string[]): ReadonlyMap<number, number> {
    const counts = new Map<number, number>();
    for (const term of terms) {
      const id = this.#vocabulary.get(term) ?? this.#learn(term);
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    return counts;
  }

  #learn(term: string): number {
    const id = this.#vocabulary.size;
    this.#vocabulary.set(ownText(term), id);
    return id;
  }

  /** The query's words that the documents have, with their number of times in the query. */
  #knownTerms(query: string): ReadonlyMap<number, number> {
    const counts = new Map<number, number>();
    for (const word of tokenize(query)) {
      const term = this.#vocabulary.get(word);
      if (term !== undefined) {
        counts.set(term, (counts.get(term) ?? 0) + 1);
      }
    }
    return counts;
  }

  #idf(term: number): number {
    let containing = 0;
    for (const { start } of this.#segments) {
      const end = start[term + 1];
      // A term that was learnt later is beyond the end of the segment's table.
      containing += end === undefined ? 0 : end - (start[term] ?? 0);
    }
    return Math.log(1 + (this.size - containing + 0.5) / (containing + 0.5));
  }
}
