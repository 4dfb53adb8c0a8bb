import { decodeSafetensors, encodeSafetensors } from "../adapter/safetensors";
import type { Tensor } from "../adapter/safetensors";
import type { AdapterShape, TrainerState } from "../training/trainer";
import { parameterCount } from "../training/trainerState";
import { err, ok } from "../util/result";
import type { Result } from "../util/result";

/** A checkpoint goes to the file that the record does not name, and the record is written after it: one of the two is always whole. */
export const CHECKPOINT_FILES = ["checkpoint-a.safetensors", "checkpoint-b.safetensors"] as const;
export type CheckpointFile = (typeof CHECKPOINT_FILES)[number];

/** Where a run goes on. */
export interface RunPosition {
  /** The round under way, from 1. */
  readonly round: number;
  /** Batches trained in it, and wanted in it. */
  readonly roundSteps: number;
  readonly wantedSteps: number;
  /** The epoch under way, from 1, and how many of its batches are trained. */
  readonly epoch: number;
  readonly offset: number;
  /** Steps of the whole run, for the learning rate. */
  readonly totalSteps: number;
  /** Epochs of this round since the best one. */
  readonly epochsWithoutGain: number;
  /** Steps of the current and of the best state. */
  readonly step: number;
  readonly best?: { readonly step: number; readonly ndcg: number };
}

/** The states that a run goes on from. */
export interface RunStates {
  readonly current: TrainerState;
  /** After the epoch that was best on the validation queries; absent before the first. */
  readonly best?: TrainerState;
  /** What the negatives of the round under way were mined with. */
  readonly roundStart: TrainerState;
}

const NAMES = ["current", "best", "roundStart"] as const;

/** The states as one safetensors file. */
export function encodeStates(states: RunStates): Uint8Array {
  const tensors = new Map<string, Tensor>();
  for (const name of NAMES) {
    const state = states[name];
    if (state === undefined) continue;
    for (const [part, data] of Object.entries(partsOf(state))) tensors.set(`${name}.${part}`, { shape: [data.length], data });
    tensors.set(`${name}.step`, { shape: [1], data: Float32Array.of(state.step) });
  }
  return encodeSafetensors(tensors);
}

/**
 * Fails where a state is missing, is of another form or has a number that is not finite.
 * @param shape form of the adapter that the run trains
 */
export function decodeStates(bytes: Uint8Array, shape: AdapterShape): Result<RunStates> {
  const decoded = decodeSafetensors(bytes);
  if (!decoded.ok) return decoded;
  const [current, best, roundStart] = NAMES.map((name) => stateOf(decoded.value, name, shape));
  if (current === undefined || roundStart === undefined) {
    return err({ reason: "bad-model", message: "The checkpoint does not hold what the run needs to go on." });
  }
  return ok({ current, roundStart, ...(best === undefined ? {} : { best }) });
}

function partsOf({ parameters, firstMoment, secondMoment }: TrainerState) {
  return { parameters, firstMoment, secondMoment };
}

function stateOf(tensors: ReadonlyMap<string, Tensor>, name: string, shape: AdapterShape): TrainerState | undefined {
  const part = (of: string): Float32Array | undefined => tensors.get(`${name}.${of}`)?.data;
  const [parameters, firstMoment, secondMoment, step] = ["parameters", "firstMoment", "secondMoment", "step"].map(part);
  const length = parameterCount(shape);
  if (parameters?.length !== length || firstMoment?.length !== length || secondMoment?.length !== length) return undefined;
  const isFinite = [parameters, firstMoment, secondMoment].every((values) => values.every(Number.isFinite));
  return isFinite ? { shape, parameters, firstMoment, secondMoment, step: step?.[0] ?? 0 } : undefined;
}
