import os from "node:os";
import path from "node:path";
import type { EmbedProgress, EmbedReport, IndexChoice, IndexStatus, LogLevel, ModelIdentity, Side } from "#core/ports";
import { err, ok, type Result } from "#core/util/result";
import { DotKernel } from "./dotKernel";
import { EmbeddingJob, type Embedder } from "./embedding";
import { FileHashes } from "./fileHashes";
import { HnswSearch } from "./hnswSearch";
import { MatrixProduct } from "./matrixProduct";
import { findModel } from "./modelFolder";
import { measureRecall } from "./recall";
import { Rescoring, type RescoringSpace } from "./rescoring";
import { retrieve, type SearchSpace } from "./retrieval";
import { SentenceEncoder } from "./sentenceEncoder";
import { similarPairs } from "./similarPairs";
import { TaskQueue, URGENCY, type SlicedCalculation, type SlicedWork, type Urgency } from "./taskQueue";
import { assignByProduct, topicsOf } from "./topics";
import { VectorCache } from "./vectorCache";
import type {
  BuildIndex,
  FindSimilarPairs,
  FindTopics,
  FromProcess,
  OpenFiles,
  OpenModel,
  ProcessSettings,
  PutRows,
  PutTexts,
  Rescore,
  Retrieve,
  ToProcess,
  VectorRequest,
} from "./vectorMessages";
import { closeVectorFiles, openVectorFiles, type VectorFiles } from "./vectorFiles";
import { VectorTable } from "./vectorTable";

/** Above this number of documents building a graph begins to pay. */
export const LARGEST_EXACT = 200_000;
/** A graph that has seen more updates than this share of its documents is built anew. */
const STALE_SHARE = 0.1;

type AnyWork = SlicedWork<Result<unknown>> | SlicedCalculation<Result<unknown>>;

/** State between an `open` and the next. */
interface OpenSpace {
  readonly tables: Readonly<Record<Side, VectorTable>>;
  readonly product: MatrixProduct;
  readonly kernel: DotKernel;
  readonly source: Embedder | VectorFiles;
  hnsw: HnswSearch | undefined;
  /** Documents put or dropped since the building of a graph began; undefined while none is being built. */
  changedWhileBuilding: Set<number> | undefined;
}

/** All that happens inside the process: answers requests one slice at a time. */
export class VectorService {
  readonly #send: (message: FromProcess) => void;
  readonly #queue = new TaskQueue();
  readonly #rescoring: Rescoring;
  #space: OpenSpace | undefined;

