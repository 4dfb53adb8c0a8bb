import type { Collection } from "../collection/collection";
import { TextSlots } from "../collection/textSlots";
import type { Config } from "../config/config";
import type { RetrievalPlan } from "../mining/retrievalPlan";
import type { Pool } from "../mining/pool";
import { rescorePool, rescoringPlan } from "../mining/rescorePool";
import { SlotDocuments } from "../mining/slotDocuments";
import { toPool } from "../mining/toPool";
import type {
  EmbedProgress,
  EmbedReport,
  IndexStatus,
  ModelIdentity,
  RescorerChoice,
  RetrievalJob,
  SimilarPairs,
  SlotText,
  VectorSpace,
  WorkOptions,
} from "../ports";
import { neverCancelled } from "../util/cancellation";
import type { Cancellation } from "../util/cancellation";
import { itemAt } from "../util/itemAt";
import { err, ok } from "../util/result";
import type { Result } from "../util/result";

export interface SyncOptions {
  readonly cancellation: Cancellation;
  /** Query whose texts are embedded before all others, since the user looks at it. */
  readonly firstQuery?: number;
  readonly onEmbedding?: (progress: EmbedProgress) => void;
  readonly onIndexing?: () => void;
}

export interface SyncReport extends EmbedReport {
  readonly model: ModelIdentity;
  readonly index: IndexStatus;
}

/** How many more texts are fetched than wanted, so that equal scores at the end of the list are seen together, whatever their slots. */
const spare = 8;

/** Documents of one query that are to be scored by a rescorer. */
export interface SecondScores {
  readonly query: number;
  readonly documents: readonly number[];
}

/** The vectors of one collection: keeps texts, slots and the vector space in step, and turns searches into pools. */
export class DenseIndex {
  readonly #vectors: VectorSpace;
  readonly #documents = new TextSlots();
  readonly #queries = new TextSlots();
  #model: { readonly choice: string; readonly opened: Promise<Result<ModelIdentity>> } | undefined;
  #slotDocuments: SlotDocuments | undefined;

  constructor(createVectors: (textOf: SlotText) => VectorSpace) {
    this.#vectors = createVectors((side, slot) => (side === "query" ? this.#queries : this.#documents).textOf(slot));
  }

