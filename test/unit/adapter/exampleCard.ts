import type { AdapterCard } from "#core/adapter/adapterCard";
import { comparison } from "#core/evaluation/comparison";

const measures = [{ ndcg: 0.5, mrr: 0.5, recall: 1 }];

/** The card of an adapter over vectors of three numbers. */
export const exampleCard: AdapterCard = {
  version: 1,
  tool: "nearmiss 0.0.0",
  base_model: { id: "all-MiniLM-L6-v2", fingerprint: "f".repeat(64), dimensions: 3, query_prompt: "", corpus_prompt: "" },
  sides: "query",
  rank: null,
  data: { name: "train.jsonl", qrels_split: null, train_queries: 6, validation_queries: 2, test_queries: 1 },
  training: { temperature: 0.05, seed: 42, validation_share: 0.15, test_share: 0.25 },
  config_hash: "0123456789abcdef",
  comparison: comparison(measures, measures, { seed: 42 }),
};
