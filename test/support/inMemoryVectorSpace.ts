import type { Adapter } from "#core/adapter/adapter";
import type {
  EmbedReport,
  IndexChoice,
  IndexStatus,
  ModelChoice,
  ModelIdentity,
  PutOptions,
  RescoreJob,
  RescorerChoice,
  RetrievalJob,
  Retrieved,
  Side,
  SimilarityJob,
  SimilarPairs,
  SlotText,
  TopicAssignment,
  VectorSpace,
  WorkOptions,
} from "#core/ports";
import type { Cancellation } from "#core/util/cancellation";
import { err, ok, type Result } from "#core/util/result";
import { adapterFailure, noDirection, notHeld } from "../../server/runtime/vectors/adapterFailures";
import { dot, normalise } from "../../server/runtime/vectors/similarity";
import { assignByDot, topicsOf } from "../../server/runtime/vectors/topics";
import { movedByDot, movedSides } from "../../server/runtime/vectors/vectorMover";
import { VectorTable } from "../../server/runtime/vectors/vectorTable";

/** Any function from texts to vectors of one length; vectors are scaled to length 1. */
export type TextEmbedder = (text: string, side: Side) => readonly number[];

type SlotVectors = Readonly<Record<Side, ReadonlyMap<number, Float32Array>>>;

/** Slots that a search reads; all that have a vector where it may read any. */
type NeededSlots = Readonly<Record<Side, readonly number[] | "all">>;

/**
 * A vector space without files or processes. Search is exact and gives the very results of the real one: same scores, same order. Texts map
 * to vectors by the embedder given, by default `hashingEmbedder`.
 */
export class InMemoryVectorSpace implements VectorSpace {
  readonly #text: SlotText;
  readonly #embed: TextEmbedder;
  readonly #vectors: Readonly<Record<Side, Map<number, Float32Array>>> = { query: new Map(), document: new Map() };
  readonly #held = new Map<string, Adapter>();

  constructor(text: SlotText, embed: TextEmbedder = hashingEmbedder(64)) {
    this.#text = text;
    this.#embed = embed;
  }

