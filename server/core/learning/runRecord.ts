import type { RunPosition } from "./checkpoint";
import type { CheckpointFile } from "./runFiles";
import type { Comparison } from "../evaluation/comparison";
import type { TrainingConfig } from "../config/trainingSchema";
import { err, ok } from "../util/result";
import type { Result } from "../util/result";

/** How a run stands. "running" on disk without anybody running it: it was interrupted. */
export type RunState = "running" | "finished" | "stopped" | "failed";

/** One mining, and the training on what it found. */
export interface RoundRecord {
  /** From 1. */
  readonly round: number;
  /** Steps trained in it; 0 for the last, which mines what the trained adapter emits. */
  readonly steps: number;
  readonly added: number;
  readonly dropped: number;
  readonly kept: number;
  /** See `RoundFigures`; absent where nothing is emitted. */
  readonly hardness?: number;
  readonly overlap?: number;
  readonly markedShare?: number;
  /** Estimated share of false negatives; absent while there are too few marks. */
  readonly falseNegatives?: number;
  /** Mean loss of its last epoch. */
  readonly loss?: number;
  /** nDCG@10 of the validation queries at its best epoch, which is what is kept. */
  readonly ndcg?: number;
}

export interface LossRecord {
  readonly step: number;
  readonly loss: number;
}

export interface ValidationRecord {
  readonly step: number;
  readonly round: number;
  readonly epoch: number;
  readonly ndcg: number;
}

/** What is kept of a run besides its snapshots and its checkpoint: `training/NAME/run.json`. */
export interface RunRecord {
  readonly version: 1;
  readonly name: string;
  /** Name of the data set's file or folder. */
  readonly dataset: string;
  readonly model: { readonly id: string; readonly fingerprint: string; readonly dimensions: number };
  readonly configHash: string;
  readonly training: TrainingConfig;
  readonly tool: string;
  readonly state: RunState;
  /** ISO 8601. */
  readonly started: string;
  readonly seconds: number;
  readonly trainQueries: number;
  readonly validationQueries: number;
  readonly testQueries: number;
  readonly rounds: readonly RoundRecord[];
  readonly frozenNdcg?: number;
  readonly losses: readonly LossRecord[];
  readonly validations: readonly ValidationRecord[];
  readonly ending?: string;
  readonly comparison?: Comparison;
  /** Name of the adapter that came of it. */
  readonly adapter?: string;
  /** Where it can go on; absent before its first epoch is over. */
  readonly checkpoint?: { readonly file: CheckpointFile; readonly position: RunPosition };
}

export function runRecordText(record: RunRecord): string {
  return `${JSON.stringify(record, undefined, 2)}\n`;
}

/** Reads what `runRecordText` wrote. Fails on anything else, naming the run. */
export function parseRunRecord(name: string, text: string): Result<RunRecord> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return broken(name, "is not JSON");
  }
  const record = parsed as Partial<RunRecord> | null;
  if (typeof record !== "object" || record === null) return broken(name, "is no record of a run");
  if (record.version !== 1) return broken(name, "was written by another version of Nearmiss");
  const isWhole = typeof record.started === "string" && typeof record.training === "object" && Array.isArray(record.rounds);
  return isWhole ? ok({ ...(record as RunRecord), name }) : broken(name, "is no record of a run");
}

function broken(name: string, what: string): Result<never> {
  return err({
    reason: "unknown-format",
    message: `training/${name}/run.json ${what}.`,
    nextStep: "Delete the folder of the run if it is not wanted any more.",
  });
}
