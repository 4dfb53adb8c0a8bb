import { GROUP_SIZE } from "./groups";
import type { Products } from "./matrixProduct";
import { ABSENT } from "./vectorTable";

/** The scores of one query with the rows of one block. */
export interface BlockScores {
  readonly products: Products;
  /** Row of the query in the products. */
  readonly query: number;
  /** Rows of the block. */
  readonly rows: number;
  readonly firstSlot: number;
}

/**
 * The documents that can still be among the `depth` nearest of one query, by scores that are at most `error` off. Let t be the `depth`-th
 * highest of these scores: as many documents have a true score of at least t - error, and one below t - 2 error has a true score below that,
 * so that it cannot be among the nearest, however ties are broken. What is left is scored anew in one fixed order, which makes the result
 * independent of blocks, batches and threads.
 */
export class Shortlist {
  readonly #depth: number;
  readonly #error: number;
  #slots: Int32Array;
  #scores: Float32Array;
  #length = 0;
  /** Documents with a lower score are not among the nearest. */
  #least = ABSENT / 2;
  #crowded = false;

  constructor(depth: number, error: number) {
    this.#depth = depth;
    this.#error = error;
    // The lower part fills up again and again, and each time `depth` of it are found and kept.
    this.#slots = new Int32Array(2 * depth + 4 * GROUP_SIZE);
    this.#scores = new Float32Array(this.#slots.length);
  }

  /** Ascending slots; undefined where so many documents have about the same score that they are better all scored anew. */
  get slots(): Int32Array | undefined {
    if (this.#crowded) return undefined;
    this.#cut();
    return this.#slots.slice(0, this.#length);
  }

  /** To be called with blocks in ascending order of their slots. */
  offer({ products, query, rows, firstSlot }: BlockScores): void {
    if (this.#crowded) return;
    const { scores, maxima } = products;
    const groups = rows / GROUP_SIZE;
    const firstGroup = query * groups;
    // As many documents have at least the score of the `depth`-th group, which spares collecting those below.
    if (this.#length < this.#depth) this.#raise(maxima.subarray(firstGroup, firstGroup + groups));
    let least = this.#least;
    for (let group = 0; group < groups; group++) {
      if ((maxima[firstGroup + group] ?? 0) < least) continue;
      // The most that a group can add.
      if (this.#length + GROUP_SIZE > this.#slots.length && !this.#makeRoom()) return;
      least = this.#least;
      this.#take(scores, query * rows + group * GROUP_SIZE, firstSlot + group * GROUP_SIZE);
    }
  }

  #take(scores: Float32Array, start: number, firstSlot: number): void {
    const least = this.#least;
    for (let column = 0; column < GROUP_SIZE; column++) {
      const score = scores[start + column] ?? 0;
      if (score < least) continue;
      this.#slots[this.#length] = firstSlot + column;
      this.#scores[this.#length++] = score;
    }
  }

  /** False, and the list is given up, where too many stay. */
  #makeRoom(): boolean {
    this.#cut();
    const capacity = this.#slots.length;
    if (this.#length <= 0.75 * capacity) return true;
    // A list that stays long is one of near-identical documents.
    this.#crowded = capacity > 8 * this.#depth + 1024;
    if (this.#crowded) return false;
    const [slots, scores] = [this.#slots, this.#scores];
    this.#slots = new Int32Array(2 * capacity);
    this.#scores = new Float32Array(2 * capacity);
    this.#slots.set(slots);
    this.#scores.set(scores);
    return true;
  }

  /** Takes out what is not among the nearest. */
  #cut(): void {
    this.#raise(this.#scores.subarray(0, this.#length));
    const least = this.#least;
    let kept = 0;
    for (let i = 0; i < this.#length; i++) {
      const score = this.#scores[i] ?? 0;
      if (score < least) continue;
      this.#slots[kept] = this.#slots[i] ?? 0;
      this.#scores[kept++] = score;
    }
    this.#length = kept;
  }

  /** Learns from the scores of different documents. */
  #raise(scores: Float32Array): void {
    if (scores.length >= this.#depth) this.#least = Math.max(this.#least, kthHighest(scores, this.#depth) - 2 * this.#error);
  }
}

let scratch = new Float32Array(1024);

/** The `k`-th highest of at least `k` values, which stay as they are: Hoare's selection. */
export function kthHighest(values: Float32Array, k: number): number {
  if (scratch.length < values.length) scratch = new Float32Array(2 * values.length);
  const list = scratch;
  list.set(values);
  let from = 0;
  let to = values.length - 1;
  const place = k - 1;
  while (from < to) {
    const pivot = list[(from + to) >> 1] ?? 0;
    let i = from;
    let j = to;
    // What is above the pivot goes to its left.
    while (i <= j) {
      while ((list[i] ?? 0) > pivot) i++;
      while ((list[j] ?? 0) < pivot) j--;
      if (i > j) break;
      const moved = list[i] ?? 0;
      list[i++] = list[j] ?? 0;
      list[j--] = moved;
    }
    if (place <= j) to = j;
    else if (place >= i) from = i;
    else break;
  }
  return list[place] ?? 0;
}
