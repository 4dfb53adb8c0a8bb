import { expect, test } from "vitest";
import { fillMatrix, matrixRows, type Matrix, type MatrixKernel } from "#core/training/matrixKernel";
import { plainKernel } from "#core/training/plainKernel";
import { seededRandom } from "#core/util/random";
import { ProductKernel } from "../../../server/runtime/training/productKernel";

/** [m, k] A and [k, n] B. */
type Sizes = readonly [m: number, k: number, n: number];

const SIZES: readonly Sizes[] = [
  [1, 1, 1],
  [4, 8, 8],
  [3, 5, 7],
  [5, 9, 17],
  [64, 384, 130],
  [130, 33, 64],
];

/** A B, A B^T and A^T B for random matrices, each added to what is there. */
function products(kernel: MatrixKernel, [m, k, n]: Sizes): readonly Float32Array[] {
  const random = seededRandom(`${String(m)} ${String(k)} ${String(n)}`);
  const sizes = [
    { rows: m, columns: k },
    { rows: k, columns: n },
    { rows: n, columns: k },
    { rows: k, columns: m },
    { rows: m, columns: n },
    { rows: m, columns: n },
    { rows: m, columns: n },
  ];
  const matrices = kernel.allocate(sizes);
  matrices.forEach((matrix) =>
    fillMatrix(
      matrix,
      Float32Array.from({ length: matrix.rows * matrix.columns }, () => random() - 0.5),
    ),
  );
  const [a, b, bT, aT, ab, abT, aTb] = matrices as readonly [Matrix, Matrix, Matrix, Matrix, Matrix, Matrix, Matrix];
  kernel.addAB(a, b, ab);
  kernel.addABt(a, bT, abT);
  kernel.addAtB(aT, b, aTb);
  return [ab, abT, aTb].map(matrixRows);
}

test.each(SIZES)("products of [%i, %i] and [., %i] are right to the rounding of 32-bit floats", (...sizes) => {
  const [exact, fast] = [products(plainKernel, sizes), products(new ProductKernel(), sizes)];
  const differences = fast.map((product, which) => Math.max(...product.map((value, i) => Math.abs(value - exact[which]![i]!))));
  // Higham 2002, section 3.1: k 2^-24 times the sum of the sizes of the terms, each 1/4 at most; and the rounding of the exact one.
  const bound = (sizes[1] + 1) * 2 ** -24 * (0.25 * sizes[1] + 0.5) + 2 ** -24;
  expect(Math.max(...differences)).toBeLessThan(bound);
});

test("memory that was used before leaves no trace", () => {
  const used = new ProductKernel();
  products(used, [130, 384, 64]);
  for (const sizes of SIZES) expect(products(used, sizes)).toEqual(products(new ProductKernel(), sizes));
});

test.each([
  ["plain", plainKernel],
  ["product", new ProductKernel()],
] as const)("a matrix of the %s kernel can be made smaller in its place, not larger", (_, kernel) => {
  const [matrix, other] = kernel.allocate([
    { rows: 6, columns: 10 },
    { rows: 1, columns: 3 },
  ]) as readonly [Matrix, Matrix];
  fillMatrix(other, Float32Array.of(1, 2, 3));
  const smaller = kernel.resize(matrix, { rows: 2, columns: 3 });
  fillMatrix(smaller, Float32Array.of(1, 2, 3, 4, 5, 6));
  expect([...matrixRows(smaller)]).toEqual([1, 2, 3, 4, 5, 6]);
  expect(() => kernel.resize(smaller, { rows: 60, columns: 10 })).toThrow("no room");
  expect([...matrixRows(other)]).toEqual([1, 2, 3]);
});
