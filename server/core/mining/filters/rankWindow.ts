import type { Filter } from "./filter";

/** Drops the nearest documents. A rank of 0 means that the document was drawn or pinned, not retrieved. */
export const rangeMin: Filter = ({ rank }, { sampler }) =>
  rank > 0 && rank <= sampler.range_min ? rangeMinReason(rank, sampler.range_min) : undefined;

/** Drops documents too far down the list. */
export const rangeMax: Filter = ({ rank }, { sampler }) => (rank > sampler.range_max ? rangeMaxReason(rank, sampler.range_max) : undefined);

export function rangeMinReason(rank: number, rangeMinimum: number): string {
  return rangeMinimum === 1
    ? "the nearest document is skipped"
    : `among the ${String(rangeMinimum)} nearest, which are skipped: rank ${String(rank)}`;
}

export function rangeMaxReason(rank: number, rangeMaximum: number): string {
  return `beyond rank ${String(rangeMaximum)}: rank ${String(rank)}`;
}
