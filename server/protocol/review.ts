import type { CandidateGradient, QueryGradients } from "./candidateGradient";
import type { Outcome, Place } from "./outcome";
import { notification, request } from "./rpc";

/** A data set is named by the URI of its training file, or of its folder for BEIR. */
export type DatasetUri = string;

/** A verdict by its name in the marks file. */
export type PairVerdict = "true_negative" | "false_negative" | "partly_relevant" | "duplicate_of_positive" | "cant_tell" | "later";
export type Verdict = PairVerdict | "bad_positive" | "bad_query";

/** How the candidates of a query were found. */
export type Retrieval = "lexical" | "dense";

export interface PassageView {
  /** Names the passage in requests: the text key. */
  readonly key: string;
  readonly id: string;
  readonly text: string;
  readonly title?: string;
  /** Where it stands; a click goes there. */
  readonly place: Place;
  /** The current person's verdict on it for this query. */
  readonly verdict?: Verdict;
}

export interface PositiveView extends PassageView {
  /** Similarity to the query; absent while there are no vectors. */
  readonly score?: number;
  /** A candidate that a mark turned into a positive. */
  readonly promoted: boolean;
  /** Why a language model calls it wrong; absent where none does, and as long as it is to be hidden. */
  readonly calledWrong?: string;
}

export interface Suspicion {
  /** P(false negative), in [0, 1]. */
  readonly probability: number;
  /** Whether it is high enough to be said in words on the card. */
  readonly isLikely: boolean;
  /** "likely relevant: almost the positive's text". */
  readonly text: string;
}

/** A language model's second opinion of a passage. Sent only where the person may see it. */
export interface OpinionView {
  readonly verdict: "relevant" | "partly_relevant" | "not_relevant" | "duplicate_of_positive";
  readonly reason: string;
  /** The words of the passage that decide, as they stand in it. */
  readonly span?: string;
  /** Who says so: "gpt-4o, confirming a first look". */
  readonly by: string;
  /** Share of the answer's evidence that the passage carries, in [0, 1]; absent where no answer was attributed. */
  readonly contribution?: number;
}

export interface CandidateView extends PassageView {
  /** 1 is the nearest; 0 for one that was drawn or pinned, not retrieved. */
  readonly rank: number;
  /** Cosine similarity, or the BM25 score where the retrieval is lexical; absent for one that was drawn before there are vectors. */
  readonly score?: number;
  /** Score of the lowest-scoring positive minus this score; absent where there is none to compare with. */
  readonly margin?: number;
  /** Highest similarity to a positive. */
  readonly positiveSimilarity?: number;
  /** The source that took it, or the first that found it. */
  readonly source: string;
  /** Every source that found it, in the order of the mix. */
  readonly sources: readonly string[];
  /** Probability of being drawn first, for a source that draws. */
  readonly probability?: number;
  /** The second score, on the rescorer's own scale. */
  readonly rescored?: number;
  readonly kept: boolean;
  readonly rule: string;
  /** The rule in words. */
  readonly reason: string;
  /** Whether the training file lists it as a negative of this query now. */
  readonly listed: boolean;
  /** Number of other queries that the passage is a positive or listed negative of. */
  readonly otherUses: number;
  /** What the false-negative model suspects; absent where there are no vectors, and for what has a verdict. */
  readonly suspicion?: Suspicion;
  /** Absent where there is none, and as long as it is to be hidden. */
  readonly opinion?: OpinionView;
  /** Whether there is an opinion that is hidden until the person's own verdict. */
  readonly hasHiddenOpinion?: boolean;
  /** What it does to the gradient; absent where there are no vectors or no positives. */
  readonly gradient?: CandidateGradient;
  /** Whether it is emitted now, was not with the frozen encoder, and nobody has judged it. Only where an adapter is in use. */
  readonly isNew?: boolean;
}

export interface QueryView {
  /** Rises with every change. A panel drops what is older than what it shows. */
  readonly revision: number;
  readonly dataset: DatasetUri;
  /** Position among the queries, from 0. */
  readonly index: number;
  readonly total: number;
  readonly key: string;
  readonly id: string;
  readonly text: string;
  readonly place: Place;
  /** Other lines of the same query. */
  readonly otherLines: readonly number[];
  readonly verdict?: Verdict;
  /** Why a language model calls the query ambiguous; absent where none does, and as long as it is to be hidden. */
  readonly calledAmbiguous?: string;
  readonly retrieval: Retrieval;
  readonly positives: readonly PositiveView[];
  /** Kept candidates, hardest first: what an export would emit now. */
  readonly candidates: readonly CandidateView[];
  readonly dropped: readonly CandidateView[];
  readonly short: number;
  readonly effectiveCandidates?: number;
  /** Of the kept candidates; absent where there are no vectors or no positives. */
  readonly gradients?: QueryGradients;
  readonly counts: ReviewCounts;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

/** Progress of the whole review, for the header and the status bar. */
export interface ReviewCounts {
  readonly queries: number;
  /** Queries with at least one verdict. */
  readonly queriesReviewed: number;
  readonly marks: number;
  readonly falseNegatives: number;
}

export interface OpenReviewParams {
  readonly dataset: DatasetUri;
  /** 1-based line in the training file: the query there is shown, or the first one. */
  readonly line?: number;
}

/** Sent by the panel when it opens: the data set is loaded, and the query at the line answered. Starts embedding. */
export const openReview = request<OpenReviewParams, Outcome<QueryView>>("nearmiss/openReview");

export interface QueryParams {
  readonly dataset: DatasetUri;
  /** Position, or the key of a query that may have moved. */
  readonly index?: number;
  readonly key?: string;
}

/** One query with all its candidates, as the state is now. */
export const showQuery = request<QueryParams, Outcome<QueryView>>("nearmiss/showQuery");

export interface StepParams {
  readonly dataset: DatasetUri;
  readonly index: number;
  readonly direction: 1 | -1;
  /** Skip queries all of whose kept candidates have a verdict. */
  readonly onlyOpen: boolean;
  /** Skip queries without a new candidate, see `CandidateView.isNew`. */
  readonly onlyNew?: boolean;
}

/** The next or previous query; stays where it is at the ends. */
export const stepQuery = request<StepParams, Outcome<QueryView>>("nearmiss/stepQuery");

export interface DatasetParams {
  readonly dataset: DatasetUri;
}

/** Server to panel: something a panel shows has changed. The panel asks for its query again. */
export const reviewDidChange = notification<{ readonly dataset: DatasetUri; readonly revision: number }>("nearmiss/reviewDidChange");
