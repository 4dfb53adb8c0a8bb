import type { InferenceSession } from "onnxruntime-node";
import { ort } from "./nativeModules";
import type { SlicedWork } from "./taskQueue";
import { ABSENT, type VectorTable } from "./vectorTable";

/** More queries at once share the reading of a block: 0.10 ms a query at 20,000 documents against 2.4 ms for one alone. */
export const QUERIES_PER_BATCH = 128;

/**
 * Matrix products of different shapes may differ in the last bits. So many candidates more than asked for are taken before scores are
 * calculated anew in one fixed order.
 */
export const SPARE_CANDIDATES = 16;

/** Candidates of one query, best first by the matrix product's scores. */
interface Shortlist {
  slots: Int32Array;
  scores: Float32Array;
}

/** Compares each query with every document: the scores of a block are one matrix product on ONNX Runtime. */
export class ExactSearch {
  readonly #session: InferenceSession;

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  /** `graphFile` is the search.onnx that scripts/model/searchGraph.mjs writes. */
  static async open(graphFile: string, threads: number): Promise<ExactSearch> {
    return new ExactSearch(await ort.InferenceSession.create(graphFile, { executionProviders: ["cpu"], intraOpNumThreads: threads }));
  }

  /**
   * For each of the queries, at most `QUERIES_PER_BATCH` rows of `queries`, the slots of at least the `depth` nearest documents (some spare
   * ones too), in no order a caller may rely on.
   */
  async *nearest(queries: Float32Array, depth: number, table: VectorTable): SlicedWork<readonly Int32Array[]> {
    const wanted = depth + SPARE_CANDIDATES;
    const count = queries.length / table.dimensions;
    const shortlists = Array.from({ length: count }, (): Shortlist => ({ slots: new Int32Array(0), scores: new Float32Array(0) }));
    const queryTensor = new ort.Tensor("float32", queries, [count, table.dimensions]);
    for (const block of table.blocks()) {
      const rows = block.bias.length;
      const k = Math.min(wanted, rows);
      const found = await this.#session.run({
        queries: queryTensor,
        documents: new ort.Tensor("float32", block.rows, [rows, table.dimensions]),
        bias: new ort.Tensor("float32", block.bias, [rows]),
        k: new ort.Tensor("int64", BigInt64Array.of(BigInt(k)), [1]),
      });
      const scores = found["scores"]?.data as Float32Array;
      const hits = found["rows"]?.data as Int32Array;
      shortlists.forEach((shortlist, query) => {
        const from = query * k;
        merge(shortlist, scores.subarray(from, from + k), hits.subarray(from, from + k), { firstSlot: block.firstSlot, wanted });
      });
      yield undefined;
    }
    return shortlists.map(({ slots }) => slots);
  }
}

/** Both lists are sorted by score, equal scores by slot; the block's slots are above all slots seen before. */
function merge(
  shortlist: Shortlist,
  scores: Float32Array,
  rows: Int32Array,
  block: { readonly firstSlot: number; readonly wanted: number },
): void {
  const { slots: oldSlots, scores: oldScores } = shortlist;
  let live = scores.length;
  while (live > 0 && (scores[live - 1] ?? 0) < ABSENT / 2) live--;
  const length = Math.min(block.wanted, oldSlots.length + live);
  const slots = new Int32Array(length);
  const merged = new Float32Array(length);
  let old = 0;
  let fresh = 0;
  for (let i = 0; i < length; i++) {
    const oldScore = oldScores[old] ?? -Infinity;
    const freshScore = fresh < live ? (scores[fresh] ?? -Infinity) : -Infinity;
    const takeOld = old < oldSlots.length && oldScore >= freshScore;
    slots[i] = takeOld ? (oldSlots[old++] ?? 0) : block.firstSlot + (rows[fresh++] ?? 0);
    merged[i] = takeOld ? oldScore : freshScore;
  }
  shortlist.slots = slots;
  shortlist.scores = merged;
}
