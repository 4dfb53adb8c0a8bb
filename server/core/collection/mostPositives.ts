import type { Collection } from "./collection";

/** The largest number of positives that any query has; 0 without queries. */
export function mostPositives({ queries }: Collection): number {
  return queries.reduce((most, { positives }) => Math.max(most, positives.length), 0);
}
