/**
 * Solves A x = b by the Cholesky decomposition.
 *
 * @param matrix symmetric and positive definite, row by row; only the lower triangle is read, and it is overwritten
 */
export function solvePositiveDefinite(matrix: Float64Array, right: Float64Array): Float64Array {
  const size = right.length;
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      const rest = (matrix[row * size + column] ?? 0) - innerProduct(matrix, row * size, column * size, column);
      matrix[row * size + column] = row === column ? Math.sqrt(rest) : rest / (matrix[column * size + column] ?? 0);
    }
  }
  const solution = Float64Array.from(right);
  for (let row = 0; row < size; row += 1) {
    let rest = solution[row] ?? 0;
    for (let column = 0; column < row; column += 1) rest -= (matrix[row * size + column] ?? 0) * (solution[column] ?? 0);
    solution[row] = rest / (matrix[row * size + row] ?? 0);
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    let rest = solution[row] ?? 0;
    for (let below = row + 1; below < size; below += 1) rest -= (matrix[below * size + row] ?? 0) * (solution[below] ?? 0);
    solution[row] = rest / (matrix[row * size + row] ?? 0);
  }
  return solution;
}

function innerProduct(values: Float64Array, left: number, right: number, length: number): number {
  let sum = 0;
  for (let index = 0; index < length; index += 1) sum += (values[left + index] ?? 0) * (values[right + index] ?? 0);
  return sum;
}
