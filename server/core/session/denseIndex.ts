import type { Collection } from "../collection/collection";
import { TextSlots } from "../collection/textSlots";
import type { Config } from "../config/config";
import type { Adapter } from "../adapter/adapter";
import { SlotDocuments } from "../mining/slotDocuments";
import type { EmbedProgress, EmbedReport, IndexStatus, ModelIdentity, SlotText, VectorSpace } from "../ports";
import type { Cancellation } from "../util/cancellation";
import { itemAt } from "../util/itemAt";
import { err, ok } from "../util/result";
import type { Result } from "../util/result";
import { DenseSearch } from "./denseSearch";
import type { SearchedTexts } from "./denseSearch";

export interface SyncOptions {
  readonly cancellation: Cancellation;
  /** Query whose texts are embedded before all others, since the user looks at it. */
  readonly firstQuery?: number;
  readonly onEmbedding?: (progress: EmbedProgress) => void;
  readonly onIndexing?: () => void;
}

export interface SyncReport extends EmbedReport {
  /** The encoder with the adapter in use. */
  readonly model: ModelIdentity;
  /** The encoder alone. */
  readonly encoder: ModelIdentity;
  readonly index: IndexStatus;
}

export interface DenseIndexPorts {
  readonly createVectors: (textOf: SlotText) => VectorSpace;
  /** The adapter of this name, made for this encoder, and a fingerprint of it. */
  readonly readAdapter: (name: string, encoder: ModelIdentity) => Promise<Result<StoredAdapter>>;
}

export interface StoredAdapter {
  readonly adapter: Adapter;
  readonly fingerprint: string;
}

/** The vectors of one collection: keeps texts, slots, the adapter in use and the vector space in step. */
export class DenseIndex {
  readonly #ports: DenseIndexPorts;
  readonly #vectors: VectorSpace;
  readonly #documents = new TextSlots();
  readonly #queries = new TextSlots();
  #model: { readonly choice: string; readonly opened: Promise<Result<ModelIdentity>> } | undefined;
  /** The adapter in use, and the encoder that it is held for. */
  #inUse: { readonly name: string; readonly choice: string; readonly fingerprint: string } | undefined;
  #searched: SearchedTexts | undefined;

  constructor(ports: DenseIndexPorts) {
    this.#ports = ports;
    this.#vectors = ports.createVectors((side, slot) => (side === "query" ? this.#queries : this.#documents).textOf(slot));
  }

  /** Makes the encoder ready. Called again with the same choice it gives the same answer, unless that was a failure. */
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
    this.#searched = undefined;
    const encoder = await this.openModel(config);
    if (!encoder.ok) return encoder;
    const model = await this.#useAdapter(config.model.adapter, encoder.value);
    if (!model.ok) return model;
    await this.#assign(collection);
    const embedded = await this.#embed(collection, options);
    if (!embedded.ok) return embedded;
    options.onIndexing?.();
    const { kind, m, ef_construction, ef } = config.index;
    const choice = { kind, m, efConstruction: ef_construction, ef };
    const index = await this.#vectors.index(choice, options.cancellation, this.#inUse?.name);
    if (!index.ok) return index;
    const slotDocuments = new SlotDocuments(collection, (text) => this.#documents.slotOf(text));
    this.#searched = { collection, queries: this.#queries, slotDocuments };
    return ok({ ...embedded.value, model: model.value, encoder: encoder.value, index: index.value });
  }

  /** Search with the adapter in use, in the collection last synchronised. */
  search(): Result<DenseSearch> {
    return this.searchUnder(this.#inUse?.name);
  }

  /** Search with a held adapter, or by the encoder alone. */
  searchUnder(adapter: string | undefined): Result<DenseSearch> {
    return this.#searched === undefined ? notReady() : ok(new DenseSearch(this.#vectors, this.#searched, adapter));
  }

  /** Keeps an adapter for `searchUnder`, until it is released or the encoder changes. */
  hold(name: string, adapter: Adapter): Promise<Result<null>> {
    return this.#vectors.hold(name, adapter);
  }

  release(name: string): Promise<void> {
    return this.#vectors.release(name);
  }

  dispose(): Promise<void> {
    return this.#vectors.dispose();
  }

  /** Holds the adapter in use; answers what the encoder is with it. */
  async #useAdapter(adapter: string | null, encoder: ModelIdentity): Promise<Result<ModelIdentity>> {
    const choice = this.#model?.choice ?? "";
    const name = adapter === null ? undefined : `in use: ${adapter}`;
    if (this.#inUse !== undefined && (this.#inUse.name !== name || this.#inUse.choice !== choice)) {
      await this.#vectors.release(this.#inUse.name);
      this.#inUse = undefined;
    }
    if (adapter === null || name === undefined) return ok(encoder);
    if (this.#inUse === undefined) {
      const stored = await this.#ports.readAdapter(adapter, encoder);
      if (!stored.ok) return stored;
      const held = await this.#vectors.hold(name, stored.value.adapter);
      if (!held.ok) return held;
      this.#inUse = { name, choice, fingerprint: stored.value.fingerprint };
    }
    return ok({ ...encoder, id: `${encoder.id} with ${adapter}`, fingerprint: `${encoder.fingerprint} ${this.#inUse.fingerprint}` });
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
