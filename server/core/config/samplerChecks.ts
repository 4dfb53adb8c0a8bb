/** Rules across several settings of the sampler, and the words for what breaks them. */

/** A rank window; without a range_max it has no end of its own. */
export interface Window {
  readonly range_min: number;
  readonly range_max: number | null;
}

export const emptyWindow = "must be below range_max, else no candidate is left";

export function hasRoom({ range_min, range_max }: Window): boolean {
  return range_max === null || range_min < range_max;
}

/** The window of a mix's entry: what it does not set is the sampler's. */
export function windowOf(entry: Partial<Window>, sampler: Window): Window {
  const { range_min = sampler.range_min, range_max = sampler.range_max } = entry;
  return { range_min, range_max };
}

/** What sentence-transformers' own rule is about. */
export interface CompatWindow extends Window {
  readonly compat: string | null;
  readonly num_negatives: number;
}

export const crowdedWindow = "must fit between range_min and range_max, as sentence-transformers demands it";

/** sentence-transformers refuses a window that cannot hold the number of negatives wanted. */
export function windowHoldsNegatives({ compat, num_negatives, range_min, range_max }: CompatWindow): boolean {
  return compat === null || range_max === null || range_min >= range_max || num_negatives <= range_max - range_min;
}
