import { ok, type Result } from "#core/util/result";
import { wholeGroups } from "./groups";
import type { MatrixProduct, Products } from "./matrixProduct";
import { notReady } from "./retrieval";
import { productError } from "./similarity";
import type { SlicedWork } from "../process/taskQueue";
import type { PairLists, SlotLists } from "./vectorMessages";
import type { VectorTable } from "./vectorTable";

/** Pairs are looked for in this many documents of a list with all of it at once: at most 16 MB of scores for lists of up to 16,000. */
const ROWS_PER_PRODUCT = 256;
/** So many scores are about 10 ms. */
const SCORES_PER_SLICE = 1 << 20;

/**
 * For each list of slots the pairs that are at least so similar. A matrix product finds what may be; `dot` decides. All slots must have a
 * vector now; those that are dropped while this runs are in no further pair.
 */
export async function* similarPairs(
  table: VectorTable,
  product: MatrixProduct,
  lists: SlotLists,
  least: number,
): SlicedWork<Result<PairLists>> {
  const missing = lists.slots.find((slot) => !table.has(slot));
  if (missing !== undefined) return notReady({ side: "document", slot: missing });
  const writer = new PairWriter(table, least);
  let scores = 0;
  for (const list of eachList(lists)) {
    const { dimensions } = table;
    const width = wholeGroups(list.length);
    const vectors = gathered(table, list, width);
    const bias = new Float32Array(width);
    for (let first = 0; first < list.length; first += ROWS_PER_PRODUCT) {
      const rows = Math.min(ROWS_PER_PRODUCT, list.length - first);
      // A document is compared with those after it: columns before the first row are of no use, but a group is not cut.
      const skipped = wholeGroups(first + 1) - wholeGroups(1);
      const columns = { vectors: vectors.subarray(skipped * dimensions), bias: bias.subarray(skipped) };
      const products = await product.multiply(vectors.subarray(first * dimensions, (first + rows) * dimensions), columns, dimensions);
      writer.addRows(list, { products, first, rows, skipped, width: width - skipped });
      scores += rows * width;
      if (scores < SCORES_PER_SLICE) continue;
      scores = 0;
      yield undefined;
    }
    writer.endList();
  }
  return ok(writer.lists());
}

/** Views on the lists. */
export function* eachList({ counts, slots }: SlotLists): Generator<Int32Array, undefined> {
  let start = 0;
  for (const count of counts) yield slots.subarray(start, (start += count));
}

/** The vectors of the slots one after the other, zeros for those without one and up to `width`. */
function gathered(table: VectorTable, list: Int32Array, width: number): Float32Array {
  const vectors = new Float32Array(width * table.dimensions);
  for (const [i, slot] of list.entries()) if (table.has(slot)) vectors.set(table.vector(slot), i * table.dimensions);
  return vectors;
}

/** The scores of some documents of a list with those that follow. */
interface ScoredRows {
  readonly products: Products;
  /** Position in the list of the first row. */
  readonly first: number;
  readonly rows: number;
  /** Position in the list of the first column. */
  readonly skipped: number;
  readonly width: number;
}

class PairWriter {
  readonly #table: VectorTable;
  readonly #least: number;
  readonly #leastProduct: number;
  readonly #counts: number[] = [];
  #first = new Int32Array(1024);
  #second = new Int32Array(1024);
  #similarity = new Float32Array(1024);
  #length = 0;
  #listStart = 0;

  constructor(table: VectorTable, least: number) {
    this.#table = table;
    this.#least = least;
    this.#leastProduct = least - productError(table.dimensions);
  }

  addRows(list: Int32Array, { products, first, rows, skipped, width }: ScoredRows): void {
    for (let row = 0; row < rows; row++) {
      const start = row * width - skipped;
      for (let other = first + row + 1; other < list.length; other++) {
        if ((products.scores[start + other] ?? 0) >= this.#leastProduct) this.#consider(list, first + row, other);
      }
    }
  }

  endList(): void {
    this.#counts.push(this.#length - this.#listStart);
    this.#listStart = this.#length;
  }

  lists(): PairLists {
    return {
      counts: Int32Array.from(this.#counts),
      first: this.#first.slice(0, this.#length),
      second: this.#second.slice(0, this.#length),
      similarity: this.#similarity.slice(0, this.#length),
    };
  }

  #consider(list: Int32Array, first: number, second: number): void {
    const [slot, other] = [list[first] ?? 0, list[second] ?? 0];
    if (!this.#table.has(slot) || !this.#table.has(other)) return;
    const similarity = this.#table.slotSimilarity(slot, other);
    if (similarity < this.#least) return;
    if (this.#length === this.#first.length) this.#grow();
    this.#first[this.#length] = first;
    this.#second[this.#length] = second;
    this.#similarity[this.#length++] = similarity;
  }

  #grow(): void {
    const [first, second, similarity] = [this.#first, this.#second, this.#similarity];
    this.#first = new Int32Array(2 * this.#length);
    this.#second = new Int32Array(2 * this.#length);
    this.#similarity = new Float32Array(2 * this.#length);
    this.#first.set(first);
    this.#second.set(second);
    this.#similarity.set(similarity);
  }
}
