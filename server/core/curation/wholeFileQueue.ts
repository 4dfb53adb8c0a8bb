import type { Collection } from "../collection/collection";
import type { Config } from "../config/config";
import type { FalseNegativeModel } from "../falseNegatives/falseNegativeModel";
import { gradientSettings } from "../gradients/gradientSettings";
import type { VerdictOf } from "../audit/auditVerdicts";
import type { DatasetSession } from "../session/datasetSession";
import type { WholeFileStep } from "../session/wholeFileMining";
import { neverCancelled } from "../util/cancellation";
import { ok } from "../util/result";
import type { Result } from "../util/result";
import { EmissionSummariser } from "./emission";
import type { EmittedPair, Emission } from "./emission";
import { harvestLeft } from "./harvestLane";
import type { HarvestQueue } from "./harvestLane";
import { harvestOrder, PAGE } from "./harvestOrder";

export interface QueuePorts {
  readonly session: DatasetSession;
  /** The verdicts in force now. */
  readonly verdictOf: () => VerdictOf;
  /** Told when there is another queue. */
  readonly changed: () => void;
}

/** What a queue was made from. */
interface Origin {
  readonly collection: Collection;
  readonly config: Config;
  readonly model: FalseNegativeModel | undefined;
}

/**
 * The emitted pairs of the whole file in the order of the harvest lane. Made in the background and made anew after a page of verdicts, with another
 * model, and with other data or another configuration; a mark does not wait for that, since the queue of before leads past what was judged.
 */
export class WholeFileQueue {
  readonly #ports: QueuePorts;
  #queue: (HarvestQueue & Origin) | undefined;
  #running: Promise<Result<WholeFileStep<HarvestQueue>>> | undefined;
  #mining: { readonly done: number; readonly total: number } | undefined;

  constructor(ports: QueuePorts) {
    this.#ports = ports;
  }

  /** What is known without waiting, of the data and the configuration of now. */
  get known(): HarvestQueue | undefined {
    return this.#isCurrent() ? this.#queue : undefined;
  }

  /** The queue as it is; where it was made from other data or another configuration, the next one. */
  async now(): Promise<Result<WholeFileStep<HarvestQueue>>> {
    const { known } = this;
    if (known !== undefined) {
      if (this.#isBehind()) this.refresh();
      const queries = known.emission.queries.size;
      return ok({ kind: "summary", summary: known, sampled: queries, queries });
    }
    const step = await this.#make();
    // What was found is not of now any more where the data or the configuration changed meanwhile.
    return step.ok && step.value.kind === "summary" && !this.#isCurrent() ? await this.now() : step;
  }

  /** Makes the next queue in the background where this one is behind. Why it cannot be made, the next `now` says. */
  refresh(): void {
    if (this.#ports.session.status.phase === "ready" && (!this.#isCurrent() || this.#isBehind())) void this.#make();
  }

  /** The search for the candidates of the whole file is so far. */
  advanced(done: number, total: number): void {
    if (this.#mining === undefined) return;
    this.#mining = { done, total };
    if (done < total) return;
    this.#mining = undefined;
    this.refresh();
  }

  #isCurrent(): boolean {
    const { session } = this.#ports;
    return this.#queue?.collection === session.collection && this.#queue.config === session.config;
  }

  /** Whether a page was judged, a verdict was taken back, or the model is another one. */
  #isBehind(): boolean {
    const { session, verdictOf } = this.#ports;
    const queue = this.#queue;
    if (queue === undefined || queue.model !== session.falseNegatives) return true;
    const judged =
      queue.order.length - harvestLeft(queue.emission, { verdictOf: verdictOf(), markedQueries: session.marks.markedQueries() });
    return judged >= PAGE || judged < 0;
  }

  #make(): Promise<Result<WholeFileStep<HarvestQueue>>> {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #run(): Promise<Result<WholeFileStep<HarvestQueue>>> {
    const { session, verdictOf, changed } = this.#ports;
    const fitted = await session.refit(neverCancelled);
    if (!fitted.ok) return fitted;
    const { collection, config } = session;
    const step = await session.summarise(config, (state) => new EmissionSummariser(state.collection, gradientSettings(config.training)));
    if (!step.ok) return step;
    if (step.value.kind === "mining") {
      this.#mining = { done: step.value.done, total: step.value.total };
      return ok(step.value);
    }
    const emission: Emission = step.value.summary;
    const judged = verdictOf();
    const open: readonly EmittedPair[] = emission.pairs.filter((pair) => judged(pair) === undefined);
    const queue = { emission, order: harvestOrder(open), collection, config, model: session.falseNegatives };
    this.#queue = queue;
    changed();
    return ok({ ...step.value, summary: queue });
  }
}
