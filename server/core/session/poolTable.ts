import { cutPool } from "../mining/cutPool";
import type { Pool } from "../mining/pool";
import type { PoolFacts } from "../mining/poolFacts";
import type { RetrievalPlan } from "../mining/retrievalPlan";
import { serves } from "../mining/searchShape";
import type { SearchShape } from "../mining/searchShape";
import { decideFor, marksAt } from "../mining/miningState";
import type { MinedQuery, MiningState } from "../mining/miningState";

/** The candidates of one query as they were searched for. */
export interface KeptPool {
  readonly shape: SearchShape;
  /** Names the marks in force on the query when its plan was made. */
  readonly marks: string;
  readonly plan: RetrievalPlan;
  /** As it was searched for, and with what its sources need besides. */
  readonly base: Pool;
  readonly pool: Pool;
  readonly facts: PoolFacts;
}

/** Pools of queries that were looked at are kept up to this number, the oldest go first; a table of the whole file keeps all. */
const keptAlone = 256;

/** Candidates that were found and still hold, by query: of the queries looked at last, or of the whole file while somebody asks for that. */
export class PoolTable {
  readonly #kept = new Map<number, KeptPool>();
  #isWhole = false;

  /** Whether every query's candidates are to be kept. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  get isEmpty(): boolean {
    return this.#kept.size === 0;
  }

  keepAll(): void {
    this.#isWhole = true;
  }

  get(query: number): KeptPool | undefined {
    return this.#kept.get(query);
  }

  keep(kept: KeptPool): void {
    this.#kept.delete(kept.plan.query);
    this.#kept.set(kept.plan.query, kept);
    const oldest = this.#kept.keys().next();
    if (!this.#isWhole && this.#kept.size > keptAlone && oldest.done !== true) this.#kept.delete(oldest.value);
  }

  entries(): Iterable<KeptPool> {
    return this.#kept.values();
  }

  /** Puts other entries in the place of all. */
  replaceAll(entries: Iterable<KeptPool>): void {
    const made = [...entries];
    this.#kept.clear();
    for (const kept of made) this.#kept.set(kept.plan.query, kept);
  }

  clear(): void {
    this.#kept.clear();
  }
}

/** Whether a search with this shape would find what is kept. */
export function stillHolds(state: MiningState, shape: SearchShape, kept: KeptPool | undefined): kept is KeptPool {
  return kept !== undefined && serves(kept.shape, shape) && marksAt(state, kept.plan.query) === kept.marks;
}

/** Decides from what is kept; undefined where the candidates would have to be searched for again. */
export function decideKept(state: MiningState, shape: SearchShape, kept: KeptPool): MinedQuery | undefined {
  return stillHolds(state, shape, kept) ? decideHeld(state, kept) : undefined;
}

/** Decides from what is kept and still holds. */
export function decideHeld(state: MiningState, kept: KeptPool): MinedQuery {
  const pool = cutPool(kept.pool, kept.plan, state.sources);
  return decideFor(state, pool, kept.facts.over(pool));
}

/** Two plans with the same key ask the same search. */
export function planKey({ depth, onePerText, positives, extra, lists }: RetrievalPlan): string {
  return JSON.stringify([depth, onePerText, positives, extra, lists]);
}
