import type { RetrievalJob, Side } from "#core/ports";
import { err, ok, type Result } from "#core/util/result";
import type { DotKernel } from "./dotKernel";
import { nearestDocuments, QUERIES_PER_BATCH } from "./exactSearch";
import type { HnswSearch } from "./hnswSearch";
import type { MatrixProduct } from "./matrixProduct";
import { Ranking, type ScoredDocuments } from "./ranking";
import type { SlicedWork } from "../process/taskQueue";
import type { RetrievedLists } from "./vectorMessages";
import type { VectorTable } from "./vectorTable";

/** Everything a search reads. */
export interface SearchSpace {
  readonly queries: VectorTable;
  readonly documents: VectorTable;
  readonly product: MatrixProduct;
  readonly kernel: DotKernel;
  /** Undefined: search is exact. */
  readonly hnsw: HnswSearch | undefined;
}

/** About 10 ms of scoring at depth 100. */
const JOBS_PER_SLICE = 64;
/** A few MB of vectors, which stay in the processor's cache. */
const SCORED_AT_ONCE = 1024;
/** A graph's distances are rounded otherwise than scores, which may change the order of the last ones. */
const SPARE_HITS = 16;

/** Scores each job's hits, positives and extra documents. Slots without a vector are a failure that names the first of them. */
export async function* retrieve(space: SearchSpace, jobs: readonly RetrievalJob[], depth: number): SlicedWork<Result<RetrievedLists>> {
  const writer = new ListWriter(space, jobs, depth);
  const ranking = new Ranking(depth);
  for (let start = 0; start < jobs.length; start += QUERIES_PER_BATCH) {
    const batch = jobs.slice(start, start + QUERIES_PER_BATCH);
    const missing = firstMissing(space, batch);
    if (missing !== undefined) return notReady(missing);
    const querySlots = batch.map((job) => job.query);
    // Depth 0 asks for scores of named documents only.
    const shortlists = depth === 0 ? [] : yield* shortlistsOf(space, querySlots, depth);
    for (const [i, job] of batch.entries()) {
      // Other work may have dropped slots since the last slice.
      const dropped = firstMissing(space, [job]);
      if (dropped !== undefined) return notReady(dropped);
      if (depth > 0) rank(space, job, shortlists[i], ranking);
      writer.add(job, ranking);
      if (i % JOBS_PER_SLICE === JOBS_PER_SLICE - 1) yield undefined;
    }
  }
  return ok(writer.lists());
}

/**
 * Slots, ascending, among which the `depth` nearest documents of each query are: surely so for exact search, mostly so for HNSW. Undefined: they may be
 * any.
 */
export async function* shortlistsOf(
  space: SearchSpace,
  querySlots: readonly number[],
  depth: number,
): SlicedWork<readonly (Int32Array | undefined)[]> {
  const { queries, documents, product, hnsw } = space;
  if (hnsw !== undefined)
    return querySlots.map((slot) =>
      queries.has(slot) ? hnsw.nearest(queries.vector(slot), depth + SPARE_HITS).sort() : new Int32Array(0),
    );
  const matrix = new Float32Array(querySlots.length * queries.dimensions);
  querySlots.forEach((slot, i) => {
    matrix.set(queries.vector(slot), i * queries.dimensions);
  });
  return yield* nearestDocuments(product, matrix, depth, documents);
}

/** Fills the ranking with the best of a shortlist, or of all documents, by scores calculated anew. */
export function rank(space: SearchSpace, job: ScoredPair, shortlist: Int32Array | undefined, ranking: Ranking): void {
  const { documents } = space;
  const candidates = shortlist?.filter((slot) => documents.has(slot)) ?? Int32Array.from(documents.slots());
  ranking.clear();
  for (let start = 0; start < candidates.length; start += SCORED_AT_ONCE)
    ranking.offer(scored(space, job, candidates.subarray(start, start + SCORED_AT_ONCE)));
}

type ScoredPair = Pick<RetrievalJob, "query" | "positives">;

/** Scores of these documents with the query and its positives. */
function scored({ queries, documents, kernel }: SearchSpace, { query, positives }: ScoredPair, slots: Int32Array): ScoredDocuments {
  kernel.load(documents, slots);
  const scores = kernel.scores(queries.vector(query), slots.length).slice();
  const positiveSimilarity = new Float32Array(slots.length).fill(positives.length === 0 ? NaN : -Infinity);
  for (const positive of positives) {
    const similarities = kernel.scores(documents.vector(positive), slots.length);
    for (let i = 0; i < slots.length; i++) positiveSimilarity[i] = Math.max(positiveSimilarity[i] ?? 0, similarities[i] ?? 0);
  }
  return { slots, scores, positiveSimilarity };
}

export interface MissingSlot {
  readonly side: Side;
  readonly slot: number;
}

function firstMissing({ queries, documents }: SearchSpace, jobs: readonly RetrievalJob[]): MissingSlot | undefined {
  for (const { query, positives, extra } of jobs) {
    if (!queries.has(query)) return { side: "query", slot: query };
    const document = positives.find((slot) => !documents.has(slot)) ?? extra.find((slot) => !documents.has(slot));
    if (document !== undefined) return { side: "document", slot: document };
  }
  return undefined;
}

export function notReady({ side, slot }: MissingSlot): Result<never> {
  return err({
    reason: "not-ready",
    message: `The ${side} in slot ${String(slot)} has no vector yet.`,
    nextStep: "Wait until embedding is done.",
  });
}

/** Fills the flat lists of an answer, job by job. */
class ListWriter {
  readonly #space: SearchSpace;
  readonly #lists: RetrievedLists;
  #job = 0;
  #hit = 0;
  #positive = 0;
  #extra = 0;

  constructor(space: SearchSpace, jobs: readonly RetrievalJob[], depth: number) {
    // Not cut to the number of documents, which may grow between slices.
    const hits = jobs.length * depth;
    const positives = jobs.reduce((sum, job) => sum + job.positives.length, 0);
    const extra = jobs.reduce((sum, job) => sum + job.extra.length, 0);
    this.#space = space;
    this.#lists = {
      counts: new Int32Array(jobs.length),
      documents: new Int32Array(hits),
      scores: new Float32Array(hits),
      positiveSimilarity: new Float32Array(hits),
      positiveScores: new Float32Array(positives),
      extraScores: new Float32Array(extra),
      extraPositiveSimilarity: new Float32Array(extra),
    };
  }

  add(job: RetrievalJob, ranking: Ranking): void {
    const lists = this.#lists;
    const { queries, documents } = this.#space;
    const hits = ranking.documents;
    lists.documents.set(hits.slots, this.#hit);
    lists.scores.set(hits.scores, this.#hit);
    lists.positiveSimilarity.set(hits.positiveSimilarity, this.#hit);
    this.#hit += hits.slots.length;
    lists.counts[this.#job++] = hits.slots.length;
    const query = queries.vector(job.query);
    for (const slot of job.positives) lists.positiveScores[this.#positive++] = documents.similarity(slot, query);
    if (job.extra.length === 0) return;
    const extra = scored(this.#space, job, Int32Array.from(job.extra));
    lists.extraScores.set(extra.scores, this.#extra);
    lists.extraPositiveSimilarity.set(extra.positiveSimilarity, this.#extra);
    this.#extra += extra.slots.length;
  }

  lists(): RetrievedLists {
    const { documents, scores, positiveSimilarity, ...rest } = this.#lists;
    const end = this.#hit;
    return {
      ...rest,
      documents: documents.slice(0, end),
      scores: scores.slice(0, end),
      positiveSimilarity: positiveSimilarity.slice(0, end),
    };
  }
}