  open(choice: ModelChoice): Promise<Result<ModelIdentity>> {
    for (const vectors of Object.values(this.#vectors)) vectors.clear();
    this.#held.clear();
    return Promise.resolve(
      ok({ id: choice.id, fingerprint: `in-memory ${choice.precision}`, dimensions: this.#dimensions, maxTokens: 256 }),
    );
  }

  put(side: Side, slots: readonly number[], { cancellation, onProgress }: PutOptions): Promise<Result<EmbedReport>> {
    if (cancellation.requested) return Promise.resolve(cancelled());
    const missing = slots.filter((slot) => !this.#vectors[side].has(slot));
    for (const slot of missing) {
      const vector = Float32Array.from(this.#embed(this.#text(side, slot), side));
      if (!normalise(vector))
        return Promise.resolve(err({ reason: "bad-vectors", message: `The text of ${side} slot ${String(slot)} has no direction.` }));
      this.#vectors[side].set(slot, vector);
    }
    onProgress?.({ done: missing.length, total: missing.length, uncached: missing.length });
    return Promise.resolve(ok({ embedded: missing.length, cached: 0 }));
  }

  drop(side: Side, slots: readonly number[]): Promise<void> {
    for (const slot of slots) this.#vectors[side].delete(slot);
    return Promise.resolve();
  }

  vectors(side: Side, slots: readonly number[], cancellation: Cancellation): Promise<Result<Float32Array>> {
    if (cancellation.requested) return Promise.resolve(cancelled());
    const missing = slots.find((slot) => !this.#vectors[side].has(slot));
    if (missing !== undefined) return Promise.resolve(noVector(missing));
    return Promise.resolve(ok(Float32Array.from(slots.flatMap((slot) => [...this.#vectors[side].get(slot)!]))));
  }

  hold(name: string, adapter: Adapter): Promise<Result<null>> {
    const failure = adapterFailure(name, adapter, this.#dimensions);
    if (failure !== undefined) return Promise.resolve(err(failure));
    this.#held.set(name, { ...adapter, weight: adapter.weight.slice() });
    return Promise.resolve(ok(null));
  }

  release(name: string): Promise<void> {
    this.#held.delete(name);
    return Promise.resolve();
  }

  index(_choice: IndexChoice, cancellation: Cancellation, under?: string): Promise<Result<IndexStatus>> {
    if (cancellation.requested) return Promise.resolve(cancelled());
    const vectors = this.#moved(under, { query: "all", document: "all" });
    if (!vectors.ok) return Promise.resolve(vectors);
    return Promise.resolve(ok({ kind: "exact", documents: this.#vectors.document.size, recall: 1, recallSample: 0 }));
  }

  retrieve(
    jobs: readonly RetrievalJob[],
    depth: number,
    cancellation: Cancellation,
    under?: string,
  ): Promise<Result<readonly Retrieved[]>> {
    if (cancellation.requested) return Promise.resolve(cancelled());
    const query = jobs.map((job) => job.query);
    const named = jobs.flatMap(({ positives, extra }) => [...positives, ...extra]);
    const vectors = this.#moved(under, { query, document: depth > 0 ? "all" : named });
    if (!vectors.ok) return Promise.resolve(vectors);
    for (const job of jobs) {
      const missing = [...job.positives, ...job.extra].find((slot) => !this.#vectors.document.has(slot));
      if (!this.#vectors.query.has(job.query) || missing !== undefined) return Promise.resolve(noVector(missing ?? job.query));
    }
    return Promise.resolve(ok(jobs.map((job) => retrieveOne(vectors.value, job, depth))));
  }

  similarities(jobs: readonly SimilarityJob[], cancellation: Cancellation, under?: string): Promise<Result<readonly Float32Array[]>> {
    if (cancellation.requested) return Promise.resolve(cancelled());
    const found = this.#documents(
      jobs.flatMap(({ rows, columns }) => [...rows, ...columns]),
      under,
    );
    if (!found.ok) return Promise.resolve(found);
    const vectorOf = (slot: number): Float32Array => found.value.get(slot)!;
    const matrixOf = ({ rows, columns }: SimilarityJob): Float32Array =>
      Float32Array.from(rows.flatMap((row) => columns.map((column) => similarity(vectorOf(row), vectorOf(column)))));
    return Promise.resolve(ok(jobs.map(matrixOf)));
  }

  similarPairs(
    lists: readonly (readonly number[])[],
    least: number,
    cancellation: Cancellation,
    under?: string,
  ): Promise<Result<readonly SimilarPairs[]>> {
    if (cancellation.requested) return Promise.resolve(cancelled());
    const found = this.#documents(lists.flat(), under);
    if (!found.ok) return Promise.resolve(found);
    return Promise.resolve(ok(lists.map((list) => pairsOf(found.value, list, least))));
  }

  async topics(count: number, seed: number, options: WorkOptions, under?: string): Promise<Result<TopicAssignment>> {
    const { cancellation, onProgress } = options;
    if (cancellation.requested) return cancelled();
    const vectors = this.#moved(under, { query: [], document: "all" });
    if (!vectors.ok) return vectors;
    const table = new VectorTable(this.#dimensions);
    for (const [slot, vector] of vectors.value.document) table.set(slot, vector);
    const work = topicsOf(table, assignByDot, { count, seed, ...(onProgress !== undefined && { onProgress }) });
    const stopped = (): boolean => cancellation.requested;
    for (let slice = await work.next(); ; slice = await work.next()) {
      if (slice.done === true) return ok(slice.value);
      if (stopped()) return cancelled();
    }
  }

  rescore(
    _choice: RescorerChoice,
    jobs: readonly RescoreJob[],
    { cancellation, onProgress }: WorkOptions,
  ): Promise<Result<readonly Float32Array[]>> {
    if (cancellation.requested) return Promise.resolve(cancelled());
    const scores = jobs.map(({ query, documents }) => {
      const text = this.#text("query", query);
      return Float32Array.from(documents, (slot) => sharedWordScore(text, this.#text("document", slot)));
    });
    const total = scores.reduce((sum, { length }) => sum + length, 0);
    onProgress?.({ done: total, total });
    return Promise.resolve(ok(scores));
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }

  get #dimensions(): number {
    return this.#embed("", "query").length;
  }

  /** The vectors of these documents, all of which must have one. */
  #documents(slots: readonly number[], under: string | undefined): Result<ReadonlyMap<number, Float32Array>> {
    const vectors = this.#moved(under, { query: [], document: slots });
    if (!vectors.ok) return vectors;
    const missing = slots.find((slot) => !this.#vectors.document.has(slot));
    return missing === undefined ? ok(vectors.value.document) : noVector(missing);
  }

  /** The vectors under an adapter: those that are needed and there. */
  #moved(under: string | undefined, needed: NeededSlots): Result<SlotVectors> {
    if (under === undefined) return ok(this.#vectors);
    const adapter = this.#held.get(under);
    if (adapter === undefined) return err(notHeld(under));
    const moved: Record<Side, ReadonlyMap<number, Float32Array>> = { ...this.#vectors };
    for (const side of movedSides(adapter)) {
      const own = this.#vectors[side];
      const slots = needed[side];
      const vectors = new Map<number, Float32Array>();
      for (const slot of slots === "all" ? own.keys() : slots.filter((one) => own.has(one))) {
        const vector = movedByDot(adapter, own.get(slot)!);
        if (vector === undefined) return err(noDirection(under, side, slot));
        vectors.set(slot, vector);
      }
      moved[side] = vectors;
    }
    return ok(moved);
  }
}

function pairsOf(documents: ReadonlyMap<number, Float32Array>, list: readonly number[], least: number): SimilarPairs {
  const vectors = list.map((slot) => documents.get(slot)!);
  const pairs = vectors.flatMap((vector, first) =>
    vectors.flatMap((other, second) => (first < second ? [{ first, second, similarity: similarity(vector, other) }] : [])),
  );
  const near = pairs.filter((pair) => pair.similarity >= least);
  return {
    first: Int32Array.from(near, (pair) => pair.first),
    second: Int32Array.from(near, (pair) => pair.second),
    similarity: Float32Array.from(near, (pair) => pair.similarity),
  };
}

function retrieveOne({ query, document }: SlotVectors, job: RetrievalJob, depth: number): Retrieved {
  const score = (slot: number) => similarity(document.get(slot)!, query.get(job.query)!);
  const toPositives = (slot: number) =>
    job.positives.length === 0
      ? NaN
      : Math.max(...job.positives.map((positive) => similarity(document.get(positive)!, document.get(slot)!)));
  const hits = depth === 0 ? [] : Array.from(document.keys(), (slot) => ({ slot, score: score(slot) }));
  hits.sort((a, b) => b.score - a.score || a.slot - b.slot);
  const kept = hits.slice(0, depth);
  return {
    documents: Int32Array.from(kept, (hit) => hit.slot),
    scores: Float32Array.from(kept, (hit) => hit.score),
    positiveSimilarity: Float32Array.from(kept, (hit) => toPositives(hit.slot)),
    positiveScores: Float32Array.from(job.positives, score),
    extraScores: Float32Array.from(job.extra, score),
    extraPositiveSimilarity: Float32Array.from(job.extra, toPositives),
  };
}

/**
 * A second score on a scale of its own, as a cross-encoder's logits have: from -10, where no word of the query is in the document, to 10,
 * where all are; a longer document has a little less, up to 1.
 */
export function sharedWordScore(query: string, document: string): number {
  const wanted = new Set(wordsOf(query));
  const words = wordsOf(document);
  const there = new Set(words);
  const shared = [...wanted].filter((word) => there.has(word)).length;
  return Math.fround(20 * (shared / Math.max(1, wanted.size)) - 10 - words.length / (words.length + 50));
}

/** Counts of a text's lower-case words, each in the place its hash names: texts that share words are near each other. Never all zeros. */
export function hashingEmbedder(dimensions: number): TextEmbedder {
  return (text) => {
    const vector = new Array<number>(dimensions).fill(0);
    vector[0] = 1e-3;
    for (const word of wordsOf(text)) {
      let hash = 2166136261;
      for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 16777619) >>> 0;
      vector[hash % dimensions] = vector[hash % dimensions]! + 1;
    }
    return vector;
  };
}

function wordsOf(text: string): readonly string[] {
  return Array.from(text.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu), ([word]) => word);
}

function similarity(a: Float32Array, b: Float32Array): number {
  return dot(a, 0, b, 0, a.length);
}

function noVector(slot: number): Result<never> {
  return err({ reason: "not-ready", message: `Slot ${String(slot)} has no vector yet.` });
}

function cancelled(): Result<never> {
  return err({ reason: "cancelled", message: "Stopped." });
}
