import type { Collection } from "../collection/collection";
import { buildCollectionSliced } from "../collection/buildCollection";
import type { CollectionInput } from "../collection/buildCollection";
import { configHash } from "../config/configHash";
import { defaultConfig } from "../config/config";
import type { Config } from "../config/config";
import { foldMarks } from "../marks/foldMarks";
import type { FoldedMarks } from "../marks/foldMarks";
import { noVerdicts, verdictsForQuery } from "../marks/verdictsForQuery";
import type { QueryVerdicts } from "../marks/verdictsForQuery";
import type { Decision } from "../mining/candidate";
import { decide } from "../mining/decide";
import type { Pool } from "../mining/pool";
import { planRetrieval } from "../mining/retrievalPlan";
import type { RetrievalPlan } from "../mining/retrievalPlan";
import { neverCancelled } from "../util/cancellation";
import type { Cancellation } from "../util/cancellation";
import { itemAt } from "../util/itemAt";
import { err, ok } from "../util/result";
import type { Result } from "../util/result";
import { DenseIndex } from "./denseIndex";
import { LexicalIndex } from "./lexicalIndex";
import type { SessionPorts } from "./sessionPorts";
import { idleStatus } from "./sessionStatus";
import type { SessionStatus } from "./sessionStatus";

/** One query as mining sees it now. */
export interface MinedQuery {
  readonly query: number;
  readonly verdicts: QueryVerdicts;
  readonly pool: Pool;
  readonly decision: Decision;
}

/** What a decision rests on besides the vectors: held fast while a whole file is mined, so that marking can go on. */
interface Snapshot {
  readonly collection: Collection;
  readonly config: Config;
  readonly marks: FoldedMarks;
  readonly author: string;
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
  #lexical: Promise<LexicalIndex | undefined> | undefined;
  #work: Work | undefined;
  #pools = new Map<number, { readonly plan: RetrievalPlan; readonly pool: Pool }>();

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
    this.#lexical = undefined;
    this.#pools.clear();
    this.#setStatus({ phase: "idle" });
    this.#revised();
    if (resume) void this.prepare();
  }

  /** Replaces the configuration and re-mines: at once where only the sampler changed, after new vectors where the encoder did. */
  async setConfig(config: Config): Promise<void> {
    const before = this.#config;
    this.#config = config;
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
    return verdictsAt(this.#snapshot(), query);
  }

  /** Candidates of one query: dense where the vectors are there, lexical until then. */
  async mine(query: number): Promise<Result<MinedQuery>> {
    const now = this.#snapshot();
    if (now.collection.queries[query] === undefined) {
      return err({
        reason: "not-ready",
        message: `There is no query ${String(query + 1)} in this data set any more.`,
        nextStep: "Go to another query.",
      });
    }
    const plan = planFor(now, query);
    const lexical = await this.#lexicalIndex();
    if (now.collection !== this.#collection) return await this.mine(query);
    if (lexical !== undefined) return ok(decideFor(now, lexical.pool(plan)));
    const pool = await this.#densePool(now.collection, plan);
    return pool.ok ? ok(decideFor(now, pool.value)) : pool;
  }

  /** What is known of a query without any search; undefined where it was not looked at since the last change. */
  peek(query: number): MinedQuery | undefined {
    const known = this.#pools.get(query);
    return known === undefined ? undefined : decideFor(this.#snapshot(), known.pool);
  }

  /** Mines every query in order, in batches, with the configuration and marks of this moment. The vectors must be ready. */
  async mineAll(onQuery: (mined: MinedQuery) => void | Promise<void>, cancellation: Cancellation): Promise<Result<null>> {
    const now = { ...this.#snapshot(), marks: this.#marks.snapshot() };
    const total = now.collection.queries.length;
    for (let start = 0; start < total; start += MINING_BATCH) {
      const plans = Array.from({ length: Math.min(MINING_BATCH, total - start) }, (_, i) => planFor(now, start + i));
      const dense = this.#readyIndex(now.collection);
      if (!dense.ok) return dense;
      const pools = await dense.value.pools(now.collection, plans, cancellation);
      if (!pools.ok) return pools;
      for (const pool of pools.value) await onQuery(decideFor(now, pool));
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
    this.#lexical = undefined;
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

  #snapshot(): Snapshot {
    return { collection: this.#collection, config: this.#config, marks: this.#marks, author: this.#ports.author };
  }

  /** Undefined where the vectors are there, also if they come while the index is built, as those of a cache soon do. */
  async #lexicalIndex(): Promise<LexicalIndex | undefined> {
    const isReady = (): boolean => this.#status.phase === "ready";
    if (this.#collection.documents.length > QUICKLY_INDEXED) await this.#work?.slow;
    if (isReady()) return undefined;
    this.#lexical ??= LexicalIndex.build(this.#collection, { breathe: this.#ports.breathe, needless: isReady });
    return await this.#lexical;
  }

  /** The pool of one query: as it was found before, scored anew after a mark, or searched. */
  async #densePool(collection: Collection, plan: RetrievalPlan): Promise<Result<Pool>> {
    const known = this.#pools.get(plan.query);
    if (known !== undefined && planKey(known.plan) === planKey(plan)) return ok(known.pool);
    const dense = this.#readyIndex(collection);
    if (!dense.ok) return dense;
    const found =
      known?.plan.depth === plan.depth
        ? await dense.value.rescore(collection, known.pool, plan)
        : firstOf(await dense.value.pools(collection, [plan], neverCancelled));
    if (found.ok && collection === this.#collection) this.#keep(plan, found.value);
    return found;
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

  #keep(plan: RetrievalPlan, pool: Pool): void {
    this.#pools.delete(plan.query);
    this.#pools.set(plan.query, { plan, pool });
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

function verdictsAt(now: Snapshot, query: number): QueryVerdicts {
  const found = now.collection.queries[query];
  return found === undefined ? noVerdicts : verdictsForQuery(now.marks, now.collection, found, now.author);
}

function planFor(now: Snapshot, query: number): RetrievalPlan {
  return planRetrieval({ query, collection: now.collection, sampler: now.config.sampler, verdicts: verdictsAt(now, query) });
}

function decideFor(now: Snapshot, pool: Pool): MinedQuery {
  const verdicts = verdictsAt(now, pool.query);
  const decision = decide(pool, { collection: now.collection, sampler: now.config.sampler, verdicts });
  return { query: pool.query, verdicts, pool, decision };
}

function firstOf(pools: Result<readonly Pool[]>): Result<Pool> {
  return pools.ok ? ok(itemAt(pools.value, 0)) : pools;
}

/** Two plans with the same key ask the same search. */
function planKey(plan: RetrievalPlan): string {
  return JSON.stringify([plan.depth, plan.positives, plan.extra]);
}

/** Resolves when the work ends in any way; how it ended is for those who wait for the work itself. */
function settled(work: Promise<unknown>): Promise<unknown> {
  return work.catch(() => undefined);
}
