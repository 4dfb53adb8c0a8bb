import type { Outcome } from "./outcome";
import type { DatasetParams, DatasetUri } from "./review";
import { request } from "./rpc";

export interface ExportFormat {
  readonly id: string;
  readonly label: string;
  readonly detail: string;
  /** The format of the training set itself: untouched records stay byte-identical. */
  readonly native: boolean;
  /** Which negatives are written: those that mining emits, or the file's own less what marks keep out. */
  readonly negatives: "mined" | "listed";
  /** A file name to suggest. */
  readonly suggestedName: string;
}

export const exportFormats = request<DatasetParams, Outcome<readonly ExportFormat[]>>("nearmiss/exportFormats");

export interface ExportParams {
  readonly dataset: DatasetUri;
  readonly format: string;
  readonly negatives: "mined" | "listed";
  /** Whether a certificate is written beside it: only pairs of the audit are then emitted. */
  readonly certify: boolean;
  /** URI of the new file. An existing file is refused. */
  readonly out: string;
}

export interface ExportAnswer {
  readonly file: string;
  readonly manifest: string;
  readonly records: number;
  readonly unchanged: number;
  readonly negatives: number;
  readonly promoted: number;
  readonly short: number;
  /** The certificate's JSON file and its page, and what it states as a sentence. */
  readonly certificate?: { readonly file: string; readonly page: string; readonly text: string };
  /** Warnings about what the format cannot carry. */
  readonly notes: readonly string[];
}

/** Mines what is not mined yet, then writes the file and its manifest. Reports progress; can be cancelled. */
export const runExport = request<ExportParams, Outcome<ExportAnswer>>("nearmiss/runExport");
