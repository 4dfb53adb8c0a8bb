import type { Collection } from "../collection/collection";
import { buildCollectionSliced } from "../collection/buildCollection";
import type { CollectionInput } from "../collection/buildCollection";
import { configHash } from "../config/configHash";
import { defaultConfig } from "../config/config";
import type { Config } from "../config/config";
import { mostPositives } from "../collection/mostPositives";
import { foldMarks } from "../marks/foldMarks";
import type { FoldedMarks } from "../marks/foldMarks";
import type { QueryVerdicts } from "../marks/verdictsForQuery";
import { lexicalPool } from "../mining/lexicalPool";
import type { Pool } from "../mining/pool";
import type { RetrievalPlan } from "../mining/retrievalPlan";
import { isLexical, sourcesOf } from "../mining/sourceSettings";
import type { SourceSettings } from "../mining/sourceSettings";
import { neverCancelled } from "../util/cancellation";
import type { Cancellation } from "../util/cancellation";
import { itemAt } from "../util/itemAt";
import { err, ok } from "../util/result";
import type { Result } from "../util/result";
import { completePools } from "./completePools";
import { DenseIndex } from "./denseIndex";
import { GroupingStore } from "./groupingStore";
import { LexicalIndex } from "./lexicalIndex";
import { decideFor, planFor, verdictsAt } from "./miningState";
import type { MinedQuery, MiningState, PlanOptions } from "./miningState";
import type { SessionPorts } from "./sessionPorts";
import { idleStatus } from "./sessionStatus";
import type { SessionStatus } from "./sessionStatus";

/** The pool of a query that was looked at. */
interface KeptPool {
  readonly plan: RetrievalPlan;
  readonly sources: readonly SourceSettings[];
  /** As it was searched for, and with what its sources need besides. */
  readonly base: Pool;
  readonly pool: Pool;
}

/** Told of changes. A status change alone leaves every query as it is. */
export interface SessionListener {
  /** Some query may look different now. */
  readonly revised: () => void;
  readonly statusChanged: () => void;
}

/** Making the vectors. */
interface Work {
  cancelled: boolean;
  readonly done: Promise<Result<null>>;
  /** Resolves when the cache turns out not to have every text, or the work ends. */
  readonly slow: Promise<unknown>;
}

const nobody: SessionListener = { revised: () => undefined, statusChanged: () => undefined };

/** Queries searched in one call: enough to use the matrix product well, few enough to let other work in between. */
const MINING_BATCH = 64;
/** Up to so many documents a lexical index takes a tenth of a second; with more, it first has to be seen that the cache lacks vectors. */
const QUICKLY_INDEXED = 5000;
/** Pools of queries that were looked at are kept up to this number, the oldest go first. */
const KEPT_POOLS = 256;

/**
 * One open data set: the single owner of its collection, configuration, marks and vectors. Everything it answers is computed from the
 * state of that moment, so that a mark or a change of the configuration acts on the next answer. Every change raises the revision.
 */
export class DatasetSession {
  readonly #ports: SessionPorts;
  readonly #listener: SessionListener;
  #collection: Collection = { files: [], queries: [], documents: [], groups: [], groupKeys: [], groupOfKey: new Map(), unresolved: [] };
  #config: Config = defaultConfig;
  #marks: FoldedMarks = foldMarks([]);
  #revision = 0;
  #status: SessionStatus = idleStatus;
  #dense: DenseIndex | undefined;
  #sources: readonly SourceSettings[] = sourcesOf(defaultConfig.sampler, 0);
  #groupings = new GroupingStore(this.#collection);
  #lexical: LexicalIndex | undefined;
  #work: Work | undefined;
  #pools = new Map<number, KeptPool>();

  constructor(ports: SessionPorts, listener: SessionListener = nobody) {
    this.#ports = ports;
    this.#listener = listener;
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
    return this.#status;
  }

