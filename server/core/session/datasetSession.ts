import type { Collection } from "../collection/collection";
import { buildCollectionSliced } from "../collection/buildCollection";
import type { CollectionInput } from "../collection/buildCollection";
import { TextKeys } from "../collection/textKeys";
import { configHash } from "../config/configHash";
import { defaultConfig } from "../config/config";
import type { Config } from "../config/config";
import { mostPositives } from "../collection/mostPositives";
import { foldMarks } from "../marks/foldMarks";
import type { FoldedMarks } from "../marks/foldMarks";
import type { QueryVerdicts } from "../marks/verdictsForQuery";
import { lexicalPool } from "../mining/lexicalPool";
import { searchShape } from "../mining/searchShape";
import { isLexical, sourcesOf } from "../mining/sourceSettings";
import type { SourceSettings } from "../mining/sourceSettings";
import type { IndexKind } from "../ports";
import { neverCancelled } from "../util/cancellation";
import type { Cancellation } from "../util/cancellation";
import { itemAt } from "../util/itemAt";
import { err, ok } from "../util/result";
import type { Result } from "../util/result";
import { carryOver } from "./carryOver";
import { mineQueries } from "./candidateSearch";
import type { Decide, SearchOptions } from "./candidateSearch";
import type { DenseIndex } from "./denseIndex";
import { GroupingStore } from "./groupingStore";
import { LexicalIndex } from "./lexicalIndex";
import { decideFor, planFor, verdictsAt } from "../mining/miningState";
import type { MinedQuery, MiningState, PlanOptions } from "../mining/miningState";
import { minedAhead } from "./minedAhead";
import { decideKept, PoolTable } from "./poolTable";
import type { SessionPorts } from "./sessionPorts";
import { SamplerPreviewer } from "./samplerPreviewer";
import type { PreviewStep } from "./samplerPreviewer";
import type { SessionStatus } from "./sessionStatus";
import { VectorWork } from "./vectorWork";

/** Told of changes. A status change alone leaves every query as it is. */
export interface SessionListener {
  /** Some query may look different now. */
  readonly revised: () => void;
  readonly statusChanged: () => void;
  /** How far the search for the candidates of a preview is. */
  readonly previewAdvanced?: (done: number, total: number) => void;
}

const nobody: SessionListener = { revised: () => undefined, statusChanged: () => undefined };

/** Up to so many documents a lexical index takes a tenth of a second; with more, it first has to be seen that the cache lacks vectors. */
const QUICKLY_INDEXED = 5000;

/**
 * One open data set: the single owner of its collection, configuration, marks and vectors. Everything it answers is computed from the
 * state of that moment, so that a mark or a change of the configuration acts on the next answer. Every change raises the revision.
 */
export class DatasetSession {
  readonly #ports: SessionPorts;
  readonly #keys: TextKeys;
  readonly #listener: SessionListener;
  #collection: Collection = { files: [], queries: [], documents: [], groups: [], groupKeys: [], groupOfKey: new Map(), unresolved: [] };
  #config: Config = defaultConfig;
  #marks: FoldedMarks = foldMarks([]);
  #revision = 0;
  #sources: readonly SourceSettings[] = sourcesOf(defaultConfig.sampler, 0);
  #groupings = new GroupingStore(this.#collection);
  #lexical: LexicalIndex | undefined;
  readonly #work: VectorWork;
  readonly #table = new PoolTable();
  /** What the kept pools were made from. */
  #pooled: Collection = this.#collection;
  readonly #previewer: SamplerPreviewer;

