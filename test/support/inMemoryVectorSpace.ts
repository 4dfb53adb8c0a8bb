import type {
  EmbedReport,
  IndexChoice,
  IndexStatus,
  ModelChoice,
  ModelIdentity,
  PutOptions,
  RetrievalJob,
  Retrieved,
  Side,
  SlotText,
  VectorSpace,
} from "#core/ports";
import type { Cancellation } from "#core/util/cancellation";
import { err, ok, type Result } from "#core/util/result";
import { dot, normalise } from "../../server/runtime/vectors/similarity";

/** Any function from texts to vectors of one length; vectors are scaled to length 1. */
export type TextEmbedder = (text: string, side: Side) => readonly number[];

/**
 * A vector space without files or processes. Search is exact and gives the very results of the real one: same scores, same order. Texts map
 * to vectors by the embedder given, by default `hashingEmbedder`.
 */
export class InMemoryVectorSpace implements VectorSpace {
  readonly #text: SlotText;
  readonly #embed: TextEmbedder;
  readonly #vectors: Readonly<Record<Side, Map<number, Float32Array>>> = { query: new Map(), document: new Map() };

  constructor(text: SlotText, embed: TextEmbedder = hashingEmbedder(64)) {
    this.#text = text;
    this.#embed = embed;
  }

  open(choice: ModelChoice): Promise<Result<ModelIdentity>> {
    for (const vectors of Object.values(this.#vectors)) vectors.clear();
    return Promise.resolve(
      ok({ id: choice.id, fingerprint: `in-memory ${choice.precision}`, dimensions: this.#embed("", "query").length, maxTokens: 256 }),
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

  index(_choice: IndexChoice, cancellation: Cancellation): Promise<Result<IndexStatus>> {
    if (cancellation.requested) return Promise.resolve(cancelled());
    return Promise.resolve(ok({ kind: "exact", documents: this.#vectors.document.size, recall: 1, recallSample: 0 }));
  }

  retrieve(jobs: readonly RetrievalJob[], depth: number, cancellation: Cancellation): Promise<Result<readonly Retrieved[]>> {
    if (cancellation.requested) return Promise.resolve(cancelled());
    const { query, document } = this.#vectors;
    for (const job of jobs) {
      const missing = [...job.positives, ...job.extra].find((slot) => !document.has(slot));
      if (!query.has(job.query) || missing !== undefined)
        return Promise.resolve(err({ reason: "not-ready", message: `Slot ${String(missing ?? job.query)} has no vector yet.` }));
    }
    return Promise.resolve(ok(jobs.map((job) => this.#retrieveOne(job, depth))));
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }

  #retrieveOne(job: RetrievalJob, depth: number): Retrieved {
    const { query, document } = this.#vectors;
    const score = (slot: number) => similarity(document.get(slot)!, query.get(job.query)!);
    const toPositives = (slot: number) =>
      job.positives.length === 0
        ? NaN
        : Math.max(...job.positives.map((positive) => similarity(document.get(positive)!, document.get(slot)!)));
    const hits = [...document.keys()].map((slot) => ({ slot, score: score(slot) }));
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
}

/** Counts of a text's lower-case words, each in the place its hash names: texts that share words are near each other. Never all zeros. */
export function hashingEmbedder(dimensions: number): TextEmbedder {
  return (text) => {
    const vector = new Array<number>(dimensions).fill(0);
    vector[0] = 1e-3;
    for (const [word] of text.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu)) {
      let hash = 2166136261;
      for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 16777619) >>> 0;
      vector[hash % dimensions] = vector[hash % dimensions]! + 1;
    }
    return vector;
  };
}

function similarity(a: Float32Array, b: Float32Array): number {
  return dot(a, 0, b, 0, a.length);
}

function cancelled(): Result<never> {
  return err({ reason: "cancelled", message: "Stopped." });
}
