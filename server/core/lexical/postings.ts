/** Inverted lists of a run of documents: for term t, documents and counts stand from `start[t]` to `start[t + 1]`, documents ascending. */
export interface Postings {
  readonly start: Int32Array;
  readonly documents: Int32Array;
  /** How often the term stands in the document, at most 255: BM25 is flat long before. */
  readonly counts: Uint8Array;
}

/** Some milliseconds of work each, while inverting. */
const entriesPerSlice = 500_000;
const documentsPerSlice = 2000;

/** Collects the terms of documents one after the other, five bytes for each different term of a document, then inverts them. */
export class PostingsBuilder {
  readonly #firstDocument: number;
  #terms = new Int32Array(1024);
  #counts = new Uint8Array(1024);
  #used = 0;
  /** Where each document's terms end. */
  readonly #ends: number[] = [];

  constructor(firstDocument: number) {
    this.#firstDocument = firstDocument;
  }

  /** The next document, by its different terms and their counts. */
  add(termCounts: ReadonlyMap<number, number>): void {
    this.#reserve(termCounts.size);
    for (const [term, count] of termCounts) {
      this.#terms[this.#used] = term;
      this.#counts[this.#used] = Math.min(count, 255);
      this.#used += 1;
    }
    this.#ends.push(this.#used);
  }

  /** Sorts by term with one counting pass; yields now and then. */
  *invert(vocabulary: number): Generator<undefined, Postings> {
    const start = new Int32Array(vocabulary + 1);
    for (let index = 0; index < this.#used; index += 1) {
      const after = (this.#terms[index] ?? 0) + 1;
      start[after] = (start[after] ?? 0) + 1;
      if (index % entriesPerSlice === entriesPerSlice - 1) {
        yield;
      }
    }
    for (let term = 0; term < vocabulary; term += 1) {
      start[term + 1] = (start[term + 1] ?? 0) + (start[term] ?? 0);
    }
    yield;
    const next = start.slice();
    const documents = new Int32Array(this.#used);
    const counts = new Uint8Array(this.#used);
    let from = 0;
    for (const [offset, end] of this.#ends.entries()) {
      for (let index = from; index < end; index += 1) {
        const term = this.#terms[index] ?? 0;
        const at = next[term] ?? 0;
        next[term] = at + 1;
        documents[at] = this.#firstDocument + offset;
        counts[at] = this.#counts[index] ?? 0;
      }
      from = end;
      if (offset % documentsPerSlice === documentsPerSlice - 1) {
        yield;
      }
    }
    return { start, documents, counts };
  }

  #reserve(more: number): void {
    if (this.#used + more <= this.#terms.length) {
      return;
    }
    const length = Math.max(this.#used + more, Math.ceil(this.#terms.length * 1.5));
    const terms = new Int32Array(length);
    const counts = new Uint8Array(length);
    terms.set(this.#terms);
    counts.set(this.#counts);
    this.#terms = terms;
    this.#counts = counts;
  }
}