  constructor(send: (message: FromProcess) => void) {
    this.#send = send;
    this.#rescoring = new Rescoring((level, message) => {
      send({ level, message });
    });
  }

  receive(message: ToProcess): void {
    if ("cancel" in message) {
      this.#queue.cancel(message.cancel);
    } else if ("drop" in message) {
      this.#drop(message.drop, message.slots);
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
      case "index":
        return { urgency: URGENCY.index, work: this.#index(request) };
      case "retrieve":
        return { urgency: request.urgent ? URGENCY.visible : URGENCY.retrieve, work: this.#retrieve(request) };
      case "rescore":
        return { urgency: request.urgent ? URGENCY.retrieve : URGENCY.embed, work: this.#rescore(id, request) };
      case "similarPairs":
        return { urgency: request.urgent ? URGENCY.visible : URGENCY.retrieve, work: this.#similarPairs(request) };
      case "topics":
        return { urgency: URGENCY.topics, work: this.#topics(id, request) };
    }
  }

  #close(): void {
    this.#queue.cancelAll();
    if (this.#space !== undefined) closeSource(this.#space.source);
    this.#space = undefined;
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

  async #setSpace(
    settings: ProcessSettings,
    dimensions: number,
    source: OpenSpace["source"],
    encoder: RescoringSpace["encoder"],
  ): Promise<void> {
    if (settings.background === true) os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
    const product = await MatrixProduct.open(path.join(settings.modelsFolder, "search.onnx"), threadsOf(settings));
    const tables = { query: new VectorTable(dimensions), document: new VectorTable(dimensions) };
    this.#space = { tables, product, kernel: new DotKernel(dimensions), source, hnsw: undefined, changedWhileBuilding: undefined };
    this.#rescoring.open({ settings, threads: threadsOf(settings), product, encoder });
  }

  #putTexts(id: number, request: PutTexts): SlicedWork<Result<EmbedReport>> | SlicedCalculation<Result<EmbedReport>> {
    const space = this.#space;
    if (space === undefined || !("encoder" in space.source)) return answerWith(notOpen());
    const onPut = (slot: number): void => {
      if (request.side === "document") didChange(space, slot);
    };
    const onProgress = (progress: EmbedProgress): void => {
      this.#send({ id, progress });
    };
    return new EmbeddingJob(space.source, space.tables[request.side], request, { onPut, onProgress }).run();
  }

  #putRows({ side, slots, rows }: PutRows): SlicedCalculation<Result<EmbedReport>> {
    const space = this.#space;
    if (space === undefined || "encoder" in space.source) return answerWith(notOpen());
    const file = space.source[side];
    for (const [i, slot] of slots.entries()) {
      const row = rows[i] ?? -1;
      if (row < 0 || row >= file.rows) return answerWith(noSuchRow(side, row, file.rows));
      const vector = file.read(row, 1);
      if (!vector.ok) return answerWith(vector);
      space.tables[side].set(slot, vector.value);
      if (side === "document") didChange(space, slot);
    }
    return answerWith(ok({ embedded: 0, cached: 0 }));
  }

  #drop(side: Side, slots: readonly number[]): void {
    const space = this.#space;
    if (space === undefined) return;
    for (const slot of slots) {
      space.tables[side].drop(slot);
      if (side === "document") didChange(space, slot);
    }
  }

  async *#index({ choice }: BuildIndex): SlicedWork<Result<IndexStatus>> {
    const space = this.#space;
    if (space === undefined) return notOpen();
    const documents = space.tables.document;
    const kind = choice.kind === "auto" ? (documents.size > LARGEST_EXACT ? "hnsw" : "exact") : choice.kind;
    if (kind === "exact") {
      space.hnsw = undefined;
      return ok({ kind, documents: documents.size, recall: 1, recallSample: 0 });
    }
    const graph = isFresh(space.hnsw, space, choice) ? ok(space.hnsw) : yield* buildGraph(space, choice);
    if (!graph.ok) return graph;
    graph.value.ef = choice.ef;
    space.hnsw = graph.value;
    const measured = yield* measureRecall(searchSpace(space));
    return ok({ kind, documents: documents.size, ...measured });
  }

  #rescore(id: number, request: Rescore): SlicedWork<Result<Float32Array>> {
    return this.#rescoring.run(request, (progress) => {
      this.#send({ id, progress });
    });
  }

  async *#retrieve({ jobs, depth }: Retrieve): SlicedWork<Result<unknown>> {
    const space = this.#space;
    return space === undefined ? notOpen() : yield* retrieve(searchSpace(space), jobs, depth);
  }

  async *#similarPairs({ lists, least }: FindSimilarPairs): SlicedWork<Result<unknown>> {
    const space = this.#space;
    return space === undefined ? notOpen() : yield* similarPairs(space.tables.document, space.product, lists, least);
  }

  async *#topics(id: number, { count, seed }: FindTopics): SlicedWork<Result<unknown>> {
    const space = this.#space;
    if (space === undefined) return notOpen();
    const onProgress = (progress: { readonly done: number; readonly total: number }): void => {
      this.#send({ id, progress: { ...progress, uncached: 0 } });
    };
    return ok(yield* topicsOf(space.tables.document, assignByProduct(space.product), { count, seed, onProgress }));
  }
}

function closeSource(source: OpenSpace["source"]): void {
  if ("encoder" in source) source.cache?.close();
  else closeVectorFiles(source);
}

function didChange(space: OpenSpace, slot: number): void {
  space.hnsw?.update(slot);
  space.changedWhileBuilding?.add(slot);
}

function* buildGraph(space: OpenSpace, choice: IndexChoice): SlicedCalculation<Result<HnswSearch>> {
  const changed = new Set<number>();
  space.changedWhileBuilding = changed;
  try {
    const graph = yield* HnswSearch.build(space.tables.document, choice);
    for (const slot of changed) graph.update(slot);
    return ok(graph);
  } catch (error) {
    return err({
      reason: "unsupported",
      message: `HNSW search is not available: ${(error as Error).message}.`,
      nextStep: 'Set index.kind to "exact".',
    });
  } finally {
    space.changedWhileBuilding = undefined;
  }
}

/** A graph with other settings, or with many later changes, is not worth keeping. */
function isFresh(graph: HnswSearch | undefined, { tables }: OpenSpace, choice: IndexChoice): graph is HnswSearch {
  if (graph === undefined) return false;
  return graph.m === choice.m && graph.efConstruction === choice.efConstruction && graph.updates <= tables.document.size * STALE_SHARE;
}

function searchSpace({ tables, ...rest }: OpenSpace): SearchSpace {
  return { queries: tables.query, documents: tables.document, ...rest };
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
