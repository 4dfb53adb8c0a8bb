import * as v from "valibot";
import { CHECKPOINT_FILES } from "./checkpoint";
import type { CheckpointFile, RunPosition } from "./checkpoint";
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
  /** Of the queries that the last round was learnt from, how many had a teacher; absent where none had. */
  readonly taughtQueries?: number;
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

const count = v.pipe(v.number("must be a number"), v.integer("must be a whole number"), v.minValue(0, "must be at least 0"));
const number = v.number("must be a number");
const text = v.string("must be a text");

const position = v.object({
  round: v.pipe(count, v.minValue(1, "must be at least 1")),
  roundSteps: count,
  wantedSteps: count,
  epoch: v.pipe(count, v.minValue(1, "must be at least 1")),
  offset: count,
  totalSteps: count,
  epochsWithoutGain: count,
  step: count,
  best: v.exactOptional(v.object({ step: count, ndcg: number })),
});

/** What others read of a record. Whether its settings are those of now is asked before a run goes on. */
const recordSchema = v.looseObject({
  name: text,
  dataset: text,
  model: v.object({ id: text, fingerprint: text, dimensions: count }),
  configHash: text,
  training: v.looseObject({
    adapter: v.looseObject({ sides: v.picklist(["query", "both"]), rank: v.nullable(count) }),
    rounds: v.looseObject({ count }),
  }),
  state: v.picklist(["running", "finished", "stopped", "failed"], "is no state of a run"),
  started: text,
  seconds: number,
  trainQueries: count,
  validationQueries: count,
  testQueries: count,
  taughtQueries: v.exactOptional(count),
  rounds: v.array(v.looseObject({ round: count, steps: count, added: count, dropped: count, kept: count }), "must be a list"),
  frozenNdcg: v.exactOptional(number),
  losses: v.array(v.object({ step: count, loss: number }), "must be a list"),
  validations: v.array(v.object({ step: count, round: count, epoch: count, ndcg: number }), "must be a list"),
  ending: v.exactOptional(text),
  comparison: v.exactOptional(v.looseObject({ queries: count, metrics: v.array(v.looseObject({ name: text })), sentence: text })),
  adapter: v.exactOptional(text),
  checkpoint: v.exactOptional(v.object({ file: v.picklist(CHECKPOINT_FILES, "is no file of a checkpoint"), position })),
});

/** Reads what `runRecordText` wrote. Fails on anything else, naming the run and the value at fault. */
export function parseRunRecord(name: string, file: string): Result<RunRecord> {
  let value: unknown;
  try {
    value = JSON.parse(file);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return broken(name, "The file is not JSON.");
  }
  if (typeof value !== "object" || value === null) return broken(name, "The file is no record of a run.");
  if ((value as Partial<RunRecord>).version !== 1) return broken(name, "The record was written by another version of Nearmiss.");
  const parsed = v.safeParse(recordSchema, value);
  // What was read, not what the schema made of it: settings are compared with those of now, and the order of keys counts there.
  if (parsed.success) return ok({ ...(value as RunRecord), name });
  const [issue] = parsed.issues;
  return broken(
    name,
    `The record is not whole: ${v.getDotPath(issue) ?? "it"} ${issue.kind === "schema" && issue.received === "undefined" ? "is missing" : issue.message}.`,
  );
}

function broken(name: string, message: string): Result<never> {
  return err({
    reason: "unknown-format",
    message,
    nextStep: "Begin a new run, and delete the folder of this one if it is not wanted any more.",
    place: { file: `.nearmiss/training/${name}/run.json` },
  });
}
