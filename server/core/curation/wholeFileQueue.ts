import type { VerdictOf } from "../audit/auditVerdicts";
import type { Collection } from "../collection/collection";
import { queriesWithKey } from "../collection/lookups";
import type { Config } from "../config/config";
import type { FalseNegativeModel } from "../falseNegatives/falseNegativeModel";
import { gradientSettings } from "../gradients/gradientSettings";
import type { FoldedMarks } from "../marks/foldMarks";
import type { Logger } from "../ports";
import type { DatasetSession } from "../session/datasetSession";
import type { WholeFileStep } from "../session/wholeFileMining";
import { isSaidAnew } from "../suggestions/isSaidAnew";
import type { Suggestions } from "../suggestions/pairOpinion";
import { neverCancelled } from "../util/cancellation";
import { ok } from "../util/result";
import type { Result } from "../util/result";
import { EmissionSummariser, withQueries } from "./emission";
import type { Emission } from "./emission";
import type { HarvestQueue } from "./harvestLane";
import { orderedHarvest, PAGE } from "./harvestOrder";

/** So many verdicts are followed one by one before the whole file is looked at again. */
const MOST_FOLLOWED = 200;

export interface QueuePorts {
  readonly session: DatasetSession;
  /** The verdicts in force now. */
  readonly verdictOf: () => VerdictOf;
  /** Told when there is another queue, or when it is known why there is none. */
  readonly changed: () => void;
  readonly logger: Logger;
}

/** What a queue was made from. */
interface Origin {
  readonly collection: Collection;
  readonly config: Config;
  readonly model: FalseNegativeModel | undefined;
  readonly marks: FoldedMarks;
  readonly suggestions: Suggestions;
  /** How many of the touched queries of `marks` it knows of. */
  readonly read: number;
}

/** What is emitted, followed from mark to mark. */
export interface FollowedEmission {
  readonly emission: Emission;
  /** Keys of the queries that were looked at anew since the whole file was, each time anew. */
  readonly followed: readonly string[];
}

/**
 * The emitted pairs of the whole file in the order of the harvest lane. Made in the background and made anew after a page of verdicts, with another
 * model, and with other data or another configuration; a mark does not wait for that, since the queue of before leads past what was judged.
 */
export class WholeFileQueue {
  readonly #ports: QueuePorts;
  #queue: (HarvestQueue & Origin) | undefined;
  /** What marks changed of what the queue found. */
  #followed: { readonly emission: Emission; readonly queries: string[]; read: number } | undefined;
  #running: Promise<Result<WholeFileStep<HarvestQueue>>> | undefined;
  #mining: { readonly done: number; readonly total: number } | undefined;
  /** Why the last queue could not be made in the background: told once, to who asks next. */
  #failure: (Pick<Origin, "collection" | "config"> & { readonly made: Result<never> }) | undefined;

  constructor(ports: QueuePorts) {
    this.#ports = ports;
  }

