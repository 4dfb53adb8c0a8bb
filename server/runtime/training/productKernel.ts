import type { Matrix, MatrixKernel, MatrixSize } from "#core/training/matrixKernel";
import { growTo, wasmExports, type WasmMemory } from "../wasmInstance";
import { COLUMNS_PER_PANEL, productKernelCode, ROWS_PER_BLOCK } from "./productKernelCode";

/** What the module exports; `addPanel` is explained at `productKernelCode`. */
interface KernelExports {
  readonly memory: WasmMemory;
  readonly addPanel: (...places: readonly number[]) => void;
}

/** One factor of a product, read along its rows or along its columns. */
interface Factor {
  readonly matrix: Matrix;
  readonly transposed: boolean;
}

/** Matrices begin at multiples of a cache line. */
const ALIGNMENT = 64;

/**
 * Products in 32-bit floats by WebAssembly, in memory of its own. Its numbers are the same on every machine: the order of additions is fixed, and
 * nothing is fused or relaxed.
 */
export class ProductKernel implements MatrixKernel {
  readonly #exports = wasmExports(productKernelCode()) as KernelExports;
  /** Eight columns of the second factor, [inner, 8]. */
  #panel = new Float32Array(0);

  allocate(sizes: readonly MatrixSize[]): readonly Matrix[] {
    const longest = sizes.reduce((most, { rows, columns }) => Math.max(most, rows, columns), 1);
    let end = 4 * COLUMNS_PER_PANEL * longest;
    const starts = sizes.map((size) => {
      const start = upTo(ALIGNMENT, end);
      end = start + 4 * lengthOf(size);
      return start;
    });
    const { memory } = this.#exports;
    growTo(memory, end);
    this.#panel = new Float32Array(memory.buffer, 0, COLUMNS_PER_PANEL * longest);
    return sizes.map((size, i) => {
      const values = new Float32Array(memory.buffer, starts[i], lengthOf(size));
      return { ...size, stride: strideOf(size), values: values.fill(0) };
    });
  }

  resize({ values }: Matrix, size: MatrixSize): Matrix {
    const length = lengthOf(size);
    if (length > values.length) throw new RangeError("the matrix has no room for this size");
    return { ...size, stride: strideOf(size), values: values.subarray(0, length) };
  }

  addAB(a: Matrix, b: Matrix, out: Matrix): void {
    this.#addProduct({ matrix: a, transposed: false }, { matrix: b, transposed: false }, out);
  }

  addABt(a: Matrix, b: Matrix, out: Matrix): void {
    this.#addProduct({ matrix: a, transposed: false }, { matrix: b, transposed: true }, out);
  }

  addAtB(a: Matrix, b: Matrix, out: Matrix): void {
    this.#addProduct({ matrix: a, transposed: true }, { matrix: b, transposed: false }, out);
  }

  #addProduct(a: Factor, b: Factor, out: Matrix): void {
    const inner = a.transposed ? a.matrix.rows : a.matrix.columns;
    if (inner === 0 || out.rows === 0) return;
    const rowBytes = 4 * a.matrix.stride;
    const [rowStep, innerStep] = a.transposed ? [4, rowBytes] : [rowBytes, 4];
    const blocks = Math.ceil(out.rows / ROWS_PER_BLOCK);
    const panel = this.#panel.byteOffset;
    for (let column = 0; column < out.columns; column += COLUMNS_PER_PANEL) {
      if (b.transposed) this.#packRows(b.matrix, column);
      else this.#packColumns(b.matrix, column);
      const start = out.values.byteOffset + 4 * column;
      this.#exports.addPanel(a.matrix.values.byteOffset, rowStep, innerStep, panel, start, 4 * out.stride, blocks, inner);
    }
  }

  /** Eight columns into the panel; where the matrix has fewer, those of its stride. */
  #packColumns({ rows, stride, values }: Matrix, first: number): void {
    const panel = this.#panel;
    for (let row = 0; row < rows; row += 1) {
      const from = row * stride + first;
      for (let i = 0; i < COLUMNS_PER_PANEL; i += 1) panel[row * COLUMNS_PER_PANEL + i] = values[from + i] ?? 0;
    }
  }

  /** Eight rows into the panel as columns. Those beyond the matrix give columns that nobody reads. */
  #packRows({ columns, stride, values }: Matrix, first: number): void {
    const panel = this.#panel;
    for (let i = 0; i < COLUMNS_PER_PANEL; i += 1) {
      const from = (first + i) * stride;
      for (let column = 0; column < columns; column += 1) panel[column * COLUMNS_PER_PANEL + i] = values[from + column] ?? 0;
    }
  }
}

function strideOf({ columns }: MatrixSize): number {
  return upTo(COLUMNS_PER_PANEL, columns);
}

/** Numbers, with whole blocks of rows and whole panels of columns. */
function lengthOf(size: MatrixSize): number {
  return upTo(ROWS_PER_BLOCK, size.rows) * strideOf(size);
}

function upTo(multiple: number, value: number): number {
  return Math.ceil(value / multiple) * multiple;
}
