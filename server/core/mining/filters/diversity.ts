import { comparison, percent } from "../numbersInWords";
import type { Pool } from "../pool";
import type { SourceContext } from "./rule";

/** Whether a negative taken already says nearly the same, by its vector or by the three-word runs they share. */
export function isLikeTaken(row: number, taken: readonly number[], context: SourceContext): boolean {
  return taken.some((other) => likeness(row, other, context) !== undefined);
}

/** In words, how a candidate repeats one of those that were taken. */
export function diversityReason(row: number, taken: readonly number[], context: SourceContext): string {
  const { facts, pool } = context;
  const other = taken.find((one) => likeness(row, one, context) !== undefined) ?? -1;
  const id = facts.identity.collection.documents[pool.documents[other] ?? -1]?.id ?? "";
  return `nearly the same as "${id}", which is taken: ${likeness(row, other, context) ?? ""}`;
}

function likeness(row: number, other: number, { settings, facts, pool }: SourceContext): string | undefined {
  const { diversity_similarity: similarity, diversity_overlap: overlap } = settings;
  const known = similarity === null ? Number.NaN : similarityOf(pool, row, other);
  if (similarity !== null && known >= similarity) {
    return `similarity ${comparison(known, ">=", similarity)}`;
  }
  const shared = overlap === null ? -1 : facts.overlap(row, other, overlap);
  return overlap !== null && shared >= 0 ? `${percent(shared)} of their three-word runs, at least ${percent(overlap)}` : undefined;
}

/** Similarity of two rows' vectors; NaN where the pool does not know it, which it does for all that are similar enough to matter. */
function similarityOf({ similarRows }: Pool, row: number, other: number): number {
  if (similarRows === undefined) {
    return Number.NaN;
  }
  const [low, high] = row < other ? [row, other] : [other, row];
  const index = similarRows.first.findIndex((first, at) => first === low && similarRows.second[at] === high);
  return index === -1 ? Number.NaN : (similarRows.similarity[index] ?? Number.NaN);
}
