/** A matrix that lives where its kernel calculates. Element (r, c) is `values[r * stride + c]`; what lies beyond `columns` means nothing. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** Elements from one row to the next. */
  readonly stride: number;
  readonly values: Float32Array | Float64Array;
}

export interface MatrixSize {
  readonly rows: number;
  readonly columns: number;
}

/** Products of matrices, for training. Each kernel adds up in an order of its own, always the same. */
export interface MatrixKernel {
  /** Matrices of zeros. Those allocated before are gone. */
  allocate(sizes: readonly MatrixSize[]): readonly Matrix[];
  /** The memory of a matrix under another size, which must not need more of it. What it holds means nothing. */
  resize(matrix: Matrix, size: MatrixSize): Matrix;
  /** out += A B */
  addAB(a: Matrix, b: Matrix, out: Matrix): void;
  /** out += A B^T */
  addABt(a: Matrix, b: Matrix, out: Matrix): void;
  /** out += A^T B */
  addAtB(a: Matrix, b: Matrix, out: Matrix): void;
}

/** Takes in the vectors in these rows of `from`, a list of vectors one after the other. */
export function gatherRows(from: Float32Array, rows: readonly number[], into: Matrix): void {
  const { columns, stride, values } = into;
  rows.forEach((row, i) => {
    values.set(from.subarray(row * columns, (row + 1) * columns), i * stride);
  });
}

/** Fills a matrix from a list of its rows, one after the other. */
export function fillMatrix(matrix: Matrix, rows: Float32Array): void {
  for (let row = 0; row < matrix.rows; row += 1) {
    matrix.values.set(rows.subarray(row * matrix.columns, (row + 1) * matrix.columns), row * matrix.stride);
  }
}

/** The rows of a matrix, one after the other. */
export function matrixRows(matrix: Matrix): Float32Array {
  const rows = new Float32Array(matrix.rows * matrix.columns);
  copyRows(matrix, rows);
  return rows;
}

/** The same into a list that is there already. */
export function copyRows({ rows, columns, stride, values }: Matrix, into: Float32Array): void {
  for (let row = 0; row < rows; row += 1) into.set(values.subarray(row * stride, row * stride + columns), row * columns);
}
