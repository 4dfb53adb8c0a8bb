import type { RetrievalJob, Side } from "#core/ports";
import { err, ok, type Result } from "#core/util/result";
import { QUERIES_PER_BATCH, SPARE_CANDIDATES, type ExactSearch } from "./exactSearch";
import type { HnswSearch } from "./hnswSearch";
import type { SlicedWork } from "./taskQueue";
import type { RetrievedLists } from "./vectorMessages";
import type { VectorTable } from "./vectorTable";

/** Everything a search reads. */
export interface SearchSpace {
  readonly queries: VectorTable;
  readonly documents: VectorTable;
  readonly exact: ExactSearch;
  /** Undefined: search is exact. */
  readonly hnsw: HnswSearch | undefined;
}

/** Nearest documents, best first, equal scores in ascending slot order. */
export interface Ranking {
  readonly slots: Int32Array;
  readonly scores: Float32Array;
}

const JOBS_PER_SLICE = 16;

/** Scores each job's hits, positives and extra documents. Slots without a vector are a failure that names the first of them. */
export async function* retrieve(space: SearchSpace, jobs: readonly RetrievalJob[], depth: number): SlicedWork<Result<RetrievedLists>> {
  const writer = new ListWriter(space, jobs, depth);
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
      writer.add(job, rank(space, job.query, shortlists[i], depth));
      if (i % JOBS_PER_SLICE === JOBS_PER_SLICE - 1) yield undefined;
    }
  }
  return ok(writer.lists());
}

/** Slots among which the `depth` nearest documents of each query are: surely so for exact search, mostly so for HNSW. */
export async function* shortlistsOf(space: SearchSpace, querySlots: readonly number[], depth: number): SlicedWork<readonly Int32Array[]> {
  const { queries, documents, exact, hnsw } = space;
  if (hnsw !== undefined)
    return querySlots.map((slot) => (queries.has(slot) ? hnsw.nearest(queries.vector(slot), depth + SPARE_CANDIDATES) : new Int32Array(0)));
  const matrix = new Float32Array(querySlots.length * queries.dimensions);
  querySlots.forEach((slot, i) => {
    matrix.set(queries.vector(slot), i * queries.dimensions);
  });
  return yield* exact.nearest(matrix, depth, documents);
}

/** Orders a shortlist by scores calculated anew, and cuts it to `depth`. */
export function rank(space: SearchSpace, query: number, shortlist: Int32Array | undefined, depth: number): Ranking {
  const vector = space.queries.vector(query);
  const hits = Array.from(shortlist?.filter((slot) => space.documents.has(slot)) ?? [], (slot) => ({
    slot,
    score: space.documents.similarity(slot, vector),
  }));
  hits.sort((a, b) => b.score - a.score || a.slot - b.slot);
  const kept = hits.slice(0, depth);
  return { slots: Int32Array.from(kept, ({ slot }) => slot), scores: Float32Array.from(kept, ({ score }) => score) };
}

interface MissingSlot {
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

function notReady({ side, slot }: MissingSlot): Result<never> {
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
    const query = queries.vector(job.query);
    lists.documents.set(ranking.slots, this.#hit);
    lists.scores.set(ranking.scores, this.#hit);
    for (const slot of ranking.slots) lists.positiveSimilarity[this.#hit++] = this.#positiveSimilarity(slot, job);
    lists.counts[this.#job++] = ranking.slots.length;
    for (const slot of job.positives) lists.positiveScores[this.#positive++] = documents.similarity(slot, query);
    for (const slot of job.extra) {
      lists.extraScores[this.#extra] = documents.similarity(slot, query);
      lists.extraPositiveSimilarity[this.#extra++] = this.#positiveSimilarity(slot, job);
    }
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

  #positiveSimilarity(slot: number, { positives }: RetrievalJob): number {
    if (positives.length === 0) return NaN;
    const vector = this.#space.documents.vector(slot);
    let highest = -Infinity;
    for (const positive of positives) highest = Math.max(highest, this.#space.documents.similarity(positive, vector));
    return highest;
  }
}
