import type { Collection } from "./collection";

/**
 * The largest number of positives that any query has, as sentence-transformers counts them: by rows, so that a pair which stands in the data
 * twice counts twice. 0 without queries.
 */
export function mostPositives({ queries }: Collection): number {
  return queries.reduce((most, { positives, lines }) => Math.max(most, positives.length, lines.length), 0);
}
