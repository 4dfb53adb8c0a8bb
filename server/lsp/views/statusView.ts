import type { DatasetStatus } from "#protocol/status";
import type { OpenDataset } from "../openDataset";

/** VS Code shows extensions no text above this size, in bytes. */
const EDITOR_LIMIT = 50 * 1024 * 1024;

/** The data set's status as one complete picture. */
export function statusView(dataset: OpenDataset): DatasetStatus {
  const { session, loaded } = dataset;
  const { phase, done, total, embedded, cached, model, index, failure } = session.status;
  const file = loaded.files.find((candidate) => candidate.path === loaded.queryFile);
  return {
    dataset: dataset.uri,
    revision: session.revision,
    format: loaded.kind === "beir" ? "BEIR" : (file?.formatLabel ?? ""),
    queries: session.collection.queries.length,
    documents: session.collection.documents.length,
    fromDisk: file?.open === false && file.bytes > EDITOR_LIMIT,
    phase,
    done,
    total,
    embedded,
    cached,
    counts: dataset.counts(),
    ...(model === undefined ? {} : { model: model.id }),
    ...(index === undefined ? {} : { index: { kind: index.kind, recall: index.recall, recallSample: index.recallSample } }),
    ...(failure === undefined ? {} : { failure }),
    ...(loaded.configFailure === undefined ? {} : { configProblem: loaded.configFailure }),
    // Files that cannot be read any more matter more than vectors of what was read before.
    ...(dataset.loadFailure === undefined ? {} : { phase: "failed" as const, failure: dataset.loadFailure }),
  };
}
