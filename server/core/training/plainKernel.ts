import type { Matrix, MatrixKernel, MatrixSize } from "./matrixKernel";

/** Products in doubles, by the definition: slow, and exact enough to compare others with. */
export const plainKernel: MatrixKernel = {
  allocate: (sizes) => sizes.map((size) => plainMatrix(size, new Float64Array(size.rows * size.columns))),
  resize: ({ values }, size) => {
    if (size.rows * size.columns > values.length) throw new RangeError("the matrix has no room for this size");
    return plainMatrix(size, values);
  },
  addAB: (a, b, out) => {
    addSums(out, a.columns, (row, column, k) => at(a, row, k) * at(b, k, column));
  },
  addABt: (a, b, out) => {
    addSums(out, a.columns, (row, column, k) => at(a, row, k) * at(b, column, k));
  },
  addAtB: (a, b, out) => {
    addSums(out, a.rows, (row, column, k) => at(a, k, row) * at(b, k, column));
  },
};

function plainMatrix({ rows, columns }: MatrixSize, values: Float32Array | Float64Array): Matrix {
  return { rows, columns, stride: columns, values };
}

/** Adds to each element the sum of `inner` terms. */
function addSums(out: Matrix, inner: number, term: (row: number, column: number, k: number) => number): void {
  for (let row = 0; row < out.rows; row += 1) {
    for (let column = 0; column < out.columns; column += 1) {
      let sum = 0;
      for (let k = 0; k < inner; k += 1) sum += term(row, column, k);
      out.values[row * out.stride + column] = at(out, row, column) + sum;
    }
  }
}

function at(matrix: Matrix, row: number, column: number): number {
  return matrix.values[row * matrix.stride + column] ?? 0;
}
