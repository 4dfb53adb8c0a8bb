import type { Adapter } from "#core/adapter/adapter";
import type {
  EmbedProgress,
  EmbedReport,
  IndexChoice,
  IndexStatus,
  ModelChoice,
  ModelIdentity,
  PutOptions,
  RescoreJob,
  RescorerChoice,
  RetrievalJob,
  Retrieved,
  Side,
  SimilarityJob,
  SimilarPairs,
  TopicAssignment,
  VectorSpace,
  WorkOptions,
} from "#core/ports";
import type { Cancellation } from "#core/util/cancellation";
import { err, ok, type Result } from "#core/util/result";
import { notHeld, replacedMeanwhile } from "./adapterFailures";
import { ProcessLink, type ProcessLinkOptions, type ProcessWords, type SendOptions } from "../process/processLink";
import { inLanes, partsOf, weightedPartsOf, type RequestPart } from "./requestParts";
import { RescoreRequests, rescoreRequest } from "./rescoreRequests";
import { joinSlots, splitLists, splitMatrices, splitPairs } from "./retrievedLists";
import { SlotFilling, type FileSource, type TextSource } from "./slotFilling";
import type { ProcessSettings, VectorTraffic } from "./vectorMessages";
import { movedSides } from "./vectorMover";

export interface VectorClientOptions extends ProcessLinkOptions {
  readonly settings: ProcessSettings;
  readonly source: TextSource | FileSource;
}

const WORDS: ProcessWords = {
  name: "vector process",
  task: "makes vectors",
  nextStep: "Try again. If it goes on, choose a smaller model or fewer threads; the machine may be out of memory.",
};
const JOBS_PER_REQUEST = 512;
const LISTS_PER_REQUEST = 512;
/** A few MB of vectors. */
const VECTORS_PER_REQUEST = 4096;
/** A few MB of similarities and slots. */
const SIMILARITIES_PER_REQUEST = 1 << 20;
/** So few are asked for what somebody looks at, and go before long runs. */
const FEW_JOBS = 4;

/** What the process was last asked to build its index of. */
interface Indexed {
  readonly choice: IndexChoice;
  /** Only of an adapter that moves documents. */
  readonly under: string | undefined;
}

/** A vector space that lives in a process of its own, started when first needed and restarted when it dies. */
export class VectorClient implements VectorSpace {
  readonly #options: VectorClientOptions;
  readonly #link: ProcessLink<VectorTraffic>;
  readonly #slots: Readonly<Record<Side, SlotFilling>>;
  readonly #held = new Map<string, Adapter>();
  #opened: ModelChoice | undefined;
  #indexed: Indexed | undefined;

