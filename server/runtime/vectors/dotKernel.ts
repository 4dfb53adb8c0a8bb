import { dotKernelCode, ROWS_PER_PASS } from "./dotKernelCode";
import type { VectorTable } from "./vectorTable";

/** What is used of the global of this name, which Node's types leave to the browser's. */
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** What the module exports; `score` is explained at `dotKernelCode`. */
interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer; readonly grow: (pages: number) => number };
  readonly score: (vector: number, firstRow: number, rows: number, rowBytes: number, scores: number) => void;
}

const PAGE_BYTES = 65536;

/**
 * Scores one vector with many, each exactly as `dot` does: WebAssembly's doubles are added in the same order, two at a time, which takes a
 * quarter of the time.
 */
export class DotKernel {
  readonly #exports: KernelExports;
  readonly #dimensions: number;
  /** Components of a row, with zeros up to a multiple of four. */
  readonly #stride: number;
  #capacity = 0;
  #vector = new Float64Array(0);
  #rows = new Float32Array(0);
  #scores = new Float32Array(0);

  constructor(dimensions: number) {
    this.#exports = new WebAssembly.Instance(new WebAssembly.Module(dotKernelCode())).exports as KernelExports;
    this.#dimensions = dimensions;
    this.#stride = Math.ceil(dimensions / 4) * 4;
    this.#makeRoom(128);
  }

  /** Takes in the vectors of these slots, in place of those before. */
  load(table: VectorTable, slots: Int32Array): void {
    if (slots.length > this.#capacity) this.#makeRoom(slots.length);
    for (let i = 0; i < slots.length; i++) this.#rows.set(table.vector(slots[i] ?? 0), i * this.#stride);
  }

  /** Scores of this vector with the first `count` vectors that were loaded, in their order. Overwritten by the next call. */
  scores(vector: Float32Array, count: number): Float32Array {
    this.#vector.set(vector);
    const rows = wholePasses(count);
    if (rows > 0) this.#exports.score(this.#vector.byteOffset, this.#rows.byteOffset, rows, 4 * this.#stride, this.#scores.byteOffset);
    return this.#scores.subarray(0, count);
  }

  /** What was loaded is lost. */
  #makeRoom(rows: number): void {
    const capacity = wholePasses(rows);
    const rowStart = 8 * this.#stride;
    const scoreStart = rowStart + 4 * this.#stride * capacity;
    const { memory } = this.#exports;
    const pages = Math.ceil((scoreStart + 4 * capacity) / PAGE_BYTES);
    memory.grow(Math.max(0, pages - memory.buffer.byteLength / PAGE_BYTES));
    this.#capacity = capacity;
    this.#vector = new Float64Array(memory.buffer, 0, this.#dimensions);
    this.#rows = new Float32Array(memory.buffer, rowStart, capacity * this.#stride);
    this.#scores = new Float32Array(memory.buffer, scoreStart, capacity);
    // Scores may have lain where zeros between the rows are to be.
    this.#rows.fill(0);
  }
}

function wholePasses(rows: number): number {
  return Math.ceil(rows / ROWS_PER_PASS) * ROWS_PER_PASS;
}
