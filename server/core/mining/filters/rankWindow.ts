import { testRule } from "./rule";

/** Drops the nearest documents of a list that has ranks. */
export const rangeMin = testRule({
  rule: "range_min",
  isOn: ({ settings, list }) => list.ranked && !settings.range_after_filters && settings.range_min > 0,
  drops: (_row, rank, { settings }) => rank <= settings.range_min,
  words: (_row, rank, { settings }) => `rank ${String(rank)}: the first ${String(settings.range_min)} are skipped`,
});

/** Drops documents too far down a list that has ranks. */
export const rangeMax = testRule({
  rule: "range_max",
  isOn: ({ settings, list }) => list.ranked && !settings.range_after_filters,
  drops: (_row, rank, { settings }) => rank > settings.range_max,
  words: (_row, rank, { settings }) => `rank ${String(rank)}: range_max is ${String(settings.range_max)}`,
});