  constructor(options: VectorClientOptions) {
    this.#options = options;
    this.#link = new ProcessLink(options, WORDS, () => this.#refill());
    this.#slots = {
      query: new SlotFilling("query", options.source, this.#link),
      document: new SlotFilling("document", options.source, this.#link),
    };
  }

  /** Undefined while no process runs. */
  get processId(): number | undefined {
    return this.#link.processId;
  }

  async open(choice: ModelChoice): Promise<Result<ModelIdentity>> {
    this.#link.settleAll({ reason: "superseded", message: "Another model was chosen." });
    this.#link.forgiveDeaths();
    for (const slots of Object.values(this.#slots)) slots.clear();
    this.#held.clear();
    this.#indexed = undefined;
    this.#opened = undefined;
    const identity = await this.#open(choice, {});
    if (!identity.ok) return identity;
    this.#opened = choice;
    this.#options.onStatus?.("ready");
    return identity;
  }

  put(side: Side, slots: readonly number[], options: PutOptions): Promise<Result<EmbedReport>> {
    return this.#slots[side].put(slots, options);
  }

  drop(side: Side, slots: readonly number[]): Promise<void> {
    this.#slots[side].drop(slots);
    return Promise.resolve();
  }

  async vectors(side: Side, slots: readonly number[], cancellation: Cancellation): Promise<Result<Float32Array>> {
    let all = new Float32Array(0);
    const urgent = slots.length <= FEW_JOBS;
    const failed = await inLanes(partsOf(slots, VECTORS_PER_REQUEST), async ({ start, items }) => {
      const part = await this.#link.send(() => ({ kind: "vectors", side, slots: Int32Array.from(items), urgent }), { cancellation });
      if (!part.ok) return part;
      const dimensions = part.value.length / items.length;
      if (all.length === 0) all = new Float32Array(slots.length * dimensions);
      all.set(part.value, start * dimensions);
      return part;
    });
    return failed ?? ok(all);
  }

  async hold(name: string, adapter: Adapter): Promise<Result<null>> {
    // A trainer may go on with its own.
    const kept = { ...adapter, weight: adapter.weight.slice() };
    const held = await this.#link.send(() => ({ kind: "hold", name, adapter: kept }), {});
    if (!held.ok) return held;
    this.#forget(name);
    this.#held.set(name, kept);
    return held;
  }

  release(name: string): Promise<void> {
    this.#forget(name);
    this.#link.tell({ release: name });
    return Promise.resolve();
  }

  async index(choice: IndexChoice, cancellation: Cancellation, under?: string): Promise<Result<IndexStatus>> {
    const status = await this.#link.send(() => ({ kind: "index", choice, under }), { cancellation });
    if (!status.ok) return status;
    const held = under === undefined ? undefined : this.#held.get(under);
    const moved = held !== undefined && movedSides(held).includes("document");
    this.#indexed = { choice, under: moved ? under : undefined };
    return status;
  }

  retrieve(
    jobs: readonly RetrievalJob[],
    depth: number,
    cancellation: Cancellation,
    under?: string,
  ): Promise<Result<readonly Retrieved[]>> {
    const urgent = jobs.length <= FEW_JOBS;
    return this.#inParts(partsOf(jobs, JOBS_PER_REQUEST), under, async (items) => {
      const lists = await this.#link.send(() => ({ kind: "retrieve", jobs: items, depth, urgent, under }), { cancellation });
      return lists.ok ? ok(splitLists(lists.value, items)) : lists;
    });
  }

  similarities(jobs: readonly SimilarityJob[], cancellation: Cancellation, under?: string): Promise<Result<readonly Float32Array[]>> {
    const urgent = jobs.length <= FEW_JOBS;
    const weight = ({ rows, columns }: SimilarityJob): number => rows.length * columns.length + rows.length + columns.length;
    const parts = weightedPartsOf(jobs, { mostItems: JOBS_PER_REQUEST, weight, mostWeight: SIMILARITIES_PER_REQUEST });
    return this.#inParts(parts, under, async (items) => {
      const [rows, columns] = [joinSlots(items.map((job) => job.rows)), joinSlots(items.map((job) => job.columns))];
      const matrices = await this.#link.send(() => ({ kind: "similarities", rows, columns, urgent, under }), { cancellation });
      return matrices.ok ? ok(splitMatrices(matrices.value, items)) : matrices;
    });
  }

  similarPairs(
    lists: readonly (readonly number[])[],
    least: number,
    cancellation: Cancellation,
    under?: string,
  ): Promise<Result<readonly SimilarPairs[]>> {
    const urgent = lists.length <= FEW_JOBS;
    return this.#inParts(partsOf(lists, LISTS_PER_REQUEST), under, async (items) => {
      const pairs = await this.#link.send(() => ({ kind: "similarPairs", lists: joinSlots(items), least, urgent, under }), {
        cancellation,
      });
      return pairs.ok ? ok(splitPairs(pairs.value)) : pairs;
    });
  }

  topics(count: number, seed: number, options: WorkOptions, under?: string): Promise<Result<TopicAssignment>> {
    return this.#link.send(() => ({ kind: "topics", count, seed, under }), options);
  }

  async rescore(choice: RescorerChoice, jobs: readonly RescoreJob[], options: WorkOptions): Promise<Result<readonly Float32Array[]>> {
    const { text } = this.#options.source;
    const requests = new RescoreRequests(jobs, options.onProgress);
    const urgent = jobs.length <= FEW_JOBS;
    const failed = await inLanes(requests.chunks, async (chunk) => {
      const answer = await this.#link.send(() => rescoreRequest(choice, chunk.items, text, urgent), {
        cancellation: options.cancellation,
        onProgress: ({ done }) => {
          requests.report(chunk, done);
        },
      });
      if (answer.ok) requests.fill(chunk, answer.value);
      return answer;
    });
    return failed ?? ok(requests.scores);
  }

  dispose(): Promise<void> {
    return this.#link.dispose();
  }

  #open(choice: ModelChoice, options: SendOptions<EmbedProgress>): Promise<Result<ModelIdentity>> {
    const { settings, source } = this.#options;
    return source.kind === "texts"
      ? this.#link.send(() => ({ kind: "openModel", settings, choice }), options)
      : this.#link.send(() => ({ kind: "openFiles", settings, files: source.files }), options);
  }

  /** Asks for each part, a few at a time, and puts the answers in order. All of them are under one and the same adapter. */
  async #inParts<Item, Answer>(
    parts: readonly RequestPart<Item>[],
    under: string | undefined,
    ask: (items: readonly Item[]) => Promise<Result<readonly Answer[]>>,
  ): Promise<Result<readonly Answer[]>> {
    const held = under === undefined ? undefined : this.#held.get(under);
    if (under !== undefined && held === undefined) return err(notHeld(under));
    const all: Answer[] = [];
    const failed = await inLanes(parts, async ({ start, items }) => {
      const answers = await ask(items);
      if (answers.ok) answers.value.forEach((one, i) => (all[start + i] = one));
      return answers;
    });
    if (failed !== undefined) return failed;
    return under === undefined || this.#held.get(under) === held ? ok(all) : err(replacedMeanwhile(under));
  }

  #forget(name: string): void {
    this.#held.delete(name);
    // The graph over the vectors that it moved goes with it.
    if (this.#indexed?.under === name) this.#indexed = undefined;
  }

  /** Brings a new process to where the old one was. */
  async #refill(): Promise<Result<unknown>> {
    if (this.#opened === undefined) return ok(undefined);
    const refilling = { refilling: true };
    const opened = await this.#open(this.#opened, refilling);
    if (!opened.ok) return opened;
    for (const side of ["document", "query"] as const) {
      const filled = await this.#slots[side].refill();
      if (!filled.ok) return filled;
    }
    for (const [name, adapter] of this.#held) {
      const held = await this.#link.send(() => ({ kind: "hold", name, adapter }), refilling);
      if (!held.ok) return held;
    }
    const indexed = this.#indexed;
    return indexed === undefined ? ok(undefined) : this.#link.send(() => ({ kind: "index", ...indexed }), refilling);
  }
}
