import type { Collection } from "../collection/collection";
import type { TrainingConfig } from "../config/trainingSchema";
import type { Grouping } from "../grouping/grouping";
import { itemAt } from "../util/itemAt";
import type { BatchRow } from "./batchRow";
import { queryTask } from "./queryTask";

/** Task and topic of a query. Queries without the field that names it are of one task of their own, "". */
export type BatchKeys = (query: number, positive: number) => Pick<BatchRow, "task" | "topic">;

/** @param topics of the documents, where batches are to be of one topic: a query's is that of its first positive in force */
export function batchKeys(collection: Collection, settings: TrainingConfig["batches"], topics?: Grouping): BatchKeys {
  return (query, positive) => {
    const topic = topics?.groupOf[positive] ?? -1;
    return {
      task: queryTask(itemAt(collection.queries, query), collection, settings.task) ?? "",
      ...(topic === -1 ? {} : { topic }),
    };
  };
}

export interface RowParts {
  /** Index in the collection. */
  readonly query: number;
  /** Documents in force as positives, at least one, and the query's own negatives. */
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
}

/** The row of a query. Positives of other queries with its text count as its own. */
export function makeBatchRow(collection: Collection, { query, positives, negatives }: RowParts, keys: BatchKeys): BatchRow {
  const { id, twinPositives } = itemAt(collection.queries, query);
  const groupOf = (document: number): number => itemAt(collection.documents, document).group;
  const own = positives.map(groupOf);
  return {
    id,
    ...keys(query, positives[0] ?? -1),
    positives: twinPositives.length === 0 ? own : [...own, ...twinPositives.map(groupOf)],
    documents: [...own, ...negatives.map(groupOf)],
  };
}
