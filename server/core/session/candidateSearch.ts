import type { Pool } from "../mining/pool";
import type { RetrievalPlan } from "../mining/retrievalPlan";
import { searchShape } from "../mining/searchShape";
import type { WorkOptions } from "../ports";
import { itemAt } from "../util/itemAt";
import { ok } from "../util/result";
import type { Result } from "../util/result";
import { completePools } from "./completePools";
import type { DenseSearch } from "./denseSearch";
import { decideFor, factsFor, marksAt, planFor } from "../mining/miningState";
import type { MinedQuery, MiningState, PlanOptions } from "../mining/miningState";
import { decideHeld, planKey, stillHolds } from "./poolTable";
import type { KeptPool, PoolTable } from "./poolTable";

export interface SearchOptions extends WorkOptions {
  readonly searchWords: PlanOptions["searchWords"];
  /** Whether what is found is kept for the next time. */
  readonly keep: boolean;
}

/** Decides about one query whose candidates are there. */
export type Decide = () => MinedQuery;

/**
 * Finds the candidates of queries by their vectors, or takes those that are known and still hold. They are decided about when the caller comes
 * to them, one by one: V8 takes decisions that lie about by the hundred for long-lived, and makes all later ones in the slower part of its heap.
 */
export async function mineQueries(
  { dense, table }: { readonly dense: DenseSearch; readonly table: PoolTable },
  state: MiningState,
  queries: readonly number[],
  options: SearchOptions,
): Promise<Result<readonly Decide[]>> {
  const shape = searchShape(state.config.sampler, state.sources);
  const known = queries.map((query) => {
    const kept = table.get(query);
    return stillHolds(state, shape, kept) ? kept : undefined;
  });
  const missing = queries.filter((_, i) => known[i] === undefined);
  // Marks that come while the search is under way ask for another one.
  const marks = missing.map((query) => marksAt(state, query));
  const plans = missing.map((query) => planFor(state, query, { retrieval: "dense", searchWords: options.searchWords }));
  const bases = await basePools({ dense, table }, plans, options);
  if (!bases.ok) return bases;
  const pools = await completePools(dense, state, bases.value, options);
  if (!pools.ok) return pools;
  const found = pools.value.map((pool, i) => {
    const facts = factsFor(state, pool);
    const plan = itemAt(plans, i);
    if (options.keep) table.keep({ shape, marks: itemAt(marks, i), plan, base: itemAt(bases.value, i), pool, facts });
    return () => decideFor(state, pool, facts);
  });
  const next = found.values();
  return ok(known.map((kept) => (kept === undefined ? (next.next().value as Decide) : () => decideHeld(state, kept))));
}

/** Searches in one go; where only positives and documents scored besides differ, as after a mark, what is known is scored anew instead. */
async function basePools(
  { dense, table }: { readonly dense: DenseSearch; readonly table: PoolTable },
  plans: readonly RetrievalPlan[],
  { cancellation }: WorkOptions,
): Promise<Result<readonly Pool[]>> {
  const pools: (Pool | undefined)[] = [];
  for (const plan of plans) {
    const kept = table.get(plan.query);
    if (kept === undefined || !isSameSearch(kept, plan)) {
      pools.push(undefined);
      continue;
    }
    const rescored = planKey(kept.plan) === planKey(plan) ? ok(kept.base) : await dense.rescore(kept.base, plan);
    if (!rescored.ok) return rescored;
    pools.push(rescored.value);
  }
  const open = plans.filter((_, i) => pools[i] === undefined);
  const found = open.length === 0 ? ok([]) : await dense.pools(open, cancellation);
  if (!found.ok) return found;
  const next = found.value.values();
  return ok(pools.map((pool) => pool ?? (next.next().value as Pool)));
}

/** Whether two plans ask for the same list of nearest documents. */
function isSameSearch({ plan: known }: KeptPool, plan: RetrievalPlan): boolean {
  return known.depth === plan.depth && known.onePerText === plan.onePerText;
}
