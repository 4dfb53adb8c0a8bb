import type { AdapterSides } from "../adapter/adapter";
import type { TrainingConfig } from "../config/trainingSchema";
import type { Cancellation } from "../util/cancellation";
import type { Result } from "../util/result";
import type { TrainingSet } from "./trainingSet";

/** Form of an adapter while it learns: W = I + dW, or W = I + U V^T with U and V of `rank` columns. */
export interface AdapterShape {
  readonly sides: AdapterSides;
  readonly dimensions: number;
  /** null: a full matrix. */
  readonly rank: number | null;
}

/** Everything a trainer needs to go on from: what it was given and what it answers. Never changed in place. */
export interface TrainerState {
  readonly shape: AdapterShape;
  /** W, [D, D]; for a low rank U then V, each [D, rank]. */
  readonly parameters: Float32Array;
  /** AdamW's moments, as long as the parameters. */
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
  /** Steps made so far. */
  readonly step: number;
}

/** One stretch of training. */
export interface TrainingWork {
  /** Positions in `TrainingSet.examples`, batch by batch, in the order in which they are taken. */
  readonly batches: readonly (readonly number[])[];
  /** Number of the epoch, which decides with the seed which positive an example takes. */
  readonly epoch: number;
  /** Steps of the whole training, for the learning rate's schedule. */
  readonly totalSteps: number;
  readonly settings: TrainingConfig;
}

export interface TrainedStretch {
  readonly state: TrainerState;
  /** Loss of each batch, its regulariser included. */
  readonly losses: Float32Array;
}

export interface TrainingOptions {
  readonly cancellation: Cancellation;
  /** Called a few times a second at most: batches done so far, and the mean loss since the last call. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number; readonly loss: number }) => void;
}

/** Trains adapters, in a process of its own. Between two stretches the state is with the caller, so that nothing is lost with the process. */
export interface Trainer {
  /** What is learnt from until the next call. Kept by the client, which fills a restarted process again. */
  load(set: TrainingSet): Promise<Result<null>>;
  /** Same set, state, work: same bytes. Fails on loss or parameters that are no longer finite, with the state given left intact. */
  advance(state: TrainerState, work: TrainingWork, options: TrainingOptions): Promise<Result<TrainedStretch>>;
  dispose(): Promise<void>;
}
