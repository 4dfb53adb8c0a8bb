import type { IndexStatus, ModelIdentity } from "../ports";
import type { Failure } from "../util/failure";

/** Where the vectors of a data set stand. Lexical candidates and marks need none of it. */
export type SessionPhase = "idle" | "embedding" | "indexing" | "ready" | "stopped" | "failed";

export interface SessionStatus {
  readonly phase: SessionPhase;
  readonly done: number;
  readonly total: number;
  /** Since the session began: texts that went through the model, and vectors from the cache. */
  readonly embedded: number;
  readonly cached: number;
  /** The encoder with the adapter in use, and the encoder alone. */
  readonly model?: ModelIdentity;
  readonly encoder?: ModelIdentity;
  readonly index?: IndexStatus;
  readonly failure?: Failure;
}

export const idleStatus: SessionStatus = { phase: "idle", done: 0, total: 0, embedded: 0, cached: 0 };
