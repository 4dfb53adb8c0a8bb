import { rankRule } from "./rule";
import type { SourceContext } from "./rule";

/** Drops the nearest documents of a list that has ranks. */
export const rangeMin = rankRule({
  rule: "range_min",
  dropped: (context) => (countsList(context) ? { start: 0, end: context.settings.range_min } : undefined),
  words: (_row, rank, { settings }) => `rank ${String(rank)}: the first ${String(settings.range_min)} are skipped`,
});

/** Drops documents too far down a list that has ranks. */
export const rangeMax = rankRule({
  rule: "range_max",
  dropped: (context) => (countsList(context) ? { start: context.settings.range_max, end: Number.POSITIVE_INFINITY } : undefined),
  words: (_row, rank, { settings }) => `rank ${String(rank)}: range_max is ${String(settings.range_max)}`,
});

/** Whether the window counts places in the raw list, not survivors. */
function countsList({ settings, list }: SourceContext): boolean {
  return list.ranked && !settings.range_after_filters;
}
