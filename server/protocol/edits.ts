import type { Outcome } from "./outcome";
import type { DatasetParams, DatasetUri } from "./review";
import { notification, request } from "./rpc";

/** What was recognised in a saved change of a training file. */
export interface EditsMarked {
  readonly dataset: DatasetUri;
  /** Names of the marks that were recorded, to take them back by; empty where the change was recognised as no verdict. */
  readonly marks: readonly string[];
  /** Number of marks of earlier edits that this change took back. */
  readonly takenBack: number;
  /** What happened, as a sentence or two. */
  readonly text: string;
}

/** Server to extension and panel: a person changed the training file and saved it, and that says something of its passages. */
export const editsWereMarked = notification<EditsMarked>("nearmiss/editsWereMarked");

export interface TakeBackParams extends DatasetParams {
  /** Names of marks of the present person. */
  readonly marks: readonly string[];
}

/** Takes back marks that edits were recognised as, wherever they stand among the person's marks. The file stays as it is. */
export const takeBackEdits = request<TakeBackParams, Outcome<{ readonly marks: number; readonly text: string }>>("nearmiss/takeBackEdits");

export interface EditRange {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

export interface MarksEdit {
  readonly range: EditRange;
  readonly text: string;
  /** What becomes of the record: passages of it change, it is left out, or one is added for a promoted positive. */
  readonly kind: "rewrite" | "remove" | "add";
}

export interface MarksAsEdits {
  /** Version of the open text that the edits fit. */
  readonly version: number;
  /** In the order of the text; none where it already holds what the marks say. */
  readonly edits: readonly MarksEdit[];
  /** What the edits come to, as a sentence. */
  readonly text: string;
}

/** What the marks change in the open text of the training file: the records of an export that keeps the file's own negatives. Changes nothing. */
export const marksAsEdits = request<DatasetParams, Outcome<MarksAsEdits>>("nearmiss/marksAsEdits");
