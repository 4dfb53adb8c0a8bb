import type { TrainedStretch, TrainerState, TrainingWork } from "#core/training/trainer";
import type { TrainingSet } from "#core/training/trainingSet";

export interface LoadSet {
  readonly kind: "load";
  readonly set: TrainingSet;
  /** Gives way to other processes, as an editor wants it. */
  readonly background: boolean;
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

/** What the client and the training process say to each other. */
export interface TrainerTraffic {
  readonly request: LoadSet | Advance;
  readonly answers: { readonly load: null; readonly advance: TrainedStretch };
  readonly progress: StretchProgress;
  readonly notice: never;
}
