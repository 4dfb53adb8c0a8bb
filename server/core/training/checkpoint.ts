import { decodeSafetensors, encodeSafetensors } from "../adapter/safetensors";
import { err, ok, type Result } from "../util/result";
import type { AdapterShape, TrainerState } from "./trainer";
import { parameterCount } from "./trainerState";

/** Raised when the meaning of a checkpoint's tensors changes. */
const VERSION = 1;
const SIDES = ["query", "both"] as const;

/** A state as safetensors: its three lists of numbers, and `header` with version, sides (0 query, 1 both), D, rank (0: full) and step. */
export function encodeCheckpoint({ shape, parameters, firstMoment, secondMoment, step }: TrainerState): Uint8Array {
  const header = Float32Array.of(VERSION, SIDES.indexOf(shape.sides), shape.dimensions, shape.rank ?? 0, step);
  const lists = { header, parameters, firstMoment, secondMoment };
  return encodeSafetensors(new Map(Object.entries(lists).map(([name, data]) => [name, { shape: [data.length], data }])));
}

/** The state of `encodeCheckpoint`. */
export function decodeCheckpoint(bytes: Uint8Array): Result<TrainerState> {
  const tensors = decodeSafetensors(bytes);
  if (!tensors.ok) return tensors;
  const header = tensors.value.get("header");
  if (header === undefined) return broken("It has no header.");
  const [version, side, dimensions, rank, step] = header.data;
  if (version !== VERSION) return broken(`It has version ${String(version)}, where ${String(VERSION)} is known.`);
  const sides = SIDES[side ?? -1];
  if (sides === undefined || !isCount(dimensions) || !isCount(rank) || !isCount(step) || dimensions === 0) {
    return broken("Its header makes no sense.");
  }
  const shape: AdapterShape = { sides, dimensions, rank: rank === 0 ? null : rank };
  const count = parameterCount(shape);
  const [parameters, firstMoment, secondMoment] = ["parameters", "firstMoment", "secondMoment"].map(
    (name) => tensors.value.get(name)?.data,
  );
  if (parameters?.length !== count || firstMoment?.length !== count || secondMoment?.length !== count) {
    return broken(`It should have ${String(count)} parameters with two moments each.`);
  }
  return ok({ shape, parameters, firstMoment, secondMoment, step });
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value >= 0;
}

function broken(why: string): Result<never> {
  return err({
    reason: "unknown-format",
    message: `This is no checkpoint of a training that can be gone on from. ${why}`,
    nextStep: "Begin the training anew.",
  });
}
