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
  SimilarPairs,
  SlotText,
  TopicAssignment,
  VectorSpace,
  WorkOptions,
} from "#core/ports";
import type { Cancellation } from "#core/util/cancellation";
import { err, ok, type Err, type Result } from "#core/util/result";
import { ProcessLink, type ProcessLinkOptions, type SendOptions } from "./processLink";
import { RescoreRequests, rescoreRequest } from "./rescoreRequests";
import { joinSlots, splitLists, splitPairs } from "./retrievedLists";
import type { ProcessSettings, PutRows, PutTexts } from "./vectorMessages";

/** Vectors are made by the chosen model from the slots' texts. */
export interface TextSource {
  readonly kind: "texts";
  readonly text: SlotText;
}

/** Vectors are the user's own, from .npy files: the model chosen plays no part. */
export interface FileSource {
  readonly kind: "files";
  readonly files: Readonly<Record<Side, string>>;
  /** Row of a slot's vector, counted from 0; undefined where the file has none for it. */
  readonly row: (side: Side, slot: number) => number | undefined;
  /** For a cross-encoder, which reads texts. */
  readonly text: SlotText;
}

export interface VectorClientOptions extends ProcessLinkOptions {
  readonly settings: ProcessSettings;
  readonly source: TextSource | FileSource;
}

/** Slots sent at once: enough to sort by length, few enough to stop soon. */
const SLOTS_PER_REQUEST = 1024;
const JOBS_PER_REQUEST = 512;
const LISTS_PER_REQUEST = 512;
/** Requests under way at once: the process finds the next when it has finished one. */
const LANES = 2;
/** So few texts, an edited row for one, go before a long run. */
const FEW_TEXTS = 16;
const FEW_JOBS = 4;

/** Slots that go to the process together. A slot that is dropped on the way leaves its chunk. */
interface Chunk {
  readonly side: Side;
  readonly slots: Set<number>;
  readonly urgent: boolean;
}

/** What is known of one side's slots here, so that nothing is sent twice and a new process can be filled. */
interface SideSlots {
  readonly present: Set<number>;
  readonly onTheWay: Set<Chunk>;
}

