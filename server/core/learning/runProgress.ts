import type { LossRecord, ValidationRecord } from "./runRecord";

export type RunPhase = "embedding" | "mining" | "training" | "evaluating" | "saving" | "stopping";

/** How far a run is. */
export interface RunProgress {
  readonly phase: RunPhase;
  /** From 1. */
  readonly round: number;
  readonly epoch: number;
  readonly step: number;
  readonly totalSteps: number;
  /** Of what the phase counts. */
  readonly done: number;
  readonly total: number;
  readonly losses: readonly LossRecord[];
  readonly validations: readonly ValidationRecord[];
  readonly frozenNdcg?: number;
}
