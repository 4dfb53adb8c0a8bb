import type { AttributionOptions } from "./attribution";

/** Most questions that attribution asks about one query with so many passages. Mostly it asks fewer; "auto" often no more than `passages` + 2. */
export function mostCalls(passages: number, { method, subsets }: Pick<AttributionOptions, "method" | "subsets">): number {
  // All passages and none are asked about by every method, each passage alone where a fit cannot tell; no subset is asked about twice.
  const leavingOut = method === "surrogate" ? 0 : passages;
  const fitting = method === "surrogate" || method === "auto" ? subsets + passages : 0;
  return Math.min(2 + leavingOut + fitting, 2 ** passages);
}
