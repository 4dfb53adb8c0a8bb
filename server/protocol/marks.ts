import type { Lane } from "./curation";
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
  /** Other passages of the query that get the same verdict, as the person saw them listed; all are taken back together. */
  readonly alsoDocuments?: readonly string[];
  readonly verdict: Verdict;
  readonly note?: string;
  readonly blind: boolean;
  /** Whether what the model suspects of the passage was on show. */
  readonly suggestionShown: boolean;
  /** Whether a language model's verdict on it was on show, now or before in this sitting, as in a dry run; absent where there is none. */
  readonly opinionShown?: boolean;
  /** The lane that the card came from, and the audit's salt; absent for a card that the person came across. */
  readonly lane?: Lane;
  readonly salt?: string;
}

/** A passage of the query without a verdict that says nearly the same as the one just judged. */
export interface AlikeView {
  readonly key: string;
  /** Cosine similarity or shared part of the shingles, whichever says it, in [0, 1]. */
  readonly similarity: number;
  readonly by: "vectors" | "words";
}

/** A negative that is not emitted any more since the mark moved what candidates are measured by. */
export interface FallenOut {
  readonly key: string;
  /** The rule that drops it now, in words. */
  readonly reason: string;
}

export interface MarkAnswer {
  /** The query as it is after the mark. */
  readonly view: QueryView;
  /** Number of other candidates of the query that left with it, since their normalised text is the same. */
  readonly alsoAffected: number;
  /** Near-duplicates that could get the same verdict. Never marked unasked. */
  readonly alike: readonly AlikeView[];
  /** What a promoted positive made fall out of this query's negatives, itself aside. */
  readonly fellOut: readonly FallenOut[];
}

/** Answered after the mark is on disk, never before. */
export const appendMark = request<MarkParams, Outcome<MarkAnswer>>("nearmiss/appendMark");

export interface RevisionAnswer {
  /** What was undone or redone; absent when there was nothing. */
  readonly done?: {
    readonly verdict: Verdict;
    readonly query: string;
    readonly document?: string;
    /** How many marks were made together and went together. */
    readonly marks: number;
    /** Recognised from an edit of the file, which stays as it is. */
    readonly origin?: "edit";
  };
  /** The query that the mark belongs to. */
  readonly view: QueryView;
}

export interface RevisionParams extends DatasetParams {
  /** The query to show when there is nothing to undo. */
  readonly index: number;
}

export const undoMark = request<RevisionParams, Outcome<RevisionAnswer>>("nearmiss/undoMark");
export const redoMark = request<RevisionParams, Outcome<RevisionAnswer>>("nearmiss/redoMark");
