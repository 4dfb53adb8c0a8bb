import type { Filter } from "./filter";

/** Drops the nearest documents. A rank of 0 means that the document was drawn or pinned, not retrieved. */
export const rangeMin: Filter = ({ rank }, { sampler: { range_min: skipped } }) =>
  rank > 0 && rank <= skipped ? `rank ${String(rank)}: the first ${String(skipped)} are skipped` : undefined;

/** Drops documents too far down the list. */
export const rangeMax: Filter = ({ rank }, { sampler: { range_max: last } }) =>
  rank > last ? `rank ${String(rank)}: range_max is ${String(last)}` : undefined;
