import { wholeGroups } from "./groups";
import { dot } from "./similarity";

const BLOCK_SHIFT = 13;
/** Rows of a block: 12.6 MB at 384 dimensions. Memory of rows that were never written stays with the operating system. */
export const BLOCK_ROWS = 1 << BLOCK_SHIFT;

/** Added to the score of a row without a vector, so that it comes after every row with one. */
export const ABSENT = -1e30;

/** A stretch of the table as exact search reads it. */
export interface VectorBlock {
  /** Slot of the first row. */
  readonly firstSlot: number;
  /** Row after row; those without a vector hold zeros or the vector they had last. */
  readonly vectors: Float32Array;
  /** 0 for rows with a vector, `ABSENT` for the others. */
  readonly bias: Float32Array;
}

interface MutableBlock extends VectorBlock {
  /** One above the highest row that ever had a vector. */
  used: number;
  /** Views on the rows, made when first asked for: each search reads thousands of them. */
  readonly views: (Float32Array | undefined)[];
}

/** Unit vectors by slot. Blocks are never moved, so growing copies nothing. */
export class VectorTable {
  readonly dimensions: number;
  readonly #blocks: (MutableBlock | undefined)[] = [];
  readonly #generations = new Map<number, number>();
  readonly #followers = new Set<(slot: number) => void>();
  #size = 0;

  constructor(dimensions: number) {
    this.dimensions = dimensions;
  }

  /** Number of slots that have a vector. */
  get size(): number {
    return this.#size;
  }

  has(slot: number): boolean {
    return this.#blocks[slot >> BLOCK_SHIFT]?.bias[slot & (BLOCK_ROWS - 1)] === 0;
  }

  /** Raised by each `drop`, which tells work in flight that the slot stands for another text now. */
  generation(slot: number): number {
    return this.#generations.get(slot) ?? 0;
  }

  set(slot: number, vector: Float32Array): void {
    const block = (this.#blocks[slot >> BLOCK_SHIFT] ??= this.#newBlock(slot >> BLOCK_SHIFT));
    const row = slot & (BLOCK_ROWS - 1);
    block.vectors.set(vector, row * this.dimensions);
    if (block.bias[row] !== 0) this.#size++;
    block.bias[row] = 0;
    block.used = Math.max(block.used, row + 1);
    this.#tell(slot);
  }

  drop(slot: number): void {
    this.#generations.set(slot, this.generation(slot) + 1);
    if (!this.has(slot)) return;
    this.#blockOf(slot).bias[slot & (BLOCK_ROWS - 1)] = ABSENT;
    this.#size--;
    this.#tell(slot);
  }

  /** Calls this for each slot that has been given a vector or has lost its own, at once, until the function that is given back is called. */
  follow(onChange: (slot: number) => void): () => void {
    this.#followers.add(onChange);
    return () => this.#followers.delete(onChange);
  }

  /** The vector itself, not a copy. The slot must have one. */
  vector(slot: number): Float32Array {
    return this.#view(this.#blockOf(slot), slot & (BLOCK_ROWS - 1));
  }

  /** The same, and where the slot was dropped the vector it had last. */
  lastVector(slot: number): Float32Array {
    return this.#view(this.#blockAt(slot), slot & (BLOCK_ROWS - 1));
  }

  /** Cosine similarity of a slot's vector and another unit vector. The slot must have one. */
  similarity(slot: number, vector: Float32Array): number {
    const block = this.#blockOf(slot);
    return dot(vector, 0, block.vectors, (slot & (BLOCK_ROWS - 1)) * this.dimensions, this.dimensions);
  }

  /** Cosine similarity of the vectors of two slots, which must have one. */
  slotSimilarity(slot: number, other: number): number {
    const block = this.#blockOf(slot);
    const otherBlock = this.#blockOf(other);
    const start = (slot & (BLOCK_ROWS - 1)) * this.dimensions;
    return dot(block.vectors, start, otherBlock.vectors, (other & (BLOCK_ROWS - 1)) * this.dimensions, this.dimensions);
  }

  /** Slots that have a vector, ascending. */
  *slots(): Generator<number, undefined> {
    for (const block of this.#blocks) {
      if (block === undefined) continue;
      for (let row = 0; row < block.used; row++) if (block.bias[row] === 0) yield block.firstSlot + row;
    }
  }

  /** Blocks that hold a vector, ascending, as whole groups of rows. */
  *blocks(): Generator<VectorBlock, undefined> {
    for (const block of this.#blocks) {
      if (block === undefined || block.used === 0) continue;
      const rows = wholeGroups(block.used);
      yield {
        firstSlot: block.firstSlot,
        vectors: block.vectors.subarray(0, rows * this.dimensions),
        bias: block.bias.subarray(0, rows),
      };
    }
  }

  #tell(slot: number): void {
    for (const onChange of this.#followers) onChange(slot);
  }

  #view({ views, vectors }: MutableBlock, row: number): Float32Array {
    return (views[row] ??= vectors.subarray(row * this.dimensions, (row + 1) * this.dimensions));
  }

  #blockOf(slot: number): MutableBlock {
    const block = this.#blockAt(slot);
    if (block.bias[slot & (BLOCK_ROWS - 1)] !== 0) throw noVector(slot);
    return block;
  }

  #blockAt(slot: number): MutableBlock {
    const block = this.#blocks[slot >> BLOCK_SHIFT];
    if (block === undefined) throw noVector(slot);
    return block;
  }

  #newBlock(number: number): MutableBlock {
    return {
      firstSlot: number * BLOCK_ROWS,
      vectors: new Float32Array(BLOCK_ROWS * this.dimensions),
      bias: new Float32Array(BLOCK_ROWS).fill(ABSENT),
      used: 0,
      views: new Array<Float32Array | undefined>(BLOCK_ROWS),
    };
  }
}

function noVector(slot: number): Error {
  return new Error(`Slot ${String(slot)} has no vector.`);
}
