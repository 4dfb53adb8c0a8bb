import type { TrainingConfig } from "../config/trainingSchema";
import { itemAt } from "../util/itemAt";
import type { ContrastiveBatch } from "./contrastiveBatch";
import { contrastiveLoss } from "./contrastiveLoss";
import { learntMap, learntMapSizes, type LearntMap } from "./learntMap";
import { gatherRows, type Matrix, type MatrixKernel, type MatrixSize } from "./matrixKernel";
import type { AdapterShape } from "./trainer";
import type { TrainingSet } from "./trainingSet";

/** Vectors of one side of a batch, a row each. */
interface SideVectors {
  /** As the encoder gives them: X. */
  readonly frozen: Matrix;
  /** X W^T with rows of length 1; X itself where this side is not moved. */
  readonly adapted: Matrix;
  /** 1 / |W x| of each row, 0 for a row of zeros; undefined where this side is not moved. */
  readonly scales: Float64Array | undefined;
  /** dL/d(adapted), then dL/d(X W^T). */
  readonly errors: Matrix;
}

/** The way from an adapter's parameters to the loss of a batch and back. Holds the memory for batches up to a size. */
export class AdapterPass {
  readonly map: LearntMap;
  readonly #kernel: MatrixKernel;
  readonly #shape: AdapterShape;
  readonly #sides: readonly (readonly Matrix[])[];
  readonly #scores: Matrix;

  /** `rows` and `columns`: most queries and documents of a batch. */
  constructor(kernel: MatrixKernel, shape: AdapterShape, { rows, columns }: MatrixSize) {
    const mapSizes = learntMapSizes(shape, Math.max(rows, columns));
    const vectors = (count: number): readonly MatrixSize[] => new Array<MatrixSize>(3).fill({ rows: count, columns: shape.dimensions });
    const matrices = kernel.allocate([...mapSizes, ...vectors(rows), ...vectors(columns), { rows, columns }]);
    const work = matrices.slice(mapSizes.length);
    this.map = learntMap(kernel, shape, matrices.slice(0, mapSizes.length));
    this.#kernel = kernel;
    this.#shape = shape;
    this.#sides = [work.slice(0, 3), work.slice(3, 6)];
    this.#scores = itemAt(work, 6);
  }

  /** The loss of a batch, its penalty included; leaves the gradient in `map.gradients`. */
  lossAndGradient(set: TrainingSet, batch: ContrastiveBatch, settings: TrainingConfig): number {
    for (const { values } of this.map.gradients) values.fill(0);
    const queries = this.#forward(0, { from: set.queries, rows: batch.queries, moved: true });
    const documents = this.#forward(1, { from: set.documents, rows: batch.documents, moved: this.#shape.sides === "both" });
    const scores = this.#kernel.resize(this.#scores, { rows: batch.queries.length, columns: batch.documents.length });
    scores.values.fill(0);
    this.#kernel.addABt(queries.adapted, documents.adapted, scores);
    const loss = contrastiveLoss(batch, scores, settings);
    queries.errors.values.fill(0);
    this.#kernel.addAB(scores, documents.adapted, queries.errors);
    if (documents.scales !== undefined) {
      documents.errors.values.fill(0);
      this.#kernel.addAtB(scores, queries.adapted, documents.errors);
    }
    for (const side of [queries, documents]) this.#backward(side);
    return loss + this.map.addPenalty(settings.adapter.regularization);
  }

  #forward(
    side: number,
    { from, rows, moved }: { readonly from: Float32Array; readonly rows: readonly number[]; readonly moved: boolean },
  ): SideVectors {
    const size = { rows: rows.length, columns: this.#shape.dimensions };
    const [frozen, adapted, errors] = itemAt(this.#sides, side).map((matrix) => this.#kernel.resize(matrix, size));
    if (frozen === undefined || adapted === undefined || errors === undefined) throw new RangeError("a side has three matrices");
    gatherRows(from, rows, frozen);
    if (!moved) return { frozen, adapted: frozen, scales: undefined, errors };
    this.map.apply(frozen, adapted);
    return { frozen, adapted, scales: normaliseRows(adapted), errors };
  }

  /** dL/dx = (dL/dy - (dL/dy . y) y) / |x| for y = x / |x|. */
  #backward({ frozen, adapted, scales, errors }: SideVectors): void {
    if (scales === undefined) return;
    const { rows, columns, stride, values } = errors;
    for (let row = 0; row < rows; row += 1) {
      const start = row * stride;
      let along = 0;
      for (let i = start; i < start + columns; i += 1) along += (values[i] ?? 0) * (adapted.values[i] ?? 0);
      const scale = scales[row] ?? 0;
      for (let i = start; i < start + columns; i += 1) values[i] = scale * ((values[i] ?? 0) - along * (adapted.values[i] ?? 0));
    }
    this.map.addGradient(frozen, errors);
  }
}

/** Gives each row length 1, and what it was multiplied with; a row of zeros stays as it is. */
function normaliseRows({ rows, columns, stride, values }: Matrix): Float64Array {
  const scales = new Float64Array(rows);
  for (let row = 0; row < rows; row += 1) {
    const start = row * stride;
    let squares = 0;
    for (let i = start; i < start + columns; i += 1) squares += (values[i] ?? 0) ** 2;
    const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares);
    for (let i = start; i < start + columns; i += 1) values[i] = (values[i] ?? 0) * scale;
    scales[row] = scale;
  }
  return scales;
}