  /** Makes the model ready. Called again with the same choice it gives the same answer, unless that was a failure. */
  async openModel(config: Config): Promise<Result<ModelIdentity>> {
    const { id, precision, query_prompt, corpus_prompt, allow_download } = config.model;
    const choice = { id, precision, queryPrompt: query_prompt, corpusPrompt: corpus_prompt, allowDownload: allow_download };
    const name = JSON.stringify(choice);
    if (this.#model?.choice !== name) this.#model = { choice: name, opened: this.#vectors.open(choice) };
    const asked = this.#model;
    const opened = await asked.opened;
    if (!opened.ok && this.#model === asked) this.#model = undefined;
    return opened;
  }

  /** Brings the vectors in line with the collection: embeds what is new, forgets what is gone, rebuilds the index. */
  async sync(collection: Collection, config: Config, options: SyncOptions): Promise<Result<SyncReport>> {
    this.#slotDocuments = undefined;
    const model = await this.openModel(config);
    if (!model.ok) return model;
    await this.#assign(collection);
    const embedded = await this.#embed(collection, options);
    if (!embedded.ok) return embedded;
    options.onIndexing?.();
    const { kind, m, ef_construction, ef } = config.index;
    const index = await this.#vectors.index({ kind, m, efConstruction: ef_construction, ef }, options.cancellation);
    if (!index.ok) return index;
    this.#slotDocuments = new SlotDocuments(collection, (text) => this.#documents.slotOf(text));
    return ok({ ...embedded.value, model: model.value, index: index.value });
  }

  /** Searches for several queries of the collection last synchronised, in one go. */
  async pools(collection: Collection, plans: readonly RetrievalPlan[], cancellation: Cancellation): Promise<Result<Pool[]>> {
    const slotDocuments = this.#slotDocuments;
    if (slotDocuments === undefined) return notReady();
    const jobs = plans.map((plan) => this.#job(collection, plan, slotDocuments));
    const depth = Math.max(0, ...plans.map((plan) => plan.depth));
    const fetched = depth === 0 ? 0 : depth + slotDocuments.unminableSlots + spare;
    const found = await this.#vectors.retrieve(jobs, fetched, cancellation);
    if (!found.ok) return found;
    return ok(found.value.map((retrieved, i) => toPool({ plan: itemAt(plans, i), retrieved, slotDocuments })));
  }

  /** Scores of some documents for each of several queries, in their order. */
  async scores(collection: Collection, queries: readonly number[], documents: readonly number[]): Promise<Result<readonly Float32Array[]>> {
    const slotDocuments = this.#slotDocuments;
    if (slotDocuments === undefined) return notReady();
    if (documents.length === 0) return ok(queries.map(() => new Float32Array(0)));
    const extra = documents.map((document) => slotDocuments.slotOf(document));
    const jobs = queries.map((query) => ({ query: this.#queries.slotOf(itemAt(collection.queries, query).text), positives: [], extra }));
    const found = await this.#vectors.retrieve(jobs, 0, neverCancelled);
    return found.ok ? ok(found.value.map(({ extraScores }) => extraScores)) : found;
  }

  /** Brings a pool of this index in line with a plan of the same depth, without a search. */
  async rescore(collection: Collection, known: Pool, plan: RetrievalPlan): Promise<Result<Pool>> {
    const slotDocuments = this.#slotDocuments;
    if (slotDocuments === undefined) return notReady();
    const found = await this.#vectors.retrieve([this.#job(collection, rescoringPlan(known, plan), slotDocuments)], 0, neverCancelled);
    return found.ok ? ok(rescorePool(known, plan, itemAt(found.value, 0))) : found;
  }

  /** Second scores of documents, in their order. */
  async rescored(
    collection: Collection,
    choice: RescorerChoice,
    wanted: readonly SecondScores[],
    options: WorkOptions,
  ): Promise<Result<readonly Float32Array[]>> {
    const slotDocuments = this.#slotDocuments;
    if (slotDocuments === undefined) return notReady();
    const jobs = wanted.map(({ query, documents }) => ({
      query: this.#queries.slotOf(itemAt(collection.queries, query).text),
      documents: documents.map((document) => slotDocuments.slotOf(document)),
    }));
    return this.#vectors.rescore(choice, jobs, options);
  }

  /** For each list of documents the pairs that are at least so similar. */
  async similarPairs(
    lists: readonly (readonly number[])[],
    least: number,
    cancellation: Cancellation,
  ): Promise<Result<readonly SimilarPairs[]>> {
    const slotDocuments = this.#slotDocuments;
    if (slotDocuments === undefined) return notReady();
    const slots = lists.map((documents) => documents.map((document) => slotDocuments.slotOf(document)));
    return this.#vectors.similarPairs(slots, least, cancellation);
  }

  /** Topic of each document of the collection, by k-means over the vectors. */
  async topics(collection: Collection, count: number, seed: number, options: WorkOptions): Promise<Result<Int32Array>> {
    const slotDocuments = this.#slotDocuments;
    if (slotDocuments === undefined) return notReady();
    const found = await this.#vectors.topics(count, seed, options);
    if (!found.ok) return found;
    const { topicOfSlot } = found.value;
    return ok(Int32Array.from(collection.documents, (_, document) => topicOfSlot[slotDocuments.slotOf(document)] ?? -1));
  }

  dispose(): Promise<void> {
    return this.#vectors.dispose();
  }

  async #assign(collection: Collection): Promise<void> {
    const documents = this.#documents.assign(collection.documents.map((document) => document.text));
    const queries = this.#queries.assign(collection.queries.map((query) => query.text));
    await this.#vectors.drop("document", documents.removed);
    await this.#vectors.drop("query", queries.removed);
  }

  async #embed(collection: Collection, options: SyncOptions): Promise<Result<EmbedReport>> {
    const { cancellation, onEmbedding, firstQuery } = options;
    const querySlots = slotsOf(this.#queries, collection.queries);
    const documentSlots = slotsOf(this.#documents, collection.documents);
    const total = querySlots.length + documentSlots.length;
    const looked = firstQuery === undefined ? undefined : collection.queries[firstQuery];
    const queries = await this.#vectors.put("query", querySlots, {
      cancellation,
      onProgress: ({ done, uncached }) => onEmbedding?.({ done, total, uncached }),
      first: looked === undefined ? [] : [this.#queries.slotOf(looked.text)],
    });
    if (!queries.ok) return queries;
    const documents = await this.#vectors.put("document", documentSlots, {
      cancellation,
      onProgress: ({ done, uncached }) => onEmbedding?.({ done: done + querySlots.length, total, uncached }),
      first: (looked?.positives ?? []).map((document) => this.#slotOfDocument(collection, document)),
    });
    if (!documents.ok) return documents;
    return ok({
      embedded: queries.value.embedded + documents.value.embedded,
      cached: queries.value.cached + documents.value.cached,
    });
  }

  #job(collection: Collection, plan: RetrievalPlan, slotDocuments: SlotDocuments): RetrievalJob {
    return {
      query: this.#queries.slotOf(itemAt(collection.queries, plan.query).text),
      positives: plan.positives.map((document) => slotDocuments.slotOf(document)),
      extra: plan.extra.map((document) => slotDocuments.slotOf(document)),
    };
  }

  #slotOfDocument(collection: Collection, document: number): number {
    return this.#documents.slotOf(itemAt(collection.documents, document).text);
  }
}

/** Slots in the order of the texts' first appearance: what stands first in the file is embedded first. */
function slotsOf(slots: TextSlots, items: readonly { readonly text: string }[]): readonly number[] {
  return [...new Set(items.map(({ text }) => slots.slotOf(text)))];
}

function notReady(): Result<never> {
  return err({ reason: "not-ready", message: "The vectors are still being made.", nextStep: "Wait for embedding to end." });
}
