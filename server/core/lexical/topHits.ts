/** A document with its score; higher is nearer. */
export interface ScoredDocument {
  readonly document: number;
  readonly score: number;
}

/** Keeps the best of many scored documents in a heap whose root is the worst kept. Equal scores rank by ascending document. */
export class TopHits {
  readonly #capacity: number;
  readonly #heap: ScoredDocument[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  offer(document: number, score: number): void {
    const worst = this.#heap[0];
    if (this.#heap.length < this.#capacity) {
      this.#heap.push({ document, score });
      this.#rise(this.#heap.length - 1);
    } else if (worst !== undefined && (score > worst.score || (score === worst.score && document < worst.document))) {
      this.#heap[0] = { document, score };
      this.#sink();
    }
  }

  /** What was kept, best first. */
  ranked(): readonly ScoredDocument[] {
    return [...this.#heap].sort((a, b) => b.score - a.score || a.document - b.document);
  }

  #rise(from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isWorse(at, parent)) {
        return;
      }
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(): void {
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const right = left + 1;
      let worst = at;
      if (left < this.#heap.length && this.#isWorse(left, worst)) {
        worst = left;
      }
      if (right < this.#heap.length && this.#isWorse(right, worst)) {
        worst = right;
      }
      if (worst === at) {
        return;
      }
      this.#swap(at, worst);
      at = worst;
    }
  }

  #isWorse(a: number, b: number): boolean {
    const one = this.#heap[a];
    const other = this.#heap[b];
    if (one === undefined || other === undefined) {
      return false;
    }
    return one.score < other.score || (one.score === other.score && one.document > other.document);
  }

  #swap(a: number, b: number): void {
    const one = this.#heap[a];
    const other = this.#heap[b];
    if (one !== undefined && other !== undefined) {
      this.#heap[a] = other;
      this.#heap[b] = one;
    }
  }
}
