import type { Collection } from "../collection/collection";
import type { TrainingConfig } from "../config/trainingSchema";
import { splitQueries } from "../evaluation/splitQueries";
import type { QuerySplit } from "../evaluation/splitQueries";
import { positivesInForce } from "../marks/verdictsForQuery";
import type { DatasetSession } from "../session/datasetSession";
import { itemAt } from "../util/itemAt";
import { ok } from "../util/result";
import type { Result } from "../util/result";
import { heldOut } from "./heldOut";
import type { HeldOut } from "./heldOut";

/** The queries of a data set as training uses them. */
export interface UsableQueries {
  readonly collection: Collection;
  /** All that have a positive in force, in the order of the data set. */
  readonly all: readonly number[];
  readonly train: ReadonlySet<number>;
  readonly validation: HeldOut;
  readonly test: HeldOut;
}

/** What of the settings decides the split. */
export type SplitShares = Pick<TrainingConfig, "seed" | "validation_share" | "test_share">;

/** Splits the queries with the marks of this moment. A query keeps its part whatever happens to others, but for those at a cut. */
export function splitOf(session: DatasetSession, settings: SplitShares): Result<UsableQueries> {
  const { collection } = session;
  const positives = positivesOfQueries(session);
  const split = splitQueries(
    collection.queries.map(({ key }, index) => ({ key, positives: itemAt(positives, index) })),
    { seed: settings.seed, validationShare: settings.validation_share, testShare: settings.test_share },
  );
  return split.ok ? ok(usable(collection, split.value, positives)) : split;
}

/** The positives in force of each query, by its index; none of a query that is marked bad. */
export function positivesOfQueries(session: DatasetSession): readonly (readonly number[])[] {
  const { collection } = session;
  return collection.queries.map((query, index) => {
    const verdicts = session.verdicts(index);
    return verdicts.badQuery ? [] : positivesInForce(query, verdicts, collection);
  });
}

function usable(collection: Collection, { train, validation, test }: QuerySplit, positives: readonly (readonly number[])[]): UsableQueries {
  const held = (queries: readonly number[]): HeldOut => heldOut(collection, queries, (query) => itemAt(positives, query));
  return {
    collection,
    all: [...train, ...validation, ...test].sort((a, b) => a - b),
    train: new Set(train),
    validation: held(validation),
    test: held(test),
  };
}
