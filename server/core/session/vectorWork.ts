import { readAdapter } from "../adapter/adapterFiles";
import type { Collection } from "../collection/collection";
import type { Config } from "../config/config";
import type { IndexStatus, ModelIdentity } from "../ports";
import { err, ok } from "../util/result";
import type { Result } from "../util/result";
import { DenseIndex } from "./denseIndex";
import type { StoredAdapter } from "./denseIndex";
import type { SessionPorts } from "./sessionPorts";
import { idleStatus } from "./sessionStatus";
import type { SessionStatus } from "./sessionStatus";

export interface VectorWorkListener {
  readonly statusChanged: () => void;
  /** The vectors are in step with the collection, and the status will say so when this is done. */
  readonly synchronised: (index: IndexStatus) => Promise<void>;
  /** The status says so now. */
  readonly ready: () => void;
}

/** One run of making vectors. */
interface Run {
  cancelled: boolean;
  readonly done: Promise<Result<null>>;
  /** Resolves when the cache turns out not to have every text, or the run ends. */
  readonly slow: Promise<unknown>;
}

/** What the vectors are made of. */
export interface VectorTask {
  readonly collection: Collection;
  readonly config: Config;
  /** Query whose texts are embedded before all others, since the user looks at it. */
  readonly firstQuery?: number;
}

/** Makes the vectors of one data set and knows where they stand. At most one run is under way. */
export class VectorWork {
  readonly #ports: SessionPorts;
  readonly #listener: VectorWorkListener;
  #status: SessionStatus = idleStatus;
  #dense: DenseIndex | undefined;
  #run: Run | undefined;

  constructor(ports: SessionPorts, listener: VectorWorkListener) {
    this.#ports = ports;
    this.#listener = listener;
  }

  get status(): SessionStatus {
    return this.#status;
  }

  /** Whether vectors are there or being made. */
  get isWanted(): boolean {
    return this.#run !== undefined || this.#status.phase === "ready";
  }

  /** Resolves when it is known that the vectors will take a while, or when nothing is under way. */
  async untilSlow(): Promise<void> {
    await this.#run?.slow;
  }

  get dense(): DenseIndex {
    const { createVectors } = this.#ports;
    this.#dense ??= new DenseIndex({ createVectors, readAdapter: (name, encoder) => this.#readAdapter(name, encoder) });
    return this.#dense;
  }

  /** Makes all vectors and the index. Called again while it runs, it gives the running work's result. */
  prepare(task: VectorTask): Promise<Result<null>> {
    if (this.#status.phase === "ready") return Promise.resolve(ok(null));
    if (this.#run !== undefined) return this.#run.done;
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
    const done = this.#synchronise(task, cancellation, sayCold);
    this.#run = Object.assign(cancellation, { done, slow: Promise.race([cold, settled(done)]) });
    return done;
  }

  /** Stops embedding. What is embedded already stays. */
  async stop(): Promise<void> {
    if (this.#run === undefined) return;
    await this.#abandon();
    this.#setStatus({ phase: "stopped" });
  }

  /** Gives up what is under way, since other vectors are wanted now. */
  async reset(): Promise<void> {
    await this.#abandon();
    this.#setStatus({ phase: "idle" });
  }

  async dispose(): Promise<void> {
    await this.#abandon();
    await this.#dense?.dispose();
    this.#dense = undefined;
  }

  async #synchronise(task: VectorTask, cancellation: { readonly requested: boolean }, sayCold: () => void): Promise<Result<null>> {
    const started = this.#ports.stopwatch();
    this.#setStatus({ phase: "embedding", done: 0, total: 0 });
    const report = await this.dense.sync(task.collection, task.config, {
      cancellation,
      ...(task.firstQuery === undefined ? {} : { firstQuery: task.firstQuery }),
      onEmbedding: ({ done, total, uncached }) => {
        if (uncached > 0) sayCold();
        if (!cancellation.requested) this.#setStatus({ phase: "embedding", done, total });
      },
      onIndexing: () => {
        if (!cancellation.requested) this.#setStatus({ phase: "indexing" });
      },
    });
    if (!cancellation.requested && report.ok) await this.#listener.synchronised(report.value.index);
    if (cancellation.requested) return err({ reason: "cancelled", message: "Embedding was stopped." });
    this.#run = undefined;
    if (!report.ok) {
      this.#setStatus({ phase: "failed", failure: report.failure });
      return report;
    }
    const { model, encoder, index, embedded, cached } = report.value;
    const { status } = this;
    this.#setStatus({ phase: "ready", model, encoder, index, embedded: status.embedded + embedded, cached: status.cached + cached });
    this.#listener.ready();
    this.#ports.logger("info", "vectors ready", { embedded, cached, index: index.kind, seconds: this.#ports.stopwatch() - started });
    return ok(null);
  }

  async #readAdapter(name: string, { dimensions, fingerprint }: ModelIdentity): Promise<Result<StoredAdapter>> {
    const read = await readAdapter(this.#ports.home, name, { dimensions, fingerprint });
    if (!read.ok) return read;
    const { adapter } = read.value;
    return ok({ adapter, fingerprint: this.#ports.sha256(`${adapter.sides} ${adapter.weight.join(" ")}`) });
  }

  async #abandon(): Promise<void> {
    const run = this.#run;
    if (run === undefined) return;
    this.#run = undefined;
    run.cancelled = true;
    await run.done;
  }

  #setStatus(status: Partial<SessionStatus>): void {
    const { failure: _, ...rest } = this.#status;
    this.#status = { ...rest, ...status };
    this.#listener.statusChanged();
  }
}

/** Resolves when the work ends in any way; how it ended is for those who wait for the work itself. */
function settled(work: Promise<unknown>): Promise<unknown> {
  return work.catch(() => undefined);
}
