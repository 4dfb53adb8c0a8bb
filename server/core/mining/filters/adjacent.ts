import type { SourceContext } from "./rule";
import { testRule } from "./rule";

/** Drops the passages next to a positive in its article: neighbours often repeat the answer. Asked of the source "same_article". */
export const adjacent = testRule({
  rule: "adjacent",
  isOn: ({ settings, groupings, adjacentPassages }) =>
    settings.source === "same_article" && adjacentPassages > 0 && groupings.article?.places !== undefined,
  drops: (row, _rank, context) => distanceToPositive(row, context) <= context.adjacentPassages,
  words: (row, _rank, context) => {
    const distance = distanceToPositive(row, context);
    return `${distance === 1 ? "next to" : `${String(distance)} passages from`} a positive in its article`;
  },
});

/** Passages from the nearest positive of the same article. */
function distanceToPositive(row: number, { pool, groupings }: SourceContext): number {
  const { groupOf, places } = groupings.article ?? {};
  const document = pool.documents[row] ?? -1;
  const place = places?.[document] ?? -1;
  let nearest = Number.POSITIVE_INFINITY;
  for (const positive of pool.positives) {
    const other = places?.[positive] ?? -1;
    if (place >= 0 && other >= 0 && groupOf?.[positive] === groupOf?.[document]) {
      nearest = Math.min(nearest, Math.abs(place - other));
    }
  }
  return nearest;
}
