import type { DatasetStatus } from "#protocol/status";
import { fakeDataset } from "./fakeDataset";

/** All texts are embedded, and nothing is under way. */
export const readyStatus: DatasetStatus = {
  dataset: fakeDataset,
  revision: 1,
  format: "FlagEmbedding",
  queries: 4,
  documents: 12_431,
  fromDisk: false,
  phase: "ready",
  done: 0,
  total: 0,
  embedded: 412,
  cached: 12_019,
  model: "all-MiniLM-L6-v2",
  index: { kind: "exact", recall: 1, recallSample: 0 },
};
