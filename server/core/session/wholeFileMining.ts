import type { Collection } from "../collection/collection";
import { searchShape } from "../mining/searchShape";
import type { MinedQuery, MiningState } from "../mining/miningState";
import type { Breathe } from "../ports";
import type { Cancellation } from "../util/cancellation";
import { seededRandom, shuffledRange } from "../util/random";
import { err, ok } from "../util/result";
import type { Result } from "../util/result";
import type { Decide } from "./candidateSearch";
import { minedAhead } from "./minedAhead";
import { decideKept, stillHolds } from "./poolTable";
import type { PoolTable } from "./poolTable";

/** Adds up mined queries. */
export interface Summariser<T> {
  add(mined: MinedQuery): void;
  summary(): T;
}

/** What is known of a whole file. */
export type WholeFileStep<T> =
  | { readonly kind: "summary"; readonly summary: T; readonly sampled: number; readonly queries: number }
  /** Candidates are being searched for; ask again when told of progress. */
  | { readonly kind: "mining"; readonly done: number; readonly total: number };

/** Mines queries under a state and keeps their candidates. */
export type MineAndKeep = (
  state: MiningState,
  queries: readonly number[],
  cancellation: Cancellation,
) => Promise<Result<readonly Decide[]>>;

export interface WholeFilePorts {
  readonly table: PoolTable;
  readonly mine: MineAndKeep;
  readonly breathe: Breathe;
  /** Whether the kept candidates are those of this collection. */
  readonly isCurrent: (collection: Collection) => boolean;
  /** Told how far a search is; `done` reaches `total` also where it failed, so that whoever waits asks again. */
  readonly advanced: (done: number, total: number) => void;
}

/** So many candidates are kept for a whole file: some 100 MB. Of larger files an even sample of the queries is looked at. */
const mostRows = 3_000_000;
/** A row takes some 32 bytes, 48 once a guard asked for its probability; each of several positives adds a similarity of 4. */
const positivesPerRow = 8;
/** So few queries are searched for at once, as after an edit; for more, the search goes on in the background. */
const fewQueries = 64;
/** Queries decided about between two breaths: with a model that is new, a hundred take some 20 ms. */
const decidingBatch = 100;

interface Search {
  readonly shape: string;
  readonly state: MiningState;
  done: number;
  readonly total: number;
  cancelled: boolean;
  failure?: Result<never>;
}

/** Shows every query of the file to a summariser. What has to be searched for is searched once, in the background, and kept. */
export class WholeFileMining {
  readonly #ports: WholeFilePorts;
  #search: Search | undefined;

  constructor(ports: WholeFilePorts) {
    this.#ports = ports;
  }

  /**
   * Decides about all queries, or about an even sample of a very large file, and adds each to a summariser. Nothing changes.
   *
   * @param start makes a summariser; asked again where a mark comes meanwhile
   */
  async summarise<T>(state: MiningState, start: () => Summariser<T>): Promise<Result<WholeFileStep<T>>> {
    const queries = sampledQueries(state);
    const shape = searchShape(state.config.sampler, state.sources);
    this.#ports.table.keepAll();
    const missing = queries.filter((query) => !stillHolds(state, shape, this.#ports.table.get(query)));
    if (missing.length > fewQueries) {
      return this.#searchFor(state, `${shape.key} ${shape.depths.join(" ")}`, missing, queries.length);
    }
    if (missing.length > 0) {
      const mined = await this.#ports.mine(state, missing, { requested: false });
      if (!mined.ok) return mined;
      if (!this.#ports.isCurrent(state.collection)) return superseded();
    }
    const summariser = start();
    for (const [i, query] of queries.entries()) {
      const kept = this.#ports.table.get(query);
      const mined = kept === undefined ? undefined : decideKept(state, shape, kept);
      // A mark that came meanwhile asks for another search.
      if (mined === undefined) return await this.summarise(state, start);
      summariser.add(mined);
      if (i % decidingBatch === decidingBatch - 1) {
        await this.#ports.breathe();
        if (!this.#ports.isCurrent(state.collection)) return superseded();
      }
    }
    return ok({
      kind: "summary",
      summary: summariser.summary(),
      sampled: queries.length,
      queries: state.collection.queries.length,
    });
  }

  /** Stops a search that is under way; whoever waits for it is told. What was found stays. */
  stop(): void {
    const search = this.#search;
    if (search === undefined || search.cancelled) return;
    search.cancelled = true;
    search.failure = err({
      reason: "cancelled",
      message: "The search for the candidates of the whole file was stopped.",
      nextStep: "Change a setting of this view, or open it again, to go on with it.",
    });
    this.#ports.advanced(search.total, search.total);
  }

  /** Gives up a search that nobody waits for any more. */
  abandon(): void {
    if (this.#search !== undefined) this.#search.cancelled = true;
    this.#search = undefined;
  }

  #searchFor(state: MiningState, shape: string, missing: readonly number[], total: number): Result<WholeFileStep<never>> {
    const running = this.#search;
    if (running?.shape === shape && running.state.collection === state.collection) {
      if (running.failure !== undefined) {
        this.#search = undefined;
        return running.failure;
      }
      return ok({ kind: "mining", done: running.done, total: running.total });
    }
    this.abandon();
    const search: Search = { shape, state, done: total - missing.length, total, cancelled: false };
    this.#search = search;
    void this.#run(search, missing);
    return ok({ kind: "mining", done: search.done, total });
  }

  async #run(search: Search, missing: readonly number[]): Promise<void> {
    const cancellation: Cancellation = {
      get requested(): boolean {
        return search.cancelled;
      },
    };
    for await (const mined of minedAhead(missing, (batch) => this.#ports.mine(search.state, batch, cancellation))) {
      if (cancellation.requested) return;
      if (!mined.ok) {
        search.failure = err(mined.failure);
        break;
      }
      // What is costly to compare is then known when the summary is asked for.
      for (const decide of mined.value) decide();
      search.done += mined.value.length;
      if (search.done < search.total) this.#ports.advanced(search.done, search.total);
      await this.#ports.breathe();
    }
    if (cancellation.requested) return;
    if (search.failure === undefined) this.#search = undefined;
    this.#ports.advanced(search.total, search.total);
  }
}

function superseded(): Result<never> {
  return err({ reason: "superseded", message: "The data changed meanwhile.", nextStep: "Try again." });
}

/** All queries, or an even sample where their candidates would be too many to keep; always the same ones. */
function sampledQueries({ collection, sources }: MiningState): readonly number[] {
  const total = collection.queries.length;
  const candidates = sources.reduce((sum, { depth }) => sum + depth, 0);
  const several = collection.queries.reduce((sum, { positives }) => sum + (positives.length > 1 ? positives.length : 0), 0);
  const rows = Math.max(1, candidates) * (1 + several / Math.max(1, total) / positivesPerRow);
  const most = Math.max(1000, Math.floor(mostRows / rows));
  if (total <= most) return Array.from({ length: total }, (_, query) => query);
  const picked: number[] = [];
  for (const query of shuffledRange(total, seededRandom("sampler preview"))) {
    if (picked.length === most) break;
    picked.push(query);
  }
  return picked.sort((a, b) => a - b);
}
