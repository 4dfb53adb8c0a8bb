/** What a search found, best first. */
export interface Hits {
  readonly slots: Int32Array;
  /** Score of each; higher is nearer. */
  readonly scores: Float64Array;
}

/** Keeps the best of many scored slots in a heap whose root is the worst kept. Equal scores rank by ascending slot. */
export class TopHits {
  readonly #slots: Int32Array;
  readonly #scores: Float64Array;
  #kept = 0;

  /** @param capacity how many are kept, at least 1 */
  constructor(capacity: number) {
    this.#slots = new Int32Array(capacity);
    this.#scores = new Float64Array(capacity);
  }

  /** The score that another must reach to be kept; minus infinity as long as there is room. */
  get least(): number {
    return this.#kept < this.#slots.length ? Number.NEGATIVE_INFINITY : (this.#scores[0] ?? 0);
  }

  offer(slot: number, score: number): void {
    if (this.#kept < this.#slots.length) {
      this.#kept += 1;
      this.#rise(this.#kept - 1, slot, score);
    } else if (this.#isWorse(0, slot, score)) {
      this.#sink(slot, score);
    }
  }

  /** What was kept, best first. */
  ranked(): Hits {
    const order = Array.from({ length: this.#kept }, (_, at) => at);
    order.sort((a, b) => this.#scoreAt(b) - this.#scoreAt(a) || this.#slotAt(a) - this.#slotAt(b));
    return { slots: Int32Array.from(order, (at) => this.#slotAt(at)), scores: Float64Array.from(order, (at) => this.#scoreAt(at)) };
  }

  /** Puts an item at `from`, or above where parents are better: the worst is the root. */
  #rise(from: number, slot: number, score: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#isWorse(parent, slot, score)) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#set(at, slot, score);
  }

  #sink(slot: number, score: number): void {
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= this.#kept) break;
      const right = left + 1;
      const worse = right < this.#kept && this.#isWorse(right, this.#slotAt(left), this.#scoreAt(left)) ? right : left;
      if (!this.#isWorse(worse, slot, score)) break;
      this.#move(worse, at);
      at = worse;
    }
    this.#set(at, slot, score);
  }

  /** Whether the item at `at` ranks below this one. */
  #isWorse(at: number, slot: number, score: number): boolean {
    const other = this.#scoreAt(at);
    return other < score || (other === score && this.#slotAt(at) > slot);
  }

  #move(from: number, to: number): void {
    this.#set(to, this.#slotAt(from), this.#scoreAt(from));
  }

  #set(at: number, slot: number, score: number): void {
    this.#slots[at] = slot;
    this.#scores[at] = score;
  }

  #slotAt(at: number): number {
    return this.#slots[at] ?? 0;
  }

  #scoreAt(at: number): number {
    return this.#scores[at] ?? 0;
  }
}
