import type { Pool } from "./pool";
import type { RetrievalPlan } from "./retrievalPlan";
import type { SourceSettings } from "./sourceSettings";

/** The pool as a sampler that looks less deep would have it. Rows that no list has any more are no candidates. */
export function cutPool(pool: Pool, plan: RetrievalPlan, sources: readonly SourceSettings[]): Pool {
  const lists = pool.lists.map((list, position) => {
    const most = lengthOf(plan, position, sources[position]);
    return list.rows.length <= most ? list : { ...list, rows: list.rows.subarray(0, most) };
  });
  return lists.every((list, position) => list === pool.lists[position]) ? pool : { ...pool, lists };
}

function lengthOf(plan: RetrievalPlan, position: number, settings: SourceSettings | undefined): number {
  switch (plan.lists[position]?.kind) {
    case "nearest":
    case "words":
      return settings?.range_after_filters === true ? Number.POSITIVE_INFINITY : (settings?.depth ?? 0);
    case "drawn":
      return 2 * (settings?.n ?? 0) + 10;
    default:
      return Number.POSITIVE_INFINITY;
  }
}