/** A vector space that lives in a process of its own, started when first needed and restarted when it dies. */
export class VectorClient implements VectorSpace {
  readonly #options: VectorClientOptions;
  readonly #link: ProcessLink;
  readonly #slots: Readonly<Record<Side, SideSlots>> = {
    query: { present: new Set(), onTheWay: new Set() },
    document: { present: new Set(), onTheWay: new Set() },
  };
  #opened: ModelChoice | undefined;
  #indexed: IndexChoice | undefined;

  constructor(options: VectorClientOptions) {
    this.#options = options;
    this.#link = new ProcessLink(options, () => this.#refill());
  }

  /** Undefined while no process runs. */
  get processId(): number | undefined {
    return this.#link.processId;
  }

  async open(choice: ModelChoice): Promise<Result<ModelIdentity>> {
    this.#link.settleAll({ reason: "superseded", message: "Another model was chosen." });
    this.#link.forgiveDeaths();
    for (const { present, onTheWay } of Object.values(this.#slots)) {
      present.clear();
      onTheWay.clear();
    }
    this.#indexed = undefined;
    this.#opened = undefined;
    const identity = await this.#open(choice, {});
    if (!identity.ok) return identity;
    this.#opened = choice;
    this.#options.onStatus?.("ready");
    return identity;
  }

  async put(side: Side, slots: readonly number[], options: PutOptions): Promise<Result<EmbedReport>> {
    const missing = [...new Set(slots)].filter((slot) => !this.#slots[side].present.has(slot));
    if (missing.length === 0) return ok({ embedded: 0, cached: 0 });
    const chunks = chunksOf(side, missing, options.first ?? []);
    const { onTheWay } = this.#slots[side];
    for (const chunk of chunks) onTheWay.add(chunk);
    const progress = new Map<Chunk, EmbedProgress>();
    const sum = (part: "done" | "uncached"): number => [...progress.values()].reduce((all, one) => all + one[part], 0);
    let embedded = 0;
    let cached = 0;
    const failed = await inLanes(chunks, async (chunk) => {
      const onProgress = (one: EmbedProgress): void => {
        progress.set(chunk, one);
        options.onProgress?.({ done: sum("done"), total: missing.length, uncached: sum("uncached") });
      };
      const report = await this.#putChunk(chunk, { cancellation: options.cancellation, onProgress });
      if (!report.ok) return report;
      onProgress({ done: chunk.slots.size, total: chunk.slots.size, uncached: report.value.embedded });
      embedded += report.value.embedded;
      cached += report.value.cached;
      return report;
    });
    for (const chunk of chunks) onTheWay.delete(chunk);
    return failed ?? ok({ embedded, cached });
  }

  drop(side: Side, slots: readonly number[]): Promise<void> {
    const { present, onTheWay } = this.#slots[side];
    for (const slot of slots) {
      present.delete(slot);
      for (const chunk of onTheWay) chunk.slots.delete(slot);
    }
    this.#link.tell({ drop: side, slots });
    return Promise.resolve();
  }

  async index(choice: IndexChoice, cancellation: Cancellation): Promise<Result<IndexStatus>> {
    const status = await this.#link.send(() => ({ kind: "index", choice }), { cancellation });
    if (status.ok) this.#indexed = choice;
    return status;
  }

  async retrieve(jobs: readonly RetrievalJob[], depth: number, cancellation: Cancellation): Promise<Result<readonly Retrieved[]>> {
    const retrieved: Retrieved[] = [];
    const urgent = jobs.length <= FEW_JOBS;
    const failed = await inLanes(partsOf(jobs, JOBS_PER_REQUEST), async ({ start, items }) => {
      const lists = await this.#link.send(() => ({ kind: "retrieve", jobs: items, depth, urgent }), { cancellation });
      if (lists.ok) {
        splitLists(lists.value, items).forEach((one, i) => {
          retrieved[start + i] = one;
        });
      }
      return lists;
    });
    return failed ?? ok(retrieved);
  }

  async similarPairs(
    lists: readonly (readonly number[])[],
    least: number,
    cancellation: Cancellation,
  ): Promise<Result<readonly SimilarPairs[]>> {
    const pairs: SimilarPairs[] = [];
    const urgent = lists.length <= FEW_JOBS;
    const failed = await inLanes(partsOf(lists, LISTS_PER_REQUEST), async ({ start, items }) => {
      const found = await this.#link.send(() => ({ kind: "similarPairs", lists: joinSlots(items), least, urgent }), { cancellation });
      if (found.ok) {
        splitPairs(found.value).forEach((one, i) => {
          pairs[start + i] = one;
        });
      }
      return found;
    });
    return failed ?? ok(pairs);
  }

  topics(count: number, seed: number, options: WorkOptions): Promise<Result<TopicAssignment>> {
    return this.#link.send(() => ({ kind: "topics", count, seed }), options);
  }

  async rescore(choice: RescorerChoice, jobs: readonly RescoreJob[], options: WorkOptions): Promise<Result<readonly Float32Array[]>> {
    const { text } = this.#options.source;
    const requests = new RescoreRequests(jobs, options.onProgress);
    const urgent = jobs.length <= FEW_JOBS;
    const failed = await inLanes(requests.chunks, async (chunk) => {
      const answer = await this.#link.send(() => rescoreRequest(choice, chunk.jobs, text, urgent), {
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

  #open(choice: ModelChoice, options: SendOptions): Promise<Result<ModelIdentity>> {
    const { settings, source } = this.#options;
    return source.kind === "texts"
      ? this.#link.send(() => ({ kind: "openModel", settings, choice }), options)
      : this.#link.send(() => ({ kind: "openFiles", settings, files: source.files }), options);
  }

  async #putChunk(chunk: Chunk, options: SendOptions): Promise<Result<EmbedReport>> {
    const { present, onTheWay } = this.#slots[chunk.side];
    const report = await this.#sendSlots(chunk, () => [...chunk.slots].filter((slot) => !present.has(slot)), options);
    // A chunk that left the list belongs to a model that was replaced.
    if (report.ok && onTheWay.has(chunk)) for (const slot of chunk.slots) present.add(slot);
    return report;
  }

  /** `wanted` is asked anew when a process died and the request is sent again. */
  #sendSlots({ side, urgent }: Chunk, wanted: () => readonly number[], options: SendOptions): Promise<Result<EmbedReport>> {
    const { source } = this.#options;
    if (source.kind === "texts") {
      return this.#link.send((): PutTexts => {
        const slots = wanted();
        return { kind: "putTexts", side, slots, texts: slots.map((slot) => source.text(side, slot)), urgent };
      }, options);
    }
    const rowless = wanted().find((slot) => source.row(side, slot) === undefined);
    if (rowless !== undefined) {
      return Promise.resolve(
        err({
          reason: "bad-vectors",
          message: `The vector file has no row for ${side} slot ${String(rowless)}.`,
          nextStep: "Give a file with one row for each record, in the order of the records.",
          place: { file: source.files[side] },
        }),
      );
    }
    return this.#link.send((): PutRows => {
      const rows = wanted().map((slot) => [slot, source.row(side, slot) ?? -1] as const);
      return { kind: "putRows", side, slots: rows.map(([slot]) => slot), rows: rows.map(([, row]) => row) };
    }, options);
  }

  /** Brings a new process to where the old one was. */
  async #refill(): Promise<Result<unknown>> {
    if (this.#opened === undefined) return ok(undefined);
    const refilling = { refilling: true };
    const opened = await this.#open(this.#opened, refilling);
    if (!opened.ok) return opened;
    for (const side of ["document", "query"] as const) {
      const { present } = this.#slots[side];
      for (const chunk of chunksOf(side, [...present], [])) {
        const report = await this.#sendSlots(chunk, () => [...chunk.slots].filter((slot) => present.has(slot)), refilling);
        if (!report.ok) return report;
      }
    }
    const choice = this.#indexed;
    return choice === undefined ? ok(undefined) : this.#link.send(() => ({ kind: "index", choice }), refilling);
  }
}

