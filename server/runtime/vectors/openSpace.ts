import type { Adapter } from "#core/adapter/adapter";
import type { IndexChoice, IndexStatus, Side } from "#core/ports";
import { err, ok, type Result } from "#core/util/result";
import { adapterFailure, notHeld, replacedMeanwhile } from "./adapterFailures";
import { DotKernel } from "./dotKernel";
import { HeldAdapter, type NeededSlots } from "./heldAdapter";
import { HnswSearch } from "./hnswSearch";
import type { MatrixProduct } from "./matrixProduct";
import { measureRecall } from "./recall";
import type { SearchSpace } from "./retrieval";
import type { SlicedCalculation, SlicedWork } from "../process/taskQueue";
import { VectorTable } from "./vectorTable";

/** Above this number of documents building a graph begins to pay. */
export const LARGEST_EXACT = 200_000;
/** A graph that has seen more updates than this share of its documents is built anew. */
const STALE_SHARE = 0.1;

/** What a search works on: the encoder's vectors, or those moved by the adapter of this name. */
export interface SearchedVectors {
  readonly under: string | undefined;
  /** Moved before the search begins. */
  readonly needed: NeededSlots;
}

/** All vectors between an `open` and the next, the adapters held over them, and the graph. */
export class OpenSpace {
  readonly tables: Readonly<Record<Side, VectorTable>>;
  readonly product: MatrixProduct;
  readonly #kernel: DotKernel;
  readonly #adapters = new Map<string, HeldAdapter>();
  #hnsw: HnswSearch | undefined;

  constructor(dimensions: number, product: MatrixProduct) {
    this.tables = { query: new VectorTable(dimensions), document: new VectorTable(dimensions) };
    this.product = product;
    this.#kernel = new DotKernel(dimensions);
  }

  hold(name: string, adapter: Adapter): Result<null> {
    const failure = adapterFailure(name, adapter, this.tables.query.dimensions);
    if (failure !== undefined) return err(failure);
    this.release(name);
    this.#adapters.set(name, new HeldAdapter(name, adapter, this.tables));
    return ok(null);
  }

  release(name: string): void {
    const held = this.#adapters.get(name);
    if (held === undefined) return;
    this.#adapters.delete(name);
    held.close();
    if (held.movesDocuments) this.#keepGraph(undefined, held.table("document"));
  }

  /** Brings what the search needs up to date and searches. Fails where the adapter is released or replaced before the end. */
  async *search<T>(
    { under, needed }: SearchedVectors,
    search: (space: SearchSpace) => SlicedWork<Result<T>> | SlicedCalculation<Result<T>>,
  ): SlicedWork<Result<T>> {
    if (under === undefined) return yield* search(this.#searchSpace(undefined));
    const held = this.#adapters.get(under);
    if (held === undefined) return err(notHeld(under));
    const failure = yield* held.bring(needed);
    // Its vectors no longer follow the texts.
    if (this.#adapters.get(under) !== held) return err(replacedMeanwhile(under));
    if (failure !== undefined) return err(failure);
    const found = yield* search(this.#searchSpace(held)) as SlicedWork<Result<T>>;
    return this.#adapters.get(under) === held ? found : err(replacedMeanwhile(under));
  }

  index(choice: IndexChoice, under: string | undefined): SlicedWork<Result<IndexStatus>> {
    return this.search({ under, needed: { query: "all", document: "all" } }, (space) => this.#index(choice, space));
  }

  async *#index(choice: IndexChoice, space: SearchSpace): SlicedWork<Result<IndexStatus>> {
    const { documents } = space;
    const kind = choice.kind === "auto" ? (documents.size > LARGEST_EXACT ? "hnsw" : "exact") : choice.kind;
    if (kind === "exact") {
      this.#keepGraph(undefined);
      return ok({ kind, documents: documents.size, recall: 1, recallSample: 0 });
    }
    const graph = isFresh(this.#hnsw, documents, choice) ? ok(this.#hnsw) : yield* buildGraph(documents, choice);
    if (!graph.ok) return graph;
    graph.value.ef = choice.ef;
    if (this.#isInUse(documents)) this.#keepGraph(graph.value);
    const measured = yield* measureRecall({ ...space, hnsw: graph.value });
    return ok({ kind, documents: documents.size, ...measured });
  }

  #searchSpace(held: HeldAdapter | undefined): SearchSpace {
    const queries = held?.table("query") ?? this.tables.query;
    const documents = held?.table("document") ?? this.tables.document;
    const hnsw = this.#hnsw?.table === documents ? this.#hnsw : undefined;
    return { queries, documents, product: this.product, kernel: this.#kernel, hnsw };
  }

  /** False for the moved documents of an adapter that was released. */
  #isInUse(documents: VectorTable): boolean {
    return documents === this.tables.document || [...this.#adapters.values()].some((held) => held.table("document") === documents);
  }

  /** In place of the graph so far, or only of one over this table. */
  #keepGraph(graph: HnswSearch | undefined, over = this.#hnsw?.table): void {
    if (this.#hnsw === graph || this.#hnsw?.table !== over) return;
    this.#hnsw?.close();
    this.#hnsw = graph;
  }
}

function* buildGraph(documents: VectorTable, choice: IndexChoice): SlicedCalculation<Result<HnswSearch>> {
  try {
    return ok(yield* HnswSearch.build(documents, choice));
  } catch (error) {
    return err({
      reason: "unsupported",
      message: `HNSW search is not available: ${(error as Error).message}.`,
      nextStep: 'Set index.kind to "exact".',
    });
  }
}

/** A graph of other vectors, with other settings, or with many later changes is not worth keeping. */
function isFresh(graph: HnswSearch | undefined, documents: VectorTable, choice: IndexChoice): graph is HnswSearch {
  if (graph?.table !== documents) return false;
  return graph.m === choice.m && graph.efConstruction === choice.efConstruction && graph.updates <= documents.size * STALE_SHARE;
}
