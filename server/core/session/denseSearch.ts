import type { Collection } from "../collection/collection";
import type { TextSlots } from "../collection/textSlots";
import type { Pool } from "../mining/pool";
import { rescorePool, rescoringPlan } from "../mining/rescorePool";
import type { RetrievalPlan } from "../mining/retrievalPlan";
import type { SlotDocuments } from "../mining/slotDocuments";
import { toPool } from "../mining/toPool";
import type { RescorerChoice, RetrievalJob, SimilarPairs, VectorSpace, WorkOptions } from "../ports";
import { neverCancelled } from "../util/cancellation";
import type { Cancellation } from "../util/cancellation";
import { itemAt } from "../util/itemAt";
import { ok } from "../util/result";
import type { Result } from "../util/result";

/** How many more texts are fetched than wanted, so that equal scores at the end of the list are seen together, whatever their slots. */
const spare = 8;

/** Documents of one query that are to be scored by a rescorer. */
export interface SecondScores {
  readonly query: number;
  readonly documents: readonly number[];
}

/** The slots of a collection whose vectors are there. */
export interface SearchedTexts {
  readonly collection: Collection;
  readonly queries: TextSlots;
  readonly slotDocuments: SlotDocuments;
}

/** Search among the vectors of one collection, moved by one adapter or by none. */
export class DenseSearch {
  readonly #vectors: VectorSpace;
  readonly #texts: SearchedTexts;
  readonly #under: string | undefined;

  /** @param under name of an adapter that the vector space holds */
  constructor(vectors: VectorSpace, texts: SearchedTexts, under: string | undefined) {
    this.#vectors = vectors;
    this.#texts = texts;
    this.#under = under;
  }

  /** Searches for several queries in one go. */
  async pools(plans: readonly RetrievalPlan[], cancellation: Cancellation): Promise<Result<Pool[]>> {
    const { slotDocuments } = this.#texts;
    const jobs = plans.map((plan) => this.#job(plan));
    const depth = Math.max(0, ...plans.map((plan) => plan.depth));
    const found = await this.#vectors.retrieve(jobs, this.#fetched(depth), cancellation, this.#under);
    if (!found.ok) return found;
    return ok(found.value.map((retrieved, i) => toPool({ plan: itemAt(plans, i), retrieved, slotDocuments })));
  }

  /** The nearest documents of each query, best first, at least `depth` of them where there are as many. Documents of one text stand together. */
  async nearest(queries: readonly number[], depth: number, cancellation: Cancellation): Promise<Result<readonly (readonly number[])[]>> {
    const { slotDocuments } = this.#texts;
    const jobs = queries.map((query) => ({ query: this.#slotOfQuery(query), positives: [], extra: [] }));
    const found = await this.#vectors.retrieve(jobs, this.#fetched(depth), cancellation, this.#under);
    return found.ok ? ok(found.value.map(({ documents }) => [...documents].flatMap((slot) => [...slotDocuments.of(slot)]))) : found;
  }

  /** Scores of some documents for each of several queries, in their order. */
  async scores(queries: readonly number[], documents: readonly number[]): Promise<Result<readonly Float32Array[]>> {
    if (documents.length === 0) return ok(queries.map(() => new Float32Array(0)));
    const extra = this.#slotsOf(documents);
    const jobs = queries.map((query) => ({ query: this.#slotOfQuery(query), positives: [], extra }));
    const found = await this.#vectors.retrieve(jobs, 0, neverCancelled, this.#under);
    return found.ok ? ok(found.value.map(({ extraScores }) => extraScores)) : found;
  }

  /** Brings a pool of this search in line with a plan of the same depth, without searching. */
  async rescore(known: Pool, plan: RetrievalPlan): Promise<Result<Pool>> {
    const found = await this.#vectors.retrieve([this.#job(rescoringPlan(known, plan))], 0, neverCancelled, this.#under);
    return found.ok ? ok(rescorePool(known, plan, itemAt(found.value, 0))) : found;
  }

  /** Second scores of documents, in their order. */
  async rescored(choice: RescorerChoice, wanted: readonly SecondScores[], options: WorkOptions): Promise<Result<readonly Float32Array[]>> {
    const jobs = wanted.map(({ query, documents }) => ({ query: this.#slotOfQuery(query), documents: this.#slotsOf(documents) }));
    return this.#vectors.rescore(choice, jobs, options);
  }

  /** Similarities of each pool's rows to each of its positives, [rows, positives]. */
  similaritiesToPositives(pools: readonly Pool[], cancellation: Cancellation): Promise<Result<readonly Float32Array[]>> {
    const { slotDocuments } = this.#texts;
    const jobs = pools.map(({ documents, positives }) => ({
      rows: Array.from(documents, (document) => slotDocuments.slotOf(document)),
      columns: positives.map((document) => slotDocuments.slotOf(document)),
    }));
    return this.#vectors.similarities(jobs, cancellation, this.#under);
  }

  /** Similarities of documents to one document, in their order. */
  async similaritiesTo(document: number, documents: readonly number[]): Promise<Result<Float32Array>> {
    const job = { rows: this.#slotsOf(documents), columns: this.#slotsOf([document]) };
    const found = await this.#vectors.similarities([job], neverCancelled, this.#under);
    return found.ok ? ok(itemAt(found.value, 0)) : found;
  }

  /** For each list of documents the pairs that are at least so similar. */
  async similarPairs(
    lists: readonly (readonly number[])[],
    least: number,
    cancellation: Cancellation,
  ): Promise<Result<readonly SimilarPairs[]>> {
    const slots = lists.map((documents) => this.#slotsOf(documents));
    return this.#vectors.similarPairs(slots, least, cancellation, this.#under);
  }

  /** Topic of each document of the collection, by k-means over the vectors. */
  async topics(count: number, seed: number, options: WorkOptions): Promise<Result<Int32Array>> {
    const { collection, slotDocuments } = this.#texts;
    const found = await this.#vectors.topics(count, seed, options, this.#under);
    if (!found.ok) return found;
    const { topicOfSlot } = found.value;
    return ok(Int32Array.from(collection.documents, (_, document) => topicOfSlot[slotDocuments.slotOf(document)] ?? -1));
  }

  /** The encoder's vectors of queries, before any adapter, one after the other. */
  queryVectors(queries: readonly number[], cancellation: Cancellation): Promise<Result<Float32Array>> {
    return this.#vectors.vectors(
      "query",
      queries.map((query) => this.#slotOfQuery(query)),
      cancellation,
    );
  }

  /** The encoder's vectors of documents, before any adapter, one after the other. */
  documentVectors(documents: readonly number[], cancellation: Cancellation): Promise<Result<Float32Array>> {
    return this.#vectors.vectors("document", this.#slotsOf(documents), cancellation);
  }

  #fetched(depth: number): number {
    return depth === 0 ? 0 : depth + this.#texts.slotDocuments.unminableSlots + spare;
  }

  #job(plan: RetrievalPlan): RetrievalJob {
    return {
      query: this.#slotOfQuery(plan.query),
      positives: this.#slotsOf(plan.positives),
      extra: this.#slotsOf(plan.extra),
    };
  }

  #slotOfQuery(query: number): number {
    const { collection, queries } = this.#texts;
    return queries.slotOf(itemAt(collection.queries, query).text);
  }

  #slotsOf(documents: readonly number[]): readonly number[] {
    return documents.map((document) => this.#texts.slotDocuments.slotOf(document));
  }
}