/** The list in parts of at most `size`, each with the position of its first item. */
function partsOf<T>(list: readonly T[], size: number): readonly { readonly start: number; readonly items: readonly T[] }[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, part) => ({
    start: part * size,
    items: list.slice(part * size, (part + 1) * size),
  }));
}

/** Works through the list, a few at a time; stops at the first failure and gives it back. */
async function inLanes<T>(list: readonly T[], work: (item: T) => Promise<Result<unknown>>): Promise<Err | undefined> {
  const queue = list.values();
  let failed: Err | undefined;
  const lane = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true && failed === undefined; next = queue.next()) {
      const result = await work(next.value);
      if (!result.ok) failed ??= result;
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return failed;
}

/** The first slots in a request of their own, then the others in their order. */
function chunksOf(side: Side, slots: readonly number[], first: readonly number[]): readonly Chunk[] {
  const wanted = new Set(first);
  const head = slots.filter((slot) => wanted.has(slot));
  const rest = slots.filter((slot) => !wanted.has(slot));
  const chunks: Chunk[] = head.length === 0 ? [] : [{ side, slots: new Set(head), urgent: true }];
  for (let start = 0; start < rest.length; start += SLOTS_PER_REQUEST) {
    chunks.push({ side, slots: new Set(rest.slice(start, start + SLOTS_PER_REQUEST)), urgent: slots.length <= FEW_TEXTS });
  }
  return chunks;
}
