import { ok, type Result } from "#core/util/result";
import type { DotKernel } from "./dotKernel";
import { notReady } from "./retrieval";
import { eachList } from "./similarPairs";
import type { SlicedCalculation } from "../process/taskQueue";
import type { SlotLists } from "./vectorMessages";
import type { VectorTable } from "./vectorTable";

/** A few MB of vectors, which stay in the processor's cache. */
const LOADED_AT_ONCE = 1024;
/** So many scores are about 10 ms at 384 dimensions. */
const SCORES_PER_SLICE = 1 << 15;

/** Where the vectors are, and what compares them. */
export interface ComparedVectors {
  readonly documents: VectorTable;
  readonly kernel: DotKernel;
}

/**
 * Similarities of each list of rows with the list of columns in the same place, [rows, columns], one after the other. Each is what `dot` gives.
 * A document without a vector is a failure that names the first of its job.
 */
export function* similarities(space: ComparedVectors, rows: SlotLists, columns: SlotLists): SlicedCalculation<Result<Float32Array>> {
  const { documents } = space;
  const columnLists = [...eachList(columns)];
  const cells = rows.counts.reduce((sum, count, job) => sum + count * (columnLists[job]?.length ?? 0), 0);
  const all = new Float32Array(cells);
  let start = 0;
  let sliced = 0;
  for (const [job, rowList] of [...eachList(rows)].entries()) {
    const columnList = columnLists[job] ?? new Int32Array(0);
    const matrix = all.subarray(start, (start += rowList.length * columnList.length));
    for (const part of partsOf(rowList, columnList)) {
      // Other work may have dropped slots since the last slice.
      const missing = part.rows.find((slot) => !documents.has(slot)) ?? part.columns.find((slot) => !documents.has(slot));
      if (missing !== undefined) return notReady({ side: "document", slot: missing });
      fill(space, matrix, part);
      sliced += part.rows.length * part.columns.length;
      if (sliced < SCORES_PER_SLICE) continue;
      sliced = 0;
      yield undefined;
    }
  }
  return ok(all);
}

/** A rectangle of a job's matrix. */
interface MatrixPart {
  readonly rows: Int32Array;
  readonly columns: Int32Array;
  readonly firstRow: number;
  readonly firstColumn: number;
  /** Columns of the whole matrix. */
  readonly width: number;
}

/** The longer of the lists is loaded, as many as fit, and compared with as many of the other as a slice has time for. */
function* partsOf(rows: Int32Array, columns: Int32Array): Generator<MatrixPart, undefined> {
  const few = SCORES_PER_SLICE / LOADED_AT_ONCE;
  const [height, width] = rows.length >= columns.length ? [LOADED_AT_ONCE, few] : [few, LOADED_AT_ONCE];
  for (let firstRow = 0; firstRow < rows.length; firstRow += height) {
    for (let firstColumn = 0; firstColumn < columns.length; firstColumn += width) {
      yield {
        rows: rows.subarray(firstRow, firstRow + height),
        columns: columns.subarray(firstColumn, firstColumn + width),
        firstRow,
        firstColumn,
        width: columns.length,
      };
    }
  }
}

function fill({ documents, kernel }: ComparedVectors, matrix: Float32Array, part: MatrixPart): void {
  const { rows, columns, firstRow, firstColumn, width } = part;
  const start = firstRow * width + firstColumn;
  if (rows.length >= columns.length) {
    kernel.load(documents, rows);
    for (const [column, slot] of columns.entries()) {
      const scores = kernel.scores(documents.vector(slot), rows.length);
      for (let row = 0; row < rows.length; row++) matrix[start + row * width + column] = scores[row] ?? 0;
    }
  } else {
    kernel.load(documents, columns);
    for (const [row, slot] of rows.entries()) {
      matrix.set(kernel.scores(documents.vector(slot), columns.length), start + row * width);
    }
  }
}