  /** How many verdicts came or went since the queue was made; without end where other marks were read. */
  get touched(): number {
    const queue = this.#queue;
    if (queue === undefined || queue.marks !== this.#ports.session.marks) return Number.POSITIVE_INFINITY;
    return queue.marks.touched.length - queue.read;
  }

  /** The queue as it is; where it was made from other data or another configuration, the next one. */
  async now(): Promise<Result<WholeFileStep<HarvestQueue>>> {
    const failure = this.#failureOfNow();
    this.#failure = undefined;
    if (failure !== undefined) return failure;
    const queue = this.#queue;
    if (queue === undefined || !this.#isCurrent()) return await this.renewed();
    if (this.#isBehind()) this.refresh();
    return summaryOf(queue);
  }

  /** The next queue, where a mark came since this one was made or the data or the configuration are others. */
  async renewed(): Promise<Result<WholeFileStep<HarvestQueue>>> {
    const queue = this.#queue;
    if (queue !== undefined && this.#isCurrent() && this.touched === 0 && !this.#isSaidAnew()) return summaryOf(queue);
    const step = await this.#make();
    // What was found is not of now any more where the data or the configuration changed meanwhile.
    return step.ok && step.value.kind === "summary" && !this.#isCurrent() ? await this.renewed() : step;
  }

  /** What is emitted with the marks of now, as far as it is known without a look at the whole file; undefined until there is one of the present data. */
  async emission(): Promise<FollowedEmission | undefined> {
    const queue = this.#queue;
    if (queue === undefined || !this.#isCurrent() || this.touched > MOST_FOLLOWED) return undefined;
    const followed = this.#followed;
    const before = followed ?? { emission: queue.emission, queries: [], read: queue.read };
    const touched = [...new Set(queue.marks.touched.slice(before.read))];
    if (touched.length === 0) return { emission: before.emission, followed: before.queries };
    const read = queue.marks.touched.length;
    const fresh = await this.#look(touched);
    if (fresh === undefined) return undefined;
    // Another queue, or another look, has come meanwhile.
    if (queue !== this.#queue || this.#followed !== followed) return await this.emission();
    this.#followed = { emission: withQueries(before.emission, touched, fresh), queries: [...before.queries, ...touched], read };
    return { emission: this.#followed.emission, followed: this.#followed.queries };
  }

  /** Makes the next queue in the background where this one is behind. Why it cannot be made, the next `now` says; until then it is not tried again. */
  refresh(): void {
    if (this.#failureOfNow() !== undefined) return;
    if (this.#ports.session.status.phase === "ready" && (!this.#isCurrent() || this.#isBehind())) this.#makeInBackground();
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

  /** Whether a page was judged, other marks were read, the model is another one, or language models said more: pairs look otherwise to the same model then. */
  #isBehind(): boolean {
    return this.#queue?.model !== this.#ports.session.falseNegatives || this.touched >= PAGE || this.#isSaidAnew();
  }

  #isSaidAnew(): boolean {
    return this.#queue !== undefined && isSaidAnew(this.#queue.suggestions, this.#ports.session.suggestions);
  }

  #failureOfNow(): Result<never> | undefined {
    const { collection, config } = this.#ports.session;
    return this.#failure?.collection === collection && this.#failure.config === config ? this.#failure.made : undefined;
  }

  #makeInBackground(): void {
    if (this.#running !== undefined) return;
    const { changed, logger, session } = this.#ports;
    const { collection, config } = session;
    this.#make().then(
      (made) => {
        if (made.ok || made.failure.reason === "superseded") return;
        this.#failure = { made, collection, config };
        changed();
      },
      (error: unknown) => {
        // Nobody waits for it, and it must not take the language server with it: who asks next meets the same bug.
        logger("error", `The lanes could not be made. ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      },
    );
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
    const { collection, config, marks, suggestions } = session;
    const read = marks.touched.length;
    const step = await session.summarise(config, () => this.#summariser());
    if (!step.ok) return step;
    if (step.value.kind === "mining") {
      this.#mining = { done: step.value.done, total: step.value.total };
      return ok(step.value);
    }
    const emission: Emission = step.value.summary;
    const judged = verdictOf();
    const open = [...emission.ofQuery.values()].flatMap((pairs) => pairs.filter((pair) => judged(pair) === undefined));
    const order = orderedHarvest(open, config.curation, suggestions);
    const queue = { emission, order, collection, config, model: session.falseNegatives, marks, suggestions, read };
    this.#queue = queue;
    this.#followed = undefined;
    this.#failure = undefined;
    changed();
    return ok({ ...step.value, summary: queue });
  }

  /** What some queries emit now; undefined where it cannot be found out any more. */
  async #look(keys: readonly string[]): Promise<Emission | undefined> {
    const { session } = this.#ports;
    const { collection } = session;
    const summariser = this.#summariser();
    for (const key of keys) {
      for (const index of queriesWithKey(collection, key)) {
        const known = session.peek(index);
        const mined = known === undefined ? await session.mine(index) : ok(known);
        if (!mined.ok || session.collection !== collection) return undefined;
        summariser.add(mined.value);
      }
    }
    return summariser.summary();
  }

  #summariser(): EmissionSummariser {
    const { collection, config } = this.#ports.session;
    return new EmissionSummariser(collection, gradientSettings(config.training));
  }
}

function summaryOf(queue: HarvestQueue): Result<WholeFileStep<HarvestQueue>> {
  const queries = queue.emission.queries.size;
  return ok({ kind: "summary", summary: queue, sampled: queries, queries });
}
