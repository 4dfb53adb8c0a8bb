import type { Collection, Query } from "../../collection/collection";
import type { SamplerConfig } from "../../config/config";
import type { QueryVerdicts } from "../../marks/verdictsForQuery";
import type { Pool, PoolHit } from "../pool";

/** What the rules may look at, for one query. */
export interface FilterContext {
  readonly collection: Collection;
  readonly query: Query;
  readonly sampler: SamplerConfig;
  readonly verdicts: QueryVerdicts;
  readonly pool: Pool;
  /** Lowest score of the positives in force; NaN where none is known. */
  readonly anchor: number;
  /** Documents that may not be negatives because they, their text or their id is a positive's, by group and by id. */
  readonly positiveGroups: ReadonlyMap<number, number>;
  readonly positiveIds: ReadonlySet<string>;
}

/** A candidate as the rules see it. */
export interface FilteredHit extends PoolHit {
  readonly group: number;
}

/** One rule: the reason in words why a candidate is dropped, undefined if it is not. */
export type Filter = (hit: FilteredHit, context: FilterContext) => string | undefined;
