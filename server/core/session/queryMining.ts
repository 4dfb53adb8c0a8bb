import { lexicalPool } from "../mining/lexicalPool";
import { decideFor, planFor } from "../mining/miningState";
import type { MinedQuery } from "../mining/miningState";
import type { Breathe } from "../ports";
import { neverCancelled } from "../util/cancellation";
import type { Cancellation } from "../util/cancellation";
import { itemAt } from "../util/itemAt";
import { err, ok } from "../util/result";
import type { Result } from "../util/result";
import type { Decide } from "./candidateSearch";
import type { KeptCandidates } from "./keptCandidates";
import { mineInOrder } from "./minedAhead";
import type { MiningStates } from "./miningStates";
import type { SessionData } from "./sessionData";
import type { WordSearch } from "./wordSearch";

export interface QueryMiningPorts {
  /** What the session was given, as it is at this moment. */
  readonly data: () => SessionData;
  readonly states: MiningStates;
  readonly words: WordSearch;
  readonly kept: KeptCandidates;
  /** Whether the vectors are there. */
  readonly isReady: () => boolean;
  readonly breathe: Breathe;
}

/** Mines the queries of one session: one that somebody looks at, or all in their order. */
export class QueryMining {
  readonly #ports: QueryMiningPorts;

  constructor(ports: QueryMiningPorts) {
    this.#ports = ports;
  }

  /** Candidates of one query: dense where the vectors are there, lexical until then. */
  async one(query: number): Promise<Result<MinedQuery>> {
    const { data, states, words, kept, isReady } = this.#ports;
    const state = states.now();
    if (state.collection.queries[query] === undefined) {
      return err({
        reason: "not-ready",
        message: `There is no query ${String(query + 1)} in this data set any more.`,
        nextStep: "Go to another query.",
      });
    }
    const searchWords = await words.of(state);
    if (state.collection !== data().collection || state.config !== data().config) return await this.one(query);
    if (!isReady()) return ok(decideFor(state, lexicalPool(planFor(state, query, { retrieval: "lexical", searchWords }))));
    if (data().groupings.isMissing(state.config.sampler)) void states.completeGroupings(neverCancelled);
    const mined = await kept.mine(state, [query], { searchWords, keep: true, cancellation: neverCancelled });
    if (!mined.ok) return mined;
    if (!data().groupings.isMissing(data().config.sampler)) states.falseNegatives.refresh(states.now());
    return ok(itemAt(mined.value, 0)());
  }

  /**
   * Mines every query in order, in batches, with the configuration and marks of this moment. The vectors must be ready.
   *
   * @param wantsModel has the false-negative model brought up to date for it also where no guard asks for it
   */
  async all(onQuery: (mined: MinedQuery) => void | Promise<void>, cancellation: Cancellation, wantsModel: boolean): Promise<Result<null>> {
    const { states, words, kept, breathe } = this.#ports;
    const fitted = await states.fitted(cancellation, wantsModel);
    if (!fitted.ok) return fitted;
    const state = fitted.value;
    const options = { searchWords: await words.of(state), keep: kept.table.isWhole, cancellation };
    const mine = (batch: readonly number[]): Promise<Result<readonly Decide[]>> => kept.mine(state, batch, options);
    return await mineInOrder({ queries: [...state.collection.queries.keys()], mine, onQuery, breathe, cancellation });
  }
}
