import type { TrainedStretch, TrainerState, TrainingWork } from "#core/training/trainer";
import type { TrainingExample } from "#core/training/trainingSet";

/** Opens a training set in place of the one before. It is sent in parts, which may come twice, so that no part keeps the sender for long. */
export interface BeginSet {
  readonly kind: "beginSet";
  readonly dimensions: number;
  /** Lengths of the lists to come: numbers of the vectors, and examples. */
  readonly queries: number;
  readonly documents: number;
  readonly examples: number;
  /** Gives way to other processes, as an editor wants it. */
  readonly background: boolean;
}

export interface PutVectors {
  readonly kind: "putVectors";
  readonly side: "queries" | "documents";
  /** Place of the first number. */
  readonly start: number;
  readonly numbers: Float32Array;
}

export interface PutExamples {
  readonly kind: "putExamples";
  readonly start: number;
  readonly examples: readonly TrainingExample[];
}

/** The set is whole, and is to be checked. */
export interface EndSet {
  readonly kind: "endSet";
}

export interface Advance {
  readonly kind: "advance";
  readonly state: TrainerState;
  readonly work: TrainingWork;
}

export interface StretchProgress {
  /** Batches. */
  readonly done: number;
  readonly total: number;
  /** Mean over the batches since the last message. */
  readonly loss: number;
}

export type SetPart = BeginSet | PutVectors | PutExamples | EndSet;

/** What the client and the training process say to each other. */
export interface TrainerTraffic {
  readonly request: SetPart | Advance;
  readonly answers: {
    readonly beginSet: null;
    readonly putVectors: null;
    readonly putExamples: null;
    readonly endSet: null;
    readonly advance: TrainedStretch;
  };
  readonly progress: StretchProgress;
  readonly notice: never;
}
