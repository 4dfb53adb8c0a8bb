import type { Collection } from "#core/collection/collection";
import { splitQueries } from "#core/evaluation/splitQueries";
import { itemAt } from "#core/util/itemAt";
import { seededRandom, shuffledRange } from "#core/util/random";
import { valueOf } from "./valueOf";

/** Share of the queries that are for the test alone; the others are trained on and decide when training stops. */
export const TEST_SHARE = 0.4;
/** Share of a training query's relevant documents that are labelled, at least one. */
const LABELLED_SHARE = 0.3;

/**
 * One split by query text. On the training queries a part of the relevant documents is labelled and the rest hidden, as in a real training set.
 * Queries and documents are those of the collection with all judgements.
 */
export interface Split {
  readonly seed: number;
  readonly training: readonly TrainingQuery[];
  /** Nothing but the last comparison sees these. */
  readonly test: readonly number[];
}

export interface TrainingQuery {
  readonly query: number;
  readonly labelled: readonly number[];
  readonly hidden: ReadonlySet<number>;
}

/** The split that a training run makes of these queries with this seed and share. The same seed gives the same split, whatever is measured with it. */
export function splitOf({ queries }: Collection, seed: number): Split {
  const { train, test } = valueOf(splitQueries(queries, { seed, validationShare: 0, testShare: TEST_SHARE }));
  return { seed, test, training: train.map((query) => hidePositives(query, itemAt(queries, query).positives, seed)) };
}

/** Labels a part of a query's relevant documents, drawn by the seed, and hides the rest. */
export function hidePositives(query: number, positives: readonly number[], seed: number): TrainingQuery {
  const order = shuffledRange(positives.length, seededRandom(`${String(seed)}:labels of ${String(query)}`));
  const drawn = Array.from(order, (i) => itemAt(positives, i));
  const labelled = Math.max(1, Math.round(positives.length * LABELLED_SHARE));
  return { query, labelled: drawn.slice(0, labelled), hidden: new Set(drawn.slice(labelled)) };
}
