import { planEpoch } from "../batches/planEpoch";
import type { TrainingConfig } from "../config/trainingSchema";
import type { Trainer, TrainerState } from "../training/trainer";
import type { Cancellation } from "../util/cancellation";
import { err, ok } from "../util/result";
import type { Result } from "../util/result";
import type { RunPosition } from "./checkpoint";
import type { TrainingData } from "./trainingData";

/** States and place of a run between two stretches of training. */
export interface Training {
  readonly position: RunPosition;
  readonly current: TrainerState;
  readonly best?: TrainerState;
}

export interface StretchOptions {
  readonly settings: TrainingConfig;
  readonly cancellation: Cancellation;
  readonly onProgress: (progress: { readonly done: number; readonly total: number; readonly loss: number }) => void;
}

export interface Stretch {
  readonly training: Training;
  readonly losses: Float32Array;
}

/** Trains to the end of the epoch or of the round, whichever comes first. The trainer holds the vectors of the data. */
export async function trainStretch(
  trainer: Trainer,
  { rows, examples }: TrainingData,
  training: Training,
  { settings, ...options }: StretchOptions,
): Promise<Result<Stretch>> {
  const { position, current } = training;
  const { epoch, offset, roundSteps, wantedSteps, totalSteps } = position;
  const planned = planEpoch(rows, settings, settings.seed, epoch);
  if (planned.length === 0) return err(nothingToLearn);
  if (!settings.in_batch_negatives && examples.every(({ negatives }) => negatives.length === 0)) return err(nothingToPush);
  const batches = planned.slice(offset, offset + wantedSteps - roundSteps);
  const trained = await trainer.advance(current, { batches, epoch, totalSteps, settings }, options);
  if (!trained.ok) return trained;
  const { state, losses } = trained.value;
  const isWhole = offset + batches.length >= planned.length;
  return ok({
    losses,
    training: {
      ...training,
      current: state,
      position: {
        ...position,
        roundSteps: roundSteps + batches.length,
        step: state.step,
        epoch: isWhole ? epoch + 1 : epoch,
        offset: isWhole ? 0 : offset + batches.length,
      },
    },
  });
}

const nothingToLearn = {
  reason: "not-ready",
  message: "No query with a positive is left to learn from.",
  nextStep: "Add positives, or take back marks that call queries or positives bad.",
} as const;

const nothingToPush = {
  reason: "not-ready",
  message: "The sampler keeps no negative for any training query, and training.in_batch_negatives is false.",
  nextStep: "Loosen the rules of the sampler, for example sampler.min_score, or set training.in_batch_negatives to true.",
} as const;

/**
 * Takes a measure of the validation queries into account: keeps the state if none was better. Of equals the later is kept: with few validation
 * queries nDCG@10 stands still for many epochs while the adapter improves.
 */
export function validated(training: Training, ndcg: number | undefined): Training {
  const { position, current } = training;
  if (ndcg === undefined) return { ...training, best: current };
  const isBest = position.best === undefined || ndcg >= position.best.ndcg;
  if (!isBest) return { ...training, position: { ...position, epochsWithoutGain: position.epochsWithoutGain + 1 } };
  return { position: { ...position, epochsWithoutGain: 0, best: { step: current.step, ndcg } }, current, best: current };
}

/** Whether a round is over: its steps are made, or the validation queries have gained nothing for too long. */
export function isRoundOver({ position }: Training, { early_stopping_patience: patience }: TrainingConfig): boolean {
  return position.roundSteps >= position.wantedSteps || position.epochsWithoutGain >= patience;
}

/** The training at the start of the next round. Where a round ended for want of a gain, the best state so far is gone on from. */
export function nextRound(training: Training, { early_stopping_patience: patience }: TrainingConfig): Training {
  const { position, current, best = current } = training;
  const from = position.epochsWithoutGain >= patience ? best : current;
  const next = { round: position.round + 1, roundSteps: 0, wantedSteps: 0, epochsWithoutGain: 0, step: from.step };
  return { ...training, current: from, position: { ...position, ...next } };
}

/** Mean loss; NaN where no step was made. */
export function meanOf(losses: Float32Array): number {
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}