  /** Replaces the data. Vectors of texts that stay are kept; work on the old data is given up. */
  async setData(input: CollectionInput): Promise<void> {
    const collection = await buildCollectionSliced(input, this.#ports.sha256, this.#ports.breathe);
    const resume = this.#work !== undefined || this.#status.phase === "ready";
    await this.#abandonWork();
    this.#collection = collection;
    this.#sources = sourcesOf(this.#config.sampler, mostPositives(collection));
    this.#groupings = new GroupingStore(collection);
    this.#pools.clear();
    this.#setStatus({ phase: "idle" });
    this.#revised();
    if (resume) void this.prepare();
  }

  /** Replaces the configuration and re-mines: at once where only the sampler changed, after new vectors where the encoder did. */
  async setConfig(config: Config): Promise<void> {
    const before = this.#config;
    this.#config = config;
    this.#sources = sourcesOf(config.sampler, mostPositives(this.#collection));
    const sameVectors = JSON.stringify([before.model, before.index]) === JSON.stringify([config.model, config.index]);
    if (!sameVectors && this.#status.phase !== "idle") {
      await this.#abandonWork();
      this.#pools.clear();
      this.#setStatus({ phase: "idle" });
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
    void this.#denseIndex().openModel(config);
  }

  /** Makes all vectors and the index. Called again while it runs, it gives the running work's result. */
  prepare(firstQuery?: number): Promise<Result<null>> {
    if (this.#status.phase === "ready") return Promise.resolve(ok(null));
    if (this.#work !== undefined) return this.#work.done;
    const cancellation = {
      cancelled: false,
      get requested(): boolean {
        return this.cancelled;
      },
    };
    let sayCold = (): void => undefined;
    const cold = new Promise<void>((resolve) => {
      sayCold = resolve;
    });
    const done = this.#synchronise(cancellation, firstQuery, sayCold);
    this.#work = Object.assign(cancellation, { done, slow: Promise.race([cold, settled(done)]) });
    return done;
  }

  /** Stops embedding. What is embedded already stays. */
  async stop(): Promise<void> {
    if (this.#work === undefined) return;
    await this.#abandonWork();
    this.#setStatus({ phase: "stopped" });
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
    if (this.#status.phase !== "ready") {
      return ok(decideFor(state, lexicalPool(planFor(state, query, { retrieval: "lexical", searchWords }))));
    }
    if (this.#groupings.isMissing(state.config.sampler)) void this.#completeGroupings(neverCancelled);
    const pool = await this.#densePool(state, planFor(state, query, { retrieval: "dense", searchWords }));
    return pool.ok ? ok(decideFor(state, pool.value)) : pool;
  }

  /** What is known of a query without any search; undefined where it was not looked at since the last change. */
  peek(query: number): MinedQuery | undefined {
    const known = this.#pools.get(query);
    return known === undefined || known.sources !== this.#sources ? undefined : decideFor(this.#state(), known.pool);
  }

  /** Mines every query in order, in batches, with the configuration and marks of this moment. The vectors must be ready. */
  async mineAll(onQuery: (mined: MinedQuery) => void | Promise<void>, cancellation: Cancellation): Promise<Result<null>> {
    const grouped = await this.#completeGroupings(cancellation);
    if (!grouped.ok) return grouped;
    const state = { ...this.#state(), marks: this.#marks.snapshot() };
    const searchWords = await this.#words(state);
    const total = state.collection.queries.length;
    for (let start = 0; start < total; start += MINING_BATCH) {
      const batch = Array.from({ length: Math.min(MINING_BATCH, total - start) }, (_, i) => start + i);
      const pools = await this.#searchBatch(state, batch, searchWords, cancellation);
      if (!pools.ok) return pools;
      for (const pool of pools.value) await onQuery(decideFor(state, pool));
      await this.#ports.breathe();
      if (cancellation.requested) return err({ reason: "cancelled", message: "Mining was stopped." });
    }
    return ok(null);
  }

  async dispose(): Promise<void> {
    await this.#abandonWork();
    await this.#dense?.dispose();
    this.#dense = undefined;
  }

  async #synchronise(cancellation: Cancellation, firstQuery: number | undefined, sayCold: () => void): Promise<Result<null>> {
    const started = this.#ports.stopwatch();
    this.#setStatus({ phase: "embedding", done: 0, total: 0 });
    const report = await this.#denseIndex().sync(this.#collection, this.#config, {
      cancellation,
      ...(firstQuery === undefined ? {} : { firstQuery }),
      onEmbedding: ({ done, total, uncached }) => {
        if (uncached > 0) sayCold();
        if (!cancellation.requested) this.#setStatus({ phase: "embedding", done, total });
      },
      onIndexing: () => {
        if (!cancellation.requested) this.#setStatus({ phase: "indexing" });
      },
    });
    if (cancellation.requested) return err({ reason: "cancelled", message: "Embedding was stopped." });
    this.#work = undefined;
    if (!report.ok) {
      this.#setStatus({ phase: "failed", failure: report.failure });
      return report;
    }
    const { model, index, embedded, cached } = report.value;
    if (!this.#sources.some(isLexical)) this.#lexical = undefined;
    this.#pools.clear();
    this.#setStatus({ phase: "ready", model, index, embedded: this.#status.embedded + embedded, cached: this.#status.cached + cached });
    this.#revised();
    this.#ports.logger("info", "vectors ready", { embedded, cached, index: index.kind, seconds: this.#ports.stopwatch() - started });
    return ok(null);
  }

  async #abandonWork(): Promise<void> {
    const work = this.#work;
    if (work === undefined) return;
    this.#work = undefined;
    work.cancelled = true;
    await work.done;
  }

  #state(): MiningState {
    const { sampler } = this.#config;
    const groupings = this.#groupings.now(sampler);
    const { author } = this.#ports;
    return { collection: this.#collection, config: this.#config, sources: this.#sources, groupings, marks: this.#marks, author };
  }

  /** Search by words, where a source or the lack of vectors asks for it; the vectors of a cache may come while the index is built. */
  async #words({ collection, config, sources }: MiningState): Promise<PlanOptions["searchWords"]> {
    const isNeedless = (): boolean => this.#status.phase === "ready" && !sources.some(isLexical);
    if (collection.documents.length > QUICKLY_INDEXED) await this.#work?.slow;
    if (isNeedless()) return () => ({ documents: [], scores: [] });
    const lexical = (this.#lexical ??= new LexicalIndex());
    const isThere = await lexical.update(collection, { breathe: this.#ports.breathe, needless: isNeedless });
    return (query, count) => (isThere ? lexical.search(query, count, config.sampler.bm25) : { documents: [], scores: [] });
  }

  /** Finds the groups that the configuration asks for and that are not known yet; every query looks different then. */
  async #completeGroupings(cancellation: Cancellation): Promise<Result<null>> {
    const [store, { sampler }, collection] = [this.#groupings, this.#config, this.#collection];
    if (!store.isMissing(sampler)) return ok(null);
    const dense = this.#readyIndex(collection);
    if (!dense.ok) return dense;
    const found = await store.complete(sampler, (...asked) => dense.value.topics(collection, ...asked), { cancellation });
    if (!found.ok) return found;
    if (store === this.#groupings) this.#revised();
    return ok(null);
  }

  async #searchBatch(
    state: MiningState,
    queries: readonly number[],
    searchWords: PlanOptions["searchWords"],
    cancellation: Cancellation,
  ): Promise<Result<readonly Pool[]>> {
    const dense = this.#readyIndex(state.collection);
    if (!dense.ok) return dense;
    const plans = queries.map((query) => planFor(state, query, { retrieval: "dense", searchWords }));
    const pools = await dense.value.pools(state.collection, plans, cancellation);
    return pools.ok ? await completePools(dense.value, state, pools.value, { cancellation }) : pools;
  }

  /** The pool of one query: as it was found before, scored anew after a mark, or searched. */
  async #densePool(state: MiningState, plan: RetrievalPlan): Promise<Result<Pool>> {
    const { collection } = state;
    const dense = this.#readyIndex(collection);
    if (!dense.ok) return dense;
    const base = await this.#basePool(dense.value, collection, plan);
    if (!base.ok) return base;
    const complete = firstOf(await completePools(dense.value, state, [base.value], { cancellation: neverCancelled }));
    if (complete.ok && collection === this.#collection) this.#keep({ plan, sources: state.sources, base: base.value, pool: complete.value });
    return complete;
  }

  async #basePool(dense: DenseIndex, collection: Collection, plan: RetrievalPlan): Promise<Result<Pool>> {
    const known = this.#pools.get(plan.query);
    if (known !== undefined && planKey(known.plan) === planKey(plan)) return ok(known.base);
    return known?.plan.depth === plan.depth && known.plan.onePerText === plan.onePerText
      ? await dense.rescore(collection, known.base, plan)
      : firstOf(await dense.pools(collection, [plan], neverCancelled));
  }

  #denseIndex(): DenseIndex {
    this.#dense ??= new DenseIndex(this.#ports.createVectors);
    return this.#dense;
  }

  #readyIndex(collection: Collection): Result<DenseIndex> {
    if (this.#dense === undefined || this.#status.phase !== "ready") {
      return err({ reason: "not-ready", message: "The vectors are not there yet.", nextStep: "Wait for embedding to end." });
    }
    if (collection !== this.#collection) {
      return err({ reason: "superseded", message: "The data changed meanwhile.", nextStep: "Try again." });
    }
    return ok(this.#dense);
  }

  #keep(kept: KeptPool): void {
    this.#pools.delete(kept.plan.query);
    this.#pools.set(kept.plan.query, kept);
    const oldest = this.#pools.keys().next();
    if (this.#pools.size > KEPT_POOLS && oldest.done !== true) this.#pools.delete(oldest.value);
  }

  #setStatus(status: Partial<SessionStatus>): void {
    const { failure: _, ...rest } = this.#status;
    this.#status = { ...rest, ...status };
    this.#listener.statusChanged();
  }

  #revised(): void {
    this.#revision += 1;
    this.#listener.revised();
  }
}

function firstOf(pools: Result<readonly Pool[]>): Result<Pool> {
  return pools.ok ? ok(itemAt(pools.value, 0)) : pools;
}

/** Two plans with the same key ask the same search. */
function planKey(plan: RetrievalPlan): string {
  const { depth, onePerText, positives, extra, lists } = plan;
  return JSON.stringify([depth, onePerText, positives, extra, lists]);
}

/** Resolves when the work ends in any way; how it ended is for those who wait for the work itself. */
function settled(work: Promise<unknown>): Promise<unknown> {
  return work.catch(() => undefined);
}