  constructor(ports: SessionPorts, listener: SessionListener = nobody) {
    this.#ports = ports;
    this.#keys = new TextKeys(ports.sha256);
    this.#listener = listener;
    this.#work = new VectorWork(ports, {
      statusChanged: listener.statusChanged,
      synchronised: (index) => this.#carryPools(index.kind),
      ready: () => {
        this.#revised();
      },
    });
    this.#previewer = new SamplerPreviewer({
      table: this.#table,
      isCurrent: (collection) => collection === this.#collection && collection === this.#pooled,
      model: () => this.status.model?.fingerprint,
      breathe: ports.breathe,
      mine: async (state, queries, cancellation) =>
        this.#mineBatch(state, queries, { searchWords: await this.#words(state), keep: true, cancellation }),
      advanced: (done, total) => listener.previewAdvanced?.(done, total),
    });
  }

  get revision(): number {
    return this.#revision;
  }

  get collection(): Collection {
    return this.#collection;
  }

  get config(): Config {
    return this.#config;
  }

  get sources(): readonly SourceSettings[] {
    return this.#sources;
  }

  get configHash(): string {
    return configHash(this.#config, this.#ports.sha256);
  }

  get marks(): FoldedMarks {
    return this.#marks;
  }

  get status(): SessionStatus {
    return this.#work.status;
  }

  /** Replaces the data. Vectors of texts that stay are kept; work on the old data is given up. */
  async setData(input: CollectionInput): Promise<void> {
    const collection = await buildCollectionSliced(input, this.#keys, this.#ports.breathe);
    const resume = this.#work.isWanted;
    await this.#work.reset();
    this.#collection = collection;
    this.#sources = sourcesOf(this.#config.sampler, mostPositives(collection));
    this.#groupings = new GroupingStore(collection);
    this.#revised();
    if (resume) void this.prepare();
  }

  /** Replaces the configuration and re-mines: at once where only the sampler changed, after new vectors where the encoder did. */
  async setConfig(config: Config): Promise<void> {
    const before = this.#config;
    this.#config = config;
    this.#sources = sourcesOf(config.sampler, mostPositives(this.#collection));
    const sameVectors = JSON.stringify([before.model, before.index]) === JSON.stringify([config.model, config.index]);
    if (!sameVectors && this.status.phase !== "idle") {
      await this.#work.reset();
      this.#table.clear();
      void this.prepare();
    }
    this.#revised();
  }

  setMarks(marks: FoldedMarks): void {
    this.#marks = marks;
    this.#revised();
  }

  /** Makes the model ready while the data are still being read; a failure is left to `prepare`, which tries again. */
  loadModelAhead(config: Config): void {
    void this.#work.dense.openModel(config);
  }

  /** Makes all vectors and the index. Called again while it runs, it gives the running work's result. */
  prepare(firstQuery?: number): Promise<Result<null>> {
    const first = firstQuery === undefined ? {} : { firstQuery };
    return this.#work.prepare({ collection: this.#collection, config: this.#config, ...first });
  }

  /** Stops embedding, and the search for a preview. What is embedded and found already stays. */
  stop(): Promise<void> {
    this.#previewer.stop();
    return this.#work.stop();
  }

  /** The verdicts that hold for a query now. */
  verdicts(query: number): QueryVerdicts {
    return verdictsAt(this.#state(), query);
  }

  /** Candidates of one query: dense where the vectors are there, lexical until then. */
  async mine(query: number): Promise<Result<MinedQuery>> {
    const state = this.#state();
    if (state.collection.queries[query] === undefined) {
      return err({
        reason: "not-ready",
        message: `There is no query ${String(query + 1)} in this data set any more.`,
        nextStep: "Go to another query.",
      });
    }
    const searchWords = await this.#words(state);
    if (state.collection !== this.#collection || state.config !== this.#config) return await this.mine(query);
    if (this.status.phase !== "ready") {
      return ok(decideFor(state, lexicalPool(planFor(state, query, { retrieval: "lexical", searchWords }))));
    }
    if (this.#groupings.isMissing(state.config.sampler)) void this.#completeGroupings(neverCancelled);
    const mined = await this.#mineBatch(state, [query], { searchWords, keep: true, cancellation: neverCancelled });
    return mined.ok ? ok(itemAt(mined.value, 0)()) : mined;
  }

  /** What is known of a query without any search; undefined where it was not looked at since the last change. */
  peek(query: number): MinedQuery | undefined {
    const kept = this.#table.get(query);
    const state = this.#state();
    return kept === undefined || this.#pooled !== state.collection
      ? undefined
      : decideKept(state, searchShape(state.config.sampler, state.sources), kept);
  }

  /** Mines every query in order, in batches, with the configuration and marks of this moment. The vectors must be ready. */
  async mineAll(onQuery: (mined: MinedQuery) => void | Promise<void>, cancellation: Cancellation): Promise<Result<null>> {
    const grouped = await this.#completeGroupings(cancellation);
    if (!grouped.ok) return grouped;
    const state = { ...this.#state(), marks: this.#marks.snapshot() };
    const searchWords = await this.#words(state);
    const mine = (batch: readonly number[]): Promise<Result<readonly Decide[]>> =>
      this.#mineBatch(state, batch, { searchWords, keep: this.#table.isWhole, cancellation });
    for await (const mined of minedAhead([...state.collection.queries.keys()], mine)) {
      if (!mined.ok) return mined;
      for (const decide of mined.value) await onQuery(decide());
      await this.#ports.breathe();
      if (cancellation.requested) return err({ reason: "cancelled", message: "Mining was stopped." });
    }
    return ok(null);
  }

  /** What the sampler of another configuration would do to the whole file. Nothing changes. The vectors must be ready. */
  async preview(config: Config): Promise<Result<PreviewStep>> {
    const dense = this.#readyIndex(this.#collection);
    if (!dense.ok) return dense;
    if (this.#groupings.isMissing(config.sampler)) {
      const grouped = await this.#completeGroupings(neverCancelled, config);
      if (!grouped.ok) return grouped;
    }
    return await this.#previewer.preview({ ...this.#state(), groupings: this.#groupings.now(config.sampler) }, config);
  }

  async dispose(): Promise<void> {
    this.#previewer.abandon();
    await this.#work.dispose();
  }

  /** Keeps the candidates that a change of the data cannot affect. A word that comes or goes moves every BM25 score. */
  async #carryPools(kind: IndexKind): Promise<void> {
    const before = this.#pooled;
    this.#pooled = this.#collection;
    if (!this.#sources.some(isLexical)) this.#lexical = undefined;
    if (this.#table.isEmpty || before === this.#collection || kind !== "exact" || this.#sources.some(isLexical)) {
      this.#table.clear();
      return;
    }
    const searchWords: PlanOptions["searchWords"] = () => ({ documents: [], scores: [] });
    await carryOver({ dense: this.#work.dense, table: this.#table, before, state: this.#state(), searchWords });
  }

  #state(): MiningState {
    const { sampler } = this.#config;
    const groupings = this.#groupings.now(sampler);
    const { author } = this.#ports;
    return { collection: this.#collection, config: this.#config, sources: this.#sources, groupings, marks: this.#marks, author };
  }

  /** Search by words, where a source or the lack of vectors asks for it; the vectors of a cache may come while the index is built. */
  async #words({ collection, config, sources }: MiningState): Promise<PlanOptions["searchWords"]> {
    const isNeedless = (): boolean => this.status.phase === "ready" && !sources.some(isLexical);
    if (collection.documents.length > QUICKLY_INDEXED) await this.#work.untilSlow();
    if (isNeedless()) return () => ({ documents: [], scores: [] });
    const lexical = (this.#lexical ??= new LexicalIndex());
    const isThere = await lexical.update(collection, { breathe: this.#ports.breathe, needless: isNeedless });
    return (query, count) => (isThere ? lexical.search(query, count, config.sampler.bm25) : { documents: [], scores: [] });
  }

  /** Finds the groups that the configuration asks for and that are not known yet; every query looks different then. */
  async #completeGroupings(cancellation: Cancellation, { sampler }: Config = this.#config): Promise<Result<null>> {
    const [store, collection] = [this.#groupings, this.#collection];
    if (!store.isMissing(sampler)) return ok(null);
    const dense = this.#readyIndex(collection);
    if (!dense.ok) return dense;
    const found = await store.complete(sampler, (...asked) => dense.value.topics(collection, ...asked), { cancellation });
    if (!found.ok) return found;
    if (store === this.#groupings) {
      this.#table.clear();
      this.#revised();
    }
    return ok(null);
  }

  async #mineBatch(state: MiningState, queries: readonly number[], options: SearchOptions): Promise<Result<readonly Decide[]>> {
    const dense = this.#readyIndex(state.collection);
    if (!dense.ok) return dense;
    const mined = await mineQueries({ dense: dense.value, table: this.#table }, state, queries, options);
    if (mined.ok && state.collection !== this.#collection) this.#table.clear();
    return mined;
  }

  #readyIndex(collection: Collection): Result<DenseIndex> {
    if (this.status.phase !== "ready") {
      return err({ reason: "not-ready", message: "The vectors are not there yet.", nextStep: "Wait for embedding to end." });
    }
    if (collection !== this.#collection) {
      return err({ reason: "superseded", message: "The data changed meanwhile.", nextStep: "Try again." });
    }
    return ok(this.#work.dense);
  }

  #revised(): void {
    this.#revision += 1;
    this.#listener.revised();
  }
}
