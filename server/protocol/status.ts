import type { DatasetParams, DatasetUri, ReviewCounts } from "./review";
import type { Failure, Outcome } from "./outcome";
import { notification, request } from "./rpc";

/** Where the data set stands. Always a complete picture, never a change to an earlier one. */
export interface DatasetStatus {
  readonly dataset: DatasetUri;
  readonly revision: number;
  readonly format: string;
  readonly queries: number;
  readonly documents: number;
  /** True for files over 50 MB, which VS Code hides from extensions: unsaved changes are not seen. */
  readonly fromDisk: boolean;
  readonly phase: "loading" | "idle" | "embedding" | "indexing" | "mining" | "ready" | "stopped" | "failed";
  readonly done: number;
  readonly total: number;
  /** Texts that went through the model, and vectors that came from the cache, since the data set was opened. */
  readonly embedded: number;
  readonly cached: number;
  /** Progress of the review, for the status bar; absent until the marks are read. */
  readonly counts?: ReviewCounts;
  readonly model?: string;
  readonly index?: { readonly kind: string; readonly recall: number; readonly recallSample: number };
  readonly failure?: Failure;
  /** Why the config file is not in force; the last good configuration is. */
  readonly configProblem?: Failure;
}

/** Server to client, a few times a second at most. */
export const statusDidChange = notification<DatasetStatus>("nearmiss/statusDidChange");

/** The present status, for a panel or status item that has just appeared. */
export const datasetStatus = request<DatasetParams, Outcome<DatasetStatus>>("nearmiss/datasetStatus");

/** Stops embedding and mining. Lexical candidates and marking go on. */
export const stopWork = request<DatasetParams, Outcome<null>>("nearmiss/stopWork");
/** Goes on where `stopWork` stopped, or tries again after a failure. */
export const resumeWork = request<DatasetParams, Outcome<null>>("nearmiss/resumeWork");
