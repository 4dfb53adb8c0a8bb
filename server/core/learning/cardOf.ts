import { placeless } from "../adapter/adapterCard";
import type { AdapterCard } from "../adapter/adapterCard";
import type { Config } from "../config/config";
import type { RunRecord } from "./runRecord";

/** The card of the adapter that a run has made. */
export function cardOf(record: RunRecord, { model, data }: Config): AdapterCard {
  const { adapter } = record.training;
  return {
    version: 1,
    tool: record.tool,
    base_model: {
      id: placeless(record.model.id),
      fingerprint: record.model.fingerprint,
      dimensions: record.model.dimensions,
      query_prompt: model.query_prompt,
      corpus_prompt: model.corpus_prompt,
    },
    sides: adapter.sides,
    rank: adapter.rank,
    data: {
      name: record.dataset,
      qrels_split: data.split,
      train_queries: record.trainQueries,
      validation_queries: record.validationQueries,
      test_queries: record.testQueries,
    },
    training: record.training,
    config_hash: record.configHash,
    comparison: record.comparison ?? null,
  };
}
