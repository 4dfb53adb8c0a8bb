import type { Adapter } from "../adapter/adapter";
import type { Collection } from "../collection/collection";
import type { MinedQuery, MiningState, PlanOptions } from "../mining/miningState";
import { isGuarded } from "../mining/sourceSettings";
import type { Breathe } from "../ports";
import type { Cancellation } from "../util/cancellation";
import { ok } from "../util/result";
import type { Result } from "../util/result";
import { mineQueries } from "./candidateSearch";
import type { Decide } from "./candidateSearch";
import type { DenseIndex } from "./denseIndex";
import type { DenseSearch } from "./denseSearch";
import { areEnough, fitFalseNegatives } from "./fitFalseNegatives";
import { mineInOrder } from "./minedAhead";
import { PoolTable } from "./poolTable";

export interface AdapterTrialsPorts {
  readonly dense: () => DenseIndex;
  /** Whether the vectors of this collection are there. */
  readonly ready: (collection: Collection) => Result<null>;
  readonly collection: () => Collection;
  /** The state of this moment, with marks that do not change any more. */
  readonly state: () => MiningState;
  readonly completeGroupings: (cancellation: Cancellation) => Promise<Result<null>>;
  readonly words: (state: MiningState) => Promise<PlanOptions["searchWords"]>;
  readonly breathe: Breathe;
}

export interface MiningTask {
  readonly queries: readonly number[];
  readonly onQuery: (mined: MinedQuery) => void;
  readonly cancellation: Cancellation;
  /** Has the false-negative model fitted under the same adapter, also where no guard asks for it: as far as there are marks enough. */
  readonly wantsModel?: boolean;
}

export interface RankingTask {
  readonly queries: readonly number[];
  readonly depth: number;
  readonly cancellation: Cancellation;
  readonly onProgress?: (done: number) => void;
}

/** Documents, best first. */
export type Ranked = readonly number[];

/** So many queries are ranked in one go, so that other work gets its turn between. */
const RANKED_AT_ONCE = 512;

/** Search in a data set with adapters that are tried out, whichever is in use; undefined stands for the encoder alone. */
export class AdapterTrials {
  readonly #ports: AdapterTrialsPorts;

  constructor(ports: AdapterTrialsPorts) {
    this.#ports = ports;
  }

  /** Keeps an adapter under a name, until it is released or the encoder changes. */
  hold(name: string, adapter: Adapter): Promise<Result<null>> {
    return this.#ports.dense().hold(name, adapter);
  }

  release(name: string): Promise<void> {
    return this.#ports.dense().release(name);
  }

  /** Mines queries in their order, with the configuration and marks of this moment. What is found is not kept. */
  async mine(adapter: string | undefined, task: MiningTask): Promise<Result<null>> {
    const { queries, onQuery, cancellation } = task;
    const { breathe } = this.#ports;
    const grouped = await this.#ports.completeGroupings(cancellation);
    if (!grouped.ok) return grouped;
    const state = { ...this.#ports.state(), falseNegatives: undefined };
    const searchWords = await this.#ports.words(state);
    const table = new PoolTable();
    const mine = async (asked: MiningState, batch: readonly number[], keep: boolean): Promise<Result<readonly Decide[]>> => {
      const dense = this.#search(adapter, asked.collection);
      return dense.ok ? await mineQueries({ dense: dense.value, table }, asked, batch, { searchWords, keep, cancellation }) : dense;
    };
    const wantsModel = state.sources.some(isGuarded) || (task.wantsModel === true && areEnough(state.marks));
    const search = {
      mine: (asked: MiningState, batch: readonly number[]) => mine(asked, batch, true),
      breathe,
      known: new Map(),
      cancellation,
    };
    const fitted = wantsModel ? await fitFalseNegatives({ state, ...search }) : ok(undefined);
    if (!fitted.ok) return fitted;
    const taught = { ...state, falseNegatives: fitted.value };
    return await mineInOrder({ queries, mine: (batch) => mine(taught, batch, false), onQuery, breathe, cancellation });
  }

  /** The nearest documents of each query, best first, at least `depth` of them where there are as many. */
  async rank(adapter: string | undefined, task: RankingTask): Promise<Result<readonly Ranked[]>> {
    const { queries, depth, cancellation, onProgress } = task;
    const collection = this.#ports.collection();
    const lists: Ranked[] = [];
    for (let start = 0; start < queries.length; start += RANKED_AT_ONCE) {
      const dense = this.#search(adapter, collection);
      if (!dense.ok) return dense;
      const found = await dense.value.nearest(queries.slice(start, start + RANKED_AT_ONCE), depth, cancellation);
      if (!found.ok) return found;
      lists.push(...found.value);
      onProgress?.(lists.length);
    }
    return ok(lists);
  }

  /** The encoder's vectors of queries and of documents, before any adapter, one after the other. */
  async vectors(
    { queries, documents }: { readonly queries: readonly number[]; readonly documents: readonly number[] },
    cancellation: Cancellation,
  ): Promise<Result<{ readonly queries: Float32Array; readonly documents: Float32Array }>> {
    const dense = this.#search(undefined, this.#ports.collection());
    if (!dense.ok) return dense;
    const ofQueries = await dense.value.queryVectors(queries, cancellation);
    if (!ofQueries.ok) return ofQueries;
    const ofDocuments = await dense.value.documentVectors(documents, cancellation);
    return ofDocuments.ok ? ok({ queries: ofQueries.value, documents: ofDocuments.value }) : ofDocuments;
  }

  #search(adapter: string | undefined, collection: Collection): Result<DenseSearch> {
    const ready = this.#ports.ready(collection);
    return ready.ok ? this.#ports.dense().searchUnder(adapter) : ready;
  }
}
