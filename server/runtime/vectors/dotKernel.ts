import { growTo, wasmExports, type WasmMemory } from "../wasmInstance";
import { dotKernelCode, ROWS_PER_PASS } from "./dotKernelCode";
import type { VectorTable } from "./vectorTable";

/** What the module exports; `score` is explained at `dotKernelCode`. */
interface KernelExports {
  readonly memory: WasmMemory;
  readonly score: (vector: number, firstRow: number, rows: number, rowBytes: number, scores: number) => void;
}

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
    this.#exports = wasmExports(dotKernelCode()) as KernelExports;
    this.#dimensions = dimensions;
    this.#stride = Math.ceil(dimensions / 4) * 4;
    this.#makeRoom(128);
  }

  /** Takes in the vectors of these slots, in place of those before. */
  load(table: VectorTable, slots: Int32Array): void {
    if (slots.length > this.#capacity) this.#makeRoom(slots.length);
    for (let i = 0; i < slots.length; i++) this.#rows.set(table.vector(slots[i] ?? 0), i * this.#stride);
  }

  /** Takes in a matrix, row after row, in place of what was loaded before. */
  loadRows(matrix: Float32Array): void {
    const rows = matrix.length / this.#dimensions;
    if (rows > this.#capacity) this.#makeRoom(rows);
    for (let row = 0; row < rows; row++) {
      this.#rows.set(matrix.subarray(row * this.#dimensions, (row + 1) * this.#dimensions), row * this.#stride);
    }
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
    growTo(memory, scoreStart + 4 * capacity);
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
