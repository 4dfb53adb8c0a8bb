import os from "node:os";
import path from "node:path";
import type { EmbedProgress, EmbedReport, IndexStatus, LogLevel, ModelIdentity, Side, TopicAssignment } from "#core/ports";
import { err, ok, type Result } from "#core/util/result";
import { EmbeddingJob, type Embedder } from "./embedding";
import { FileHashes } from "./fileHashes";
import { MatrixProduct } from "./matrixProduct";
import { findModel } from "./modelFolder";
import { OpenSpace } from "./openSpace";
import type { FromProcess, ToProcess } from "../process/processTraffic";
import { Rescoring, type RescoringSpace } from "./rescoring";
import { notReady, retrieve } from "./retrieval";
import { SentenceEncoder } from "./sentenceEncoder";
import { similarities } from "./similarities";
import { similarPairs } from "./similarPairs";
import { TaskQueue, URGENCY, type SlicedCalculation, type SlicedWork, type Urgency } from "../process/taskQueue";
import { assignByProduct, topicsOf } from "./topics";
import { VectorCache } from "./vectorCache";
import type {
  BuildIndex,
  FindSimilarities,
  FindSimilarPairs,
  FindTopics,
  OpenFiles,
  OpenModel,
  PairLists,
  ProcessSettings,
  PutRows,
  PutTexts,
  ReadVectors,
  Rescore,
  Retrieve,
  RetrievedLists,
  VectorRequest,
  VectorTraffic,
} from "./vectorMessages";
import { closeVectorFiles, openVectorFiles, type VectorFiles } from "./vectorFiles";

type AnyWork = SlicedWork<Result<unknown>> | SlicedCalculation<Result<unknown>>;

type Source = Embedder | VectorFiles;

/** All that happens inside the process: answers requests one slice at a time. */
export class VectorService {
  readonly #send: (message: FromProcess<VectorTraffic>) => void;
  readonly #queue = new TaskQueue();
  readonly #rescoring: Rescoring;
  #space: OpenSpace | undefined;
  /** Of the open space. */
  #source: Source | undefined;

