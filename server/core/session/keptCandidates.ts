import type { Collection } from "../collection/collection";
import type { MinedQuery, MiningState } from "../mining/miningState";
import { searchShape } from "../mining/searchShape";
import { isLexical } from "../mining/sourceSettings";
import type { IndexKind } from "../ports";
import type { Result } from "../util/result";
import { mineQueries } from "./candidateSearch";
import type { Decide, SearchOptions } from "./candidateSearch";
import { carryOver } from "./carryOver";
import type { DenseSearch } from "./denseSearch";
import { decideKept, PoolTable } from "./poolTable";

export interface KeptCandidatesPorts {
  /** The collection of this moment. */
  readonly collection: () => Collection;
  /** Search in a collection, where the vectors of this very one are there. */
  readonly search: (collection: Collection) => Result<DenseSearch>;
}

/** Candidates that were searched for with the vectors in use, and the search for those that are not known. */
export class KeptCandidates {
  readonly table = new PoolTable();
  readonly #ports: KeptCandidatesPorts;
  /** What the kept pools were made from. */
  #collection: Collection;

  constructor(ports: KeptCandidatesPorts) {
    this.#ports = ports;
    this.#collection = ports.collection();
  }

  /** Whether what is kept is of this collection, and it the one of this moment. */
  isOf(collection: Collection): boolean {
    return collection === this.#collection && collection === this.#ports.collection();
  }

  /** @param table keeps what is found, where that is asked for, apart from what is kept here */
  async mine(
    state: MiningState,
    queries: readonly number[],
    options: SearchOptions,
    table = this.table,
  ): Promise<Result<readonly Decide[]>> {
    const dense = this.#ports.search(state.collection);
    if (!dense.ok) return dense;
    const mined = await mineQueries({ dense: dense.value, table }, state, queries, options);
    if (mined.ok && state.collection !== this.#ports.collection()) table.clear();
    return mined;
  }

  /** What is known of a query without any search; undefined where it was not looked at since the last change. */
  peek(state: MiningState, query: number): MinedQuery | undefined {
    const kept = this.table.get(query);
    if (kept === undefined || state.collection !== this.#collection) return undefined;
    return decideKept(state, searchShape(state.config.sampler, state.sources), kept);
  }

  /** Keeps the candidates that a change of the data cannot affect. A word that comes or goes moves every BM25 score. */
  async carry(state: MiningState, kind: IndexKind, search: Result<DenseSearch>): Promise<void> {
    const before = this.#collection;
    this.#collection = state.collection;
    if (this.table.isEmpty || before === state.collection || kind !== "exact" || state.sources.some(isLexical)) {
      this.table.clear();
      return;
    }
    if (!search.ok) throw new Error("The vectors are in step with the collection, and yet cannot be searched.");
    const searchWords: SearchOptions["searchWords"] = () => ({ documents: [], scores: [] });
    await carryOver({ dense: search.value, table: this.table, before, state, searchWords });
  }
}
