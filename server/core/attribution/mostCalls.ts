import type { AttributionOptions } from "./attribution";

/** Most questions that attribution asks about one query with so many passages; none without any. "auto" mostly asks fewer. */
export function mostCalls(passages: number, { method, subsets }: Pick<AttributionOptions, "method" | "subsets">): number {
  if (passages === 0) return 0;
  // All passages and none are asked about by every method, and each passage alone where a fit cannot tell. Or instead of alone, beside those that
  // leaving out finds: with the question about these, as many at most. No subset is asked about twice.
  const leavingOut = method === "surrogate" ? 0 : passages;
  const fitting = method === "surrogate" || method === "auto" ? subsets + passages : 0;
  return Math.min(2 + leavingOut + fitting, 2 ** passages);
}