  constructor(send: (message: FromProcess<VectorTraffic>) => void) {
    this.#send = send;
    this.#rescoring = new Rescoring((level, message) => {
      send({ level, message });
    });
  }

  receive(message: ToProcess<VectorTraffic>): void {
    if ("cancel" in message) {
      this.#queue.cancel(message.cancel);
    } else if ("drop" in message) {
      this.#drop(message.drop, message.slots);
    } else if ("release" in message) {
      this.#space?.release(message.release);
    } else {
      void this.#answer(message.id, message.request);
    }
  }

  async #answer(id: number, request: VectorRequest): Promise<void> {
    try {
      const { urgency, work } = this.#workOf(id, request);
      this.#send({
        id,
        result: await this.#queue.add<Result<never>>(id, urgency, work as SlicedWork<Result<never>> | SlicedCalculation<Result<never>>),
      });
    } catch (error) {
      this.#send({ id, thrown: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  }

  #workOf(id: number, request: VectorRequest): { readonly urgency: Urgency; readonly work: AnyWork } {
    switch (request.kind) {
      case "openModel":
        this.#close();
        return { urgency: URGENCY.open, work: this.#openModel(request) };
      case "openFiles":
        this.#close();
        return { urgency: URGENCY.open, work: this.#openFiles(request) };
      case "putTexts":
        return { urgency: request.urgent ? URGENCY.visible : URGENCY.embed, work: this.#putTexts(id, request) };
      case "putRows":
        return { urgency: URGENCY.embed, work: this.#putRows(request) };
      case "vectors":
        return { urgency: request.urgent ? URGENCY.visible : URGENCY.retrieve, work: this.#vectors(request) };
      case "hold":
        return { urgency: URGENCY.visible, work: answerWith(this.#space?.hold(request.name, request.adapter) ?? notOpen()) };
      case "index":
        return { urgency: URGENCY.index, work: this.#index(request) };
      case "retrieve":
        return { urgency: request.urgent ? URGENCY.visible : URGENCY.retrieve, work: this.#retrieve(request) };
      case "rescore":
        return { urgency: request.urgent ? URGENCY.retrieve : URGENCY.embed, work: this.#rescore(id, request) };
      case "similarities":
        return { urgency: request.urgent ? URGENCY.visible : URGENCY.retrieve, work: this.#similarities(request) };
      case "similarPairs":
        return { urgency: request.urgent ? URGENCY.visible : URGENCY.retrieve, work: this.#similarPairs(request) };
      case "topics":
        return { urgency: URGENCY.topics, work: this.#topics(id, request) };
    }
  }

  #close(): void {
    this.#queue.cancelAll();
    if (this.#source !== undefined) closeSource(this.#source);
    this.#space = undefined;
    this.#source = undefined;
    this.#rescoring.close();
  }

  /** One slice: nothing may run on a half-open space. */
  async *#openModel({ settings, choice }: OpenModel): SlicedWork<Result<ModelIdentity>> {
    const model = await findModel(choice, settings, new FileHashes(settings.cacheFolder));
    if (!model.ok) return model;
    const { fingerprint, maxTokens } = model.value;
    const encoder = once(() => SentenceEncoder.open(model.value, threadsOf(settings)));
    const { cacheFolder: folder } = settings;
    // Kept vectors show that the model works; it is loaded when a text is not among them.
    const known = folder === undefined ? undefined : VectorCache.knownDimensions({ folder, fingerprint });
    const opened = known === undefined ? await encoder() : undefined;
    if (opened?.ok === false) return opened;
    const dimensions = known ?? opened?.value.dimensions ?? 0;
    const log = (level: LogLevel, message: string): void => {
      this.#send({ level, message });
    };
    const cache = folder === undefined ? undefined : VectorCache.open({ folder, fingerprint, dimensions, log });
    const prompts = { query: choice.queryPrompt, document: choice.corpusPrompt };
    const source = { encoder, cache, prompts, oneByOne: choice.precision === "int8" };
    await this.#setSpace(settings, dimensions, source, { id: model.value.id, encoder, prompts, fingerprint });
    return ok({ id: model.value.id, fingerprint, dimensions, maxTokens });
  }

  /** One slice: nothing may run on a half-open space. */
  async *#openFiles({ settings, files }: OpenFiles): SlicedWork<Result<ModelIdentity>> {
    const opened = openVectorFiles(files);
    if (!opened.ok) return opened;
    const { dimensions } = opened.value.query;
    const hashes = new FileHashes(undefined);
    const fingerprint = `${await hashes.of(files.query)}${await hashes.of(files.document)}`;
    await this.#setSpace(settings, dimensions, opened.value, undefined);
    return ok({ id: `${path.basename(files.query)} and ${path.basename(files.document)}`, fingerprint, dimensions, maxTokens: 0 });
  }

  async #setSpace(settings: ProcessSettings, dimensions: number, source: Source, encoder: RescoringSpace["encoder"]): Promise<void> {
    if (settings.background === true) os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
    const product = await MatrixProduct.open(path.join(settings.modelsFolder, "search.onnx"), threadsOf(settings));
    this.#space = new OpenSpace(dimensions, product);
    this.#source = source;
    this.#rescoring.open({ settings, threads: threadsOf(settings), product, encoder });
  }

  #putTexts(id: number, request: PutTexts): SlicedWork<Result<EmbedReport>> | SlicedCalculation<Result<EmbedReport>> {
    const [space, source] = [this.#space, this.#source];
    if (space === undefined || source === undefined || !("encoder" in source)) return answerWith(notOpen());
    const onProgress = (progress: EmbedProgress): void => {
      this.#send({ id, progress });
    };
    return new EmbeddingJob(source, space.tables[request.side], request, onProgress).run();
  }

  #putRows({ side, slots, rows }: PutRows): SlicedCalculation<Result<EmbedReport>> {
    const [space, source] = [this.#space, this.#source];
    if (space === undefined || source === undefined || "encoder" in source) return answerWith(notOpen());
    const file = source[side];
    for (const [i, slot] of slots.entries()) {
      const row = rows[i] ?? -1;
      if (row < 0 || row >= file.rows) return answerWith(noSuchRow(side, row, file.rows));
      const vector = file.read(row, 1);
      if (!vector.ok) return answerWith(vector);
      space.tables[side].set(slot, vector.value);
    }
    return answerWith(ok({ embedded: 0, cached: 0 }));
  }

  #drop(side: Side, slots: readonly number[]): void {
    for (const slot of slots) this.#space?.tables[side].drop(slot);
  }

  *#vectors({ side, slots }: ReadVectors): SlicedCalculation<Result<Float32Array>> {
    if (this.#space === undefined) return notOpen();
    const table = this.#space.tables[side];
    const missing = slots.find((slot) => !table.has(slot));
    if (missing !== undefined) return notReady({ side, slot: missing });
    const vectors = new Float32Array(slots.length * table.dimensions);
    for (const [i, slot] of slots.entries()) vectors.set(table.vector(slot), i * table.dimensions);
    return ok(vectors);
  }

  #rescore(id: number, request: Rescore): SlicedWork<Result<Float32Array>> {
    return this.#rescoring.run(request, (progress) => {
      this.#send({ id, progress });
    });
  }

  async *#index({ choice, under }: BuildIndex): SlicedWork<Result<IndexStatus>> {
    return this.#space === undefined ? notOpen() : yield* this.#space.index(choice, under);
  }

  async *#retrieve({ jobs, depth, under }: Retrieve): SlicedWork<Result<RetrievedLists>> {
    if (this.#space === undefined) return notOpen();
    // The nearest may be any; scores need no more than what the jobs name.
    const document = depth > 0 ? "all" : jobs.flatMap(({ positives, extra }) => [...positives, ...extra]);
    const needed = { query: jobs.map(({ query }) => query), document } as const;
    return yield* this.#space.search({ under, needed }, (space) => retrieve(space, jobs, depth));
  }

  async *#similarities({ rows, columns, under }: FindSimilarities): SlicedWork<Result<Float32Array>> {
    if (this.#space === undefined) return notOpen();
    const needed = { query: [], document: [...rows.slots, ...columns.slots] };
    return yield* this.#space.search({ under, needed }, (space) => similarities(space, rows, columns));
  }

  async *#similarPairs({ lists, least, under }: FindSimilarPairs): SlicedWork<Result<PairLists>> {
    if (this.#space === undefined) return notOpen();
    const needed = { query: [], document: [...lists.slots] };
    return yield* this.#space.search({ under, needed }, ({ documents, product }) => similarPairs(documents, product, lists, least));
  }

  async *#topics(id: number, { count, seed, under }: FindTopics): SlicedWork<Result<TopicAssignment>> {
    if (this.#space === undefined) return notOpen();
    const onProgress = (progress: { readonly done: number; readonly total: number }): void => {
      this.#send({ id, progress: { ...progress, uncached: 0 } });
    };
    return yield* this.#space.search({ under, needed: { query: [], document: "all" } }, async function* ({ documents, product }) {
      return ok(yield* topicsOf(documents, assignByProduct(product), { count, seed, onProgress }));
    });
  }
}

function closeSource(source: Source): void {
  if ("encoder" in source) source.cache?.close();
  else closeVectorFiles(source);
}

function threadsOf({ threads }: ProcessSettings): number {
  return threads ?? os.availableParallelism();
}

function notOpen(): Result<never> {
  return err({ reason: "not-ready", message: "No model is open.", nextStep: "Wait until the model is loaded." });
}

function noSuchRow(side: Side, row: number, count: number): Result<never> {
  return err({
    reason: "bad-vectors",
    message: `The ${side} vectors have ${String(count)} rows; row ${String(row)} is wanted.`,
    nextStep: "Give a file with one row for each record, in the order of the records.",
  });
}

/** An answer that needs no work. */
function* answerWith<T>(result: Result<T>): SlicedCalculation<Result<T>> {
  return result;
}

/** The first call does it, further ones give its result. */
function once<T>(act: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | undefined;
  return () => (done ??= act());
}
