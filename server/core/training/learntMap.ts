import { itemAt } from "../util/itemAt";
import type { Matrix, MatrixKernel, MatrixSize } from "./matrixKernel";
import type { AdapterShape } from "./trainer";

/** The linear map of an adapter, in the parameters in which it is learnt. Matrices hold one vector a row. */
export interface LearntMap {
  readonly parameters: readonly Matrix[];
  /** dL/d(parameters), to be set to zero before each step. */
  readonly gradients: readonly Matrix[];
  /** out = X W^T */
  apply(vectors: Matrix, out: Matrix): void;
  /** Adds the gradient of a loss whose gradient by X W^T is `errors`. */
  addGradient(vectors: Matrix, errors: Matrix): void;
  /** Adds the gradient of lambda |W - I|^2, and gives its value. */
  addPenalty(lambda: number): number;
}

/** Memory for a map of this shape that takes up to `rows` vectors at once. */
export function learntMapSizes({ dimensions, rank }: AdapterShape, rows: number): readonly MatrixSize[] {
  if (rank === null) return [square(dimensions), square(dimensions)];
  const factor = { rows: dimensions, columns: rank };
  return [factor, factor, factor, factor, { rows, columns: rank }, square(rank)];
}

/** `matrices` are of `learntMapSizes`. */
export function learntMap(kernel: MatrixKernel, shape: AdapterShape, matrices: readonly Matrix[]): LearntMap {
  return shape.rank === null ? new FullMap(kernel, matrices) : new LowRankMap(kernel, matrices);
}

function square(size: number): MatrixSize {
  return { rows: size, columns: size };
}

class FullMap implements LearntMap {
  readonly parameters: readonly Matrix[];
  readonly gradients: readonly Matrix[];
  readonly #kernel: MatrixKernel;
  readonly #weight: Matrix;
  readonly #gradient: Matrix;

  constructor(kernel: MatrixKernel, matrices: readonly Matrix[]) {
    this.#kernel = kernel;
    [this.#weight, this.#gradient] = [itemAt(matrices, 0), itemAt(matrices, 1)];
    [this.parameters, this.gradients] = [[this.#weight], [this.#gradient]];
  }

  apply(vectors: Matrix, out: Matrix): void {
    out.values.fill(0);
    this.#kernel.addABt(vectors, this.#weight, out);
  }

  addGradient(vectors: Matrix, errors: Matrix): void {
    this.#kernel.addAtB(errors, vectors, this.#gradient);
  }

  addPenalty(lambda: number): number {
    if (lambda === 0) return 0;
    const { rows, columns, stride, values } = this.#weight;
    const gradient = this.#gradient.values;
    let squares = 0;
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        const at = row * stride + column;
        const difference = (values[at] ?? 0) - (row === column ? 1 : 0);
        squares += difference * difference;
        gradient[at] = (gradient[at] ?? 0) + 2 * lambda * difference;
      }
    }
    return lambda * squares;
  }
}

/** W = I + U V^T */
class LowRankMap implements LearntMap {
  readonly parameters: readonly Matrix[];
  readonly gradients: readonly Matrix[];
  readonly #kernel: MatrixKernel;
  /** [rows, rank] */
  readonly #inner: Matrix;
  /** [rank, rank] */
  readonly #products: Matrix;

  constructor(kernel: MatrixKernel, matrices: readonly Matrix[]) {
    this.#kernel = kernel;
    this.parameters = matrices.slice(0, 2);
    this.gradients = matrices.slice(2, 4);
    [this.#inner, this.#products] = [itemAt(matrices, 4), itemAt(matrices, 5)];
  }

  /** X + (X V) U^T */
  apply(vectors: Matrix, out: Matrix): void {
    const [u, v] = this.#factors(this.parameters);
    out.values.set(vectors.values.subarray(0, vectors.rows * vectors.stride));
    this.#kernel.addABt(this.#product(vectors, v), u, out);
  }

  /** dL/dU = E^T (X V), dL/dV = X^T (E U) */
  addGradient(vectors: Matrix, errors: Matrix): void {
    const [u, v] = this.#factors(this.parameters);
    const [uGradient, vGradient] = this.#factors(this.gradients);
    this.#kernel.addAtB(errors, this.#product(vectors, v), uGradient);
    this.#kernel.addAtB(vectors, this.#product(errors, u), vGradient);
  }

  /** |U V^T|^2 is the sum over (U^T U) * (V^T V), element by element; its gradients are 2 U (V^T V) and 2 V (U^T U). */
  addPenalty(lambda: number): number {
    if (lambda === 0) return 0;
    const [u, v] = this.#factors(this.parameters);
    const [uGradient, vGradient] = this.#factors(this.gradients);
    const uProducts = this.#addGram(u, { factor: v, scale: 2 * lambda, out: vGradient });
    const vProducts = this.#addGram(v, { factor: u, scale: 2 * lambda, out: uGradient });
    return lambda * uProducts.reduce((sum, product, i) => sum + product * (vProducts[i] ?? 0), 0);
  }

  /** out += scale F (M^T M), where M is `matrix` and F is `factor`; gives the elements of M^T M. */
  #addGram(matrix: Matrix, to: { readonly factor: Matrix; readonly scale: number; readonly out: Matrix }): Float64Array {
    const { rows, columns, stride, values } = this.#products;
    values.fill(0);
    this.#kernel.addAtB(matrix, matrix, this.#products);
    const elements = new Float64Array(rows * columns);
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        const at = row * stride + column;
        elements[row * columns + column] = values[at] ?? 0;
        values[at] = (values[at] ?? 0) * to.scale;
      }
    }
    this.#kernel.addAB(to.factor, this.#products, to.out);
    return elements;
  }

  /** A B in the inner matrix. */
  #product(a: Matrix, b: Matrix): Matrix {
    const product = this.#kernel.resize(this.#inner, { rows: a.rows, columns: b.columns });
    product.values.fill(0);
    this.#kernel.addAB(a, b, product);
    return product;
  }

  #factors(matrices: readonly Matrix[]): readonly [u: Matrix, v: Matrix] {
    return [itemAt(matrices, 0), itemAt(matrices, 1)];
  }
}
