/**
 * Dot product of two vectors of length `dimensions` that begin at the given places. Additions are made in doubles in a fixed order and
 * rounded once, so that a pair of vectors has the same score whichever index, batch or thread count found it.
 */
export function dot(a: Float32Array, aStart: number, b: Float32Array, bStart: number, dimensions: number): number {
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  const whole = dimensions - (dimensions % 4);
  for (let i = 0; i < whole; i += 4) {
    sum0 += (a[aStart + i] ?? 0) * (b[bStart + i] ?? 0);
    sum1 += (a[aStart + i + 1] ?? 0) * (b[bStart + i + 1] ?? 0);
    sum2 += (a[aStart + i + 2] ?? 0) * (b[bStart + i + 2] ?? 0);
    sum3 += (a[aStart + i + 3] ?? 0) * (b[bStart + i + 3] ?? 0);
  }
  // As if zeros made the length a multiple of four.
  if (whole < dimensions) sum0 += (a[aStart + whole] ?? 0) * (b[bStart + whole] ?? 0);
  if (whole + 1 < dimensions) sum1 += (a[aStart + whole + 1] ?? 0) * (b[bStart + whole + 1] ?? 0);
  if (whole + 2 < dimensions) sum2 += (a[aStart + whole + 2] ?? 0) * (b[bStart + whole + 2] ?? 0);
  return Math.fround(sum0 + sum1 + (sum2 + sum3));
}

/**
 * How far the dot product of two unit vectors, made in 32-bit floats, can be from what `dot` gives: a sum of n products in 32-bit floats is off by
 * at most n 2^-24 / (1 - n 2^-24) times the sum of the products' sizes, in whatever order it is made (Higham 2002, "Accuracy and Stability
 * of Numerical Algorithms", section 3.1), and that sum is at most 1 by Cauchy and Schwarz. The four more pay for the rounding of `dot` and
 * for lengths that are not quite 1.
 */
export function productError(dimensions: number): number {
  const rounding = (dimensions + 4) * 2 ** -24;
  return rounding / (1 - rounding);
}

/** Scales a vector to length 1 in place. False, and the vector untouched, where that is impossible: NaN, infinity, or all zeros. */
export function normalise(vector: Float32Array): boolean {
  let squares = 0;
  for (const value of vector) squares += value * value;
  if (!(squares > 0) || !Number.isFinite(squares)) return false;
  const scale = 1 / Math.sqrt(squares);
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] ?? 0) * scale;
  return true;
}
