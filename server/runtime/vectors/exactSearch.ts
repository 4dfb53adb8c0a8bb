import type { MatrixProduct } from "./matrixProduct";
import { Shortlist } from "./shortlist";
import { productError } from "./similarity";
import type { SlicedWork } from "../process/taskQueue";
import type { VectorTable } from "./vectorTable";

/** More queries at once share the reading of a block. With this many a block takes about 20 ms on two cores. */
export const QUERIES_PER_BATCH = 512;

/**
 * For each of the queries, at most `QUERIES_PER_BATCH` rows, slots among which the `depth` nearest documents surely are; undefined where
 * they may be anywhere. Compares each query with every document.
 */
export async function* nearestDocuments(
  product: MatrixProduct,
  queries: Float32Array,
  depth: number,
  table: VectorTable,
): SlicedWork<readonly (Int32Array | undefined)[]> {
  const { dimensions } = table;
  const error = productError(dimensions);
  const shortlists = Array.from({ length: queries.length / dimensions }, () => new Shortlist(depth, error));
  for (const { firstSlot, vectors, bias } of table.blocks()) {
    const products = await product.multiply(queries, { vectors, bias }, dimensions);
    for (const [query, shortlist] of shortlists.entries()) shortlist.offer({ products, query, rows: bias.length, firstSlot });
    yield undefined;
  }
  return shortlists.map(({ slots }) => slots);
}
