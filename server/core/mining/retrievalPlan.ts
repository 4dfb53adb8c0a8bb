import type { Collection, Query } from "../collection/collection";
import type { SamplerConfig } from "../config/config";
import { positivesInForce, type QueryVerdicts } from "../marks/verdictsForQuery";
import { seededRandom, shuffledRange } from "../util/random";

/** What to search for one query before anything can be decided about it. */
export interface RetrievalPlan {
  /** Index in `Collection.queries`. */
  readonly query: number;
  /** How many of the nearest minable documents are needed; 0 where the sampler draws from the whole corpus. */
  readonly depth: number;
  /** Documents in force as positives. */
  readonly positives: readonly number[];
  /** Documents to score besides: pinned ones first, then random draws in the order in which they were drawn. */
  readonly extra: readonly number[];
}

export interface PlanInput {
  readonly collection: Collection;
  /** Index in `Collection.queries`. */
  readonly query: number;
  readonly sampler: SamplerConfig;
  readonly verdicts: QueryVerdicts;
}

/** Plans the search for one query: a pure function of the collection, the sampler and the marks. */
export function planRetrieval({ collection, query, sampler, verdicts }: PlanInput): RetrievalPlan {
  const asked = collection.queries[query];
  if (asked === undefined) {
    throw new RangeError(`The collection has no query ${String(query)}.`);
  }
  const positives = positivesInForce(asked, verdicts, collection);
  const drawn = sampler.sampling_strategy === "random" ? draw(collection, asked, sampler, verdicts) : [];
  return { query, depth: depthOf(asked, sampler, verdicts), positives, extra: [...verdicts.pinned, ...drawn] };
}

/**
 * The window ends at `range_max`. Ranks counted after the filters need as many documents more as own positives and the query itself can
 * take away, as in sentence-transformers, though by this query's positives and not by the largest number that any query has.
 */
function depthOf(query: Query, sampler: SamplerConfig, verdicts: QueryVerdicts): number {
  if (sampler.sampling_strategy === "random") {
    return 0;
  }
  const beyond = query.positives.length + query.twinPositives.length + verdicts.excluded.size + (query.group === -1 ? 0 : 1);
  return sampler.range_after_filters ? sampler.range_max + beyond : sampler.range_max;
}

/** Even draws without replacement from all documents that may be negatives of the query, some more than are wanted, for the filters to drop. */
function draw(collection: Collection, query: Query, sampler: SamplerConfig, verdicts: QueryVerdicts): readonly number[] {
  const groupOf = (document: number): number => collection.documents[document]?.group ?? -1;
  const barred = new Set([
    query.group,
    ...[...query.positives, ...query.twinPositives, ...verdicts.pinned].map(groupOf),
    ...verdicts.excluded.keys(),
  ]);
  const wanted = 2 * sampler.num_negatives + 10;
  const drawn: number[] = [];
  for (const document of shuffledRange(collection.documents.length, seededRandom(`${String(sampler.seed)}:${query.key}:corpus`))) {
    if (drawn.length === wanted) {
      break;
    }
    if (collection.documents[document]?.minable === true && !barred.has(groupOf(document))) {
      drawn.push(document);
    }
  }
  return drawn;
}
