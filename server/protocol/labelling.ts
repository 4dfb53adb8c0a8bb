import type { ChatModelRef } from "./chat";
import type { Outcome } from "./outcome";
import type { DatasetParams, DatasetUri, OpinionView } from "./review";
import { notification, request } from "./rpc";

/** "judge": which candidates are relevant. "answer": which passages an answer rests on. */
export type LabellingTask = "judge" | "answer";

export interface LabellingParams extends DatasetParams {
  readonly task: LabellingTask;
  readonly model: ChatModelRef;
  /** Looks again at what the first model flagged; for "judge" alone. */
  readonly confirmWith?: ChatModelRef;
  /** At most so many queries. */
  readonly queries: number;
}

/** What a run would come to. */
export interface LabellingPlan {
  readonly queries: number;
  readonly pairs: number;
  /** Questions, and those of them that were answered before and cost nothing. Where their number depends on answers, the most there can be. */
  readonly calls: number;
  readonly cachedCalls: number;
  /** Estimates of what is left to ask. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** In the currency of the person's prices; absent where none were given. */
  readonly cost?: number;
  /** What is sent to whom, as sentences. */
  readonly text: string;
}

export type LabellingPlanAnswer =
  | { readonly kind: "plan"; readonly plan: LabellingPlan }
  /** Candidates of the whole file are being searched for; ask again when `samplerDidAdvance` says so. */
  | { readonly kind: "mining"; readonly done: number; readonly total: number };

/** What a run would ask, of whom, and at what price. Nothing is sent anywhere. */
export const planLabelling = request<LabellingParams, Outcome<LabellingPlanAnswer>>("nearmiss/planLabelling");

export type LabellingPhase = "idle" | "running" | "paused" | "stopping";

/** How a run stands. Always a complete picture. */
export interface LabellingStatus {
  readonly dataset: DatasetUri;
  readonly phase: LabellingPhase;
  readonly task: LabellingTask;
  readonly isDryRun: boolean;
  /** Queries. */
  readonly done: number;
  readonly total: number;
  /** Queries without a verdict: the model's answers were no use, or it could not be asked. */
  readonly failed: number;
  readonly calls: number;
  readonly cachedCalls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cost?: number;
  readonly seconds: number;
}

/** Server to panel, a few times a second while a run is under way, and once at its end. */
export const labellingDidAdvance = notification<LabellingStatus>("nearmiss/labellingDidAdvance");

/** One query of a run, as a person looks it over. */
export interface LabelledQuery {
  /** Position in the data set. */
  readonly index: number;
  readonly text: string;
  readonly passages: readonly {
    readonly key: string;
    readonly text: string;
    readonly isPositive: boolean;
    /** Of a run that judges. */
    readonly opinion?: OpinionView;
    /** Of a run that answers: share of the evidence, in [0, 1]. */
    readonly contribution?: number;
  }[];
  readonly answer?: string;
  /** What there is to say: "The query is called ambiguous: …", "All passages weigh the same: this query gets no teacher." */
  readonly notes: readonly string[];
  /** Why there is no verdict. */
  readonly failure?: string;
}

/** The last run of this session. */
export interface LabellingOutcome {
  readonly task: LabellingTask;
  readonly isDryRun: boolean;
  readonly end: "finished" | "stopped" | "failed";
  /** How it ended and what it found, as sentences. */
  readonly text: string;
  readonly failed: number;
  /** Queries that a stopped run did not come to; a run over as many goes on there. */
  readonly left: number;
  readonly calls: number;
  readonly cachedCalls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cost?: number;
  /** All queries of a dry run; the failed ones of another run, at most 20. */
  readonly queries: readonly LabelledQuery[];
}

/** What language models have said of this data set so far. */
export interface LabellingTotals {
  readonly queries: number;
  readonly pairs: number;
  readonly flagged: number;
  readonly ambiguousQueries: number;
  readonly wrongPositives: number;
  /** Queries that have a teacher, with the marks of now, by what it carries: training and exports go by those with a ranking. */
  readonly teachers: { readonly ranking: number; readonly flat: number; readonly oneHot: number };
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Of the answers whose price was known; absent where none was. */
  readonly cost?: number;
  /** Disagreements with the person that wait to be looked at. */
  readonly disagreements: number;
}

export interface LabellingState {
  readonly revision: number;
  readonly status: LabellingStatus;
  /** `labelling.queries`. */
  readonly queries: number;
  readonly outcome?: LabellingOutcome;
  readonly totals: LabellingTotals;
  /** What is wrong with files of suggestions that cannot be read, as sentences. */
  readonly problems: readonly string[];
}

export const labellingState = request<DatasetParams, Outcome<LabellingState>>("nearmiss/labellingState");

export interface StartLabellingParams extends LabellingParams {
  /** Asks about three queries only, and keeps nothing but the answers, so that the run itself need not ask for them again. */
  readonly dryRun: boolean;
}

/** Begins a run; its course is told by `labellingDidAdvance`. Fails where one is under way, and where the model cannot be reached. */
export const startLabelling = request<StartLabellingParams, Outcome<null>>("nearmiss/startLabelling");
/** Asks nothing new until it is resumed; what is under way is waited for. */
export const pauseLabelling = request<DatasetParams, Outcome<null>>("nearmiss/pauseLabelling");
export const resumeLabelling = request<DatasetParams, Outcome<null>>("nearmiss/resumeLabelling");
/** Ends the run at once. What was answered is kept: the next run does not ask for it again. */
export const stopLabelling = request<DatasetParams, Outcome<null>>("nearmiss/stopLabelling");

export interface BatchParams extends LabellingParams {
  /** URI of a JSON Lines file: to be written, or with the answers. An existing file is not overwritten. */
  readonly file: string;
}

export interface WrittenBatch {
  readonly file: string;
  readonly requests: number;
  /** Questions that can only be asked once these are answered: write another batch afterwards. */
  readonly later: number;
}

/** Writes the questions of a run that are not answered yet as a batch for OpenAI-compatible services. Nothing is sent anywhere. */
export const writeLabellingBatch = request<BatchParams, Outcome<WrittenBatch>>("nearmiss/writeLabellingBatch");

export interface ReadBatch {
  readonly answers: number;
  /** Lines that are no answer to a question of ours, or failed there, as sentences; at most 20. */
  readonly problems: readonly string[];
}

/** Takes the answers of a batch in; a run over the same queries then asks for none of them. */
export const readLabellingBatch = request<DatasetParams & { readonly file: string }, Outcome<ReadBatch>>("nearmiss/readLabellingBatch");
