import type { Outcome } from "./outcome";
import type { DatasetParams, DatasetUri } from "./review";
import { notification, request } from "./rpc";

/** What a training run is at now. */
export type TrainingPhase = "idle" | "embedding" | "mining" | "training" | "evaluating" | "saving" | "stopping";

export interface LossPoint {
  /** Steps made in this run. */
  readonly step: number;
  /** Mean over the steps since the point before. */
  readonly loss: number;
}

export interface ValidationPoint {
  readonly step: number;
  readonly round: number;
  readonly epoch: number;
  /** Mean nDCG@10 over the validation queries. */
  readonly ndcg: number;
}

/** How a run has gone so far. */
export interface TrainingCurves {
  /** At most some hundreds, evenly over the run. */
  readonly losses: readonly LossPoint[];
  readonly validations: readonly ValidationPoint[];
  /** Of the frozen encoder, to compare with; absent without validation queries. */
  readonly frozenNdcg?: number;
}

/** Always a complete picture, never a change to an earlier one. The curves are those of the run under way. */
export interface TrainingStatus extends TrainingCurves {
  readonly dataset: DatasetUri;
  readonly phase: TrainingPhase;
  /** Name of the run; absent while none is under way. */
  readonly run?: string;
  /** From 1. */
  readonly round: number;
  readonly rounds: number;
  readonly epoch: number;
  readonly step: number;
  readonly totalSteps: number;
  /** Of what the phase counts: queries mined, steps trained, queries evaluated. */
  readonly done: number;
  readonly total: number;
  /** Seconds since the run began. */
  readonly seconds: number;
}

/** Server to panel, a few times a second while a run is under way, and once at its end. */
export const trainingDidAdvance = notification<TrainingStatus>("nearmiss/trainingDidAdvance");

/** One measure of the held-out queries. */
export interface MetricView {
  /** "nDCG@10", "MRR@10", "recall@100". */
  readonly name: string;
  readonly frozen: number;
  readonly adapted: number;
  readonly difference: number;
  /** Ends of the 95 % interval of the difference, by paired bootstrap over the queries. */
  readonly low: number;
  readonly high: number;
}

export interface ComparisonView {
  readonly queries: number;
  readonly metrics: readonly MetricView[];
  /** What follows, in plain words: also that a gain cannot be told from nothing. */
  readonly sentence: string;
  /** Whether the interval of nDCG@10 lies above zero. */
  readonly isGain: boolean;
}

/** One round: its mining and its training. */
export interface RoundView {
  /** From 1. */
  readonly round: number;
  readonly steps: number;
  /** Emitted negatives of the training queries: new since the round before, gone since, and the same. All are added in the first. */
  readonly added: number;
  readonly dropped: number;
  readonly kept: number;
  /** Mean score of the emitted negatives under the model they were mined with; absent, as the next two, where nothing is emitted. */
  readonly hardness?: number;
  /** Share of the emitted negatives that are among the model's own nearest, as many as are emitted. */
  readonly overlap?: number;
  /** Share of the emitted pairs that people have marked. */
  readonly markedShare?: number;
  /** Estimated share of false negatives; absent while there are too few marks. */
  readonly falseNegatives?: number;
  /** Mean loss of its last epoch; absent for the last round of a finished run, which has 0 steps: it mines what the adapter emits. */
  readonly loss?: number;
  /** nDCG@10 of the validation queries at its best epoch; absent without any. */
  readonly ndcg?: number;
}

export type RunState = "running" | "finished" | "stopped" | "failed" | "interrupted";

/** A training run, under way or over. */
export interface TrainingRunView {
  readonly name: string;
  readonly state: RunState;
  /** ISO 8601. */
  readonly started: string;
  readonly seconds: number;
  readonly trainQueries: number;
  readonly validationQueries: number;
  readonly testQueries: number;
  /** Of those to learn from, how many had a teacher made of what language models said; absent where none had. */
  readonly taughtQueries?: number;
  readonly rounds: readonly RoundView[];
  /** Absent while the run is under way: its status has them. */
  readonly curves?: TrainingCurves;
  /** Why it ended, as a sentence. */
  readonly ending?: string;
  readonly comparison?: ComparisonView;
  /** Name of the adapter it made, to be written into `model.adapter`; absent where it made none. */
  readonly adapter?: string;
  /** Whether it can go on from its last checkpoint. */
  readonly canResume: boolean;
}

export interface TrainingState {
  readonly revision: number;
  readonly status: TrainingStatus;
  /** `model.adapter`, the adapter that is in use now. */
  readonly adapterInUse?: string;
  /** Newest first. */
  readonly runs: readonly TrainingRunView[];
  /** Settings that decide most, as name and value, from the configuration. */
  readonly settings: readonly { readonly name: string; readonly value: string; readonly description: string }[];
  /** Emitted candidates that were not emitted with the frozen encoder and that nobody has judged; 0 without an adapter. */
  readonly newCandidates: number;
}

export const trainingState = request<DatasetParams, Outcome<TrainingState>>("nearmiss/trainingState");

export interface StartTrainingParams extends DatasetParams {
  /** A run to go on with; absent: a new one. */
  readonly resume?: string;
}

/** Begins a run and answers its name; its course is told by `trainingDidAdvance`. Fails where one is under way or there is too little to learn from. */
export const startTraining = request<StartTrainingParams, Outcome<{ readonly run: string }>>("nearmiss/startTraining");

/** Ends the run after the step it is at. What it has learnt stays, and it can be resumed. */
export const stopTraining = request<DatasetParams, Outcome<null>>("nearmiss/stopTraining");

export interface CompareRoundsParams extends DatasetParams {
  readonly run: string;
  /** Rounds from 1. */
  readonly from: number;
  readonly to: number;
  /** Position of a query; absent: the query that changed most. */
  readonly query?: number;
}

/** One passage that two rounds treat differently, or both emit. */
export interface RoundChange {
  readonly key: string;
  readonly id: string;
  readonly text: string;
  readonly change: "added" | "dropped" | "kept";
  /** Rank and score in each round, where it was a candidate. */
  readonly rankFrom?: number;
  readonly rankTo?: number;
  readonly scoreFrom?: number;
  readonly scoreTo?: number;
  /** Why it came or went, in words. */
  readonly reason: string;
  /** The present person's verdict. */
  readonly verdict?: string;
}

export interface ChangedQuery {
  /** Position in the data set; absent where the query is not there any more. */
  readonly query?: number;
  readonly text: string;
  readonly added: number;
  readonly dropped: number;
}

export interface RoundComparison {
  readonly run: string;
  readonly from: number;
  readonly to: number;
  /** Queries whose emitted negatives differ, most changes first; at most 200. */
  readonly changed: readonly ChangedQuery[];
  readonly changedQueries: number;
  /** The query shown. */
  readonly query?: ChangedQuery & { readonly changes: readonly RoundChange[] };
}

export const compareRounds = request<CompareRoundsParams, Outcome<RoundComparison>>("nearmiss/compareRounds");
