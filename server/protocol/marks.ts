import type { Outcome } from "./outcome";
import type { DatasetParams, DatasetUri, QueryView, Verdict } from "./review";
import { request } from "./rpc";

export interface MarkParams {
  readonly dataset: DatasetUri;
  /** Keys as the panel was given them. */
  readonly query: string;
  /** Position of the query as the panel knows it: tells apart queries with the same text. */
  readonly index?: number;
  /** Absent for verdicts on the query. */
  readonly document?: string;
  readonly verdict: Verdict;
  readonly note?: string;
  readonly blind: boolean;
}

export interface MarkAnswer {
  /** The query as it is after the mark. */
  readonly view: QueryView;
  /** Number of other candidates of the query that left with it, since their normalised text is the same. */
  readonly alsoAffected: number;
}

/** Answered after the mark is on disk, never before. */
export const appendMark = request<MarkParams, Outcome<MarkAnswer>>("nearmiss/appendMark");

export interface RevisionAnswer {
  /** What was undone or redone; absent when there was nothing. */
  readonly done?: { readonly verdict: Verdict; readonly query: string; readonly document?: string };
  /** The query that the mark belongs to. */
  readonly view: QueryView;
}

export interface RevisionParams extends DatasetParams {
  /** The query to show when there is nothing to undo. */
  readonly index: number;
}

export const undoMark = request<RevisionParams, Outcome<RevisionAnswer>>("nearmiss/undoMark");
export const redoMark = request<RevisionParams, Outcome<RevisionAnswer>>("nearmiss/redoMark");
