import type { PairOpinion } from "../suggestions/pairOpinion";
import type { LabellingTask } from "./labellingOrder";

/** What a run has cost so far. */
export interface LabellingCosts {
  /** Questions, and those of them that were answered before and cost nothing in this run. */
  readonly calls: number;
  readonly cachedCalls: number;
  /** As the providers counted; estimated where they did not. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Absent where a model that was asked has no prices. */
  readonly cost?: number;
}

/** How far a run is. */
export interface LabellingProgress extends LabellingCosts {
  readonly phase: "running" | "paused" | "stopping";
  readonly task: LabellingTask;
  readonly isDryRun: boolean;
  /** Queries. */
  readonly done: number;
  readonly total: number;
  /** Queries without a verdict. */
  readonly failed: number;
  readonly seconds: number;
}

/** A passage of a query as a run looked at it. */
export interface LabelledPassage {
  readonly key: string;
  readonly text: string;
  readonly isPositive: boolean;
  readonly opinion?: Omit<PairOpinion, "time">;
  /** Share of the evidence, in [0, 1]. */
  readonly contribution?: number;
}

/** One query of a run, as a person looks it over. */
export interface LabelledQuery {
  readonly index: number;
  readonly text: string;
  readonly passages: readonly LabelledPassage[];
  readonly answer?: string;
  /** What there is to say, as sentences. */
  readonly notes: readonly string[];
  /** Why there is no verdict. */
  readonly failure?: string;
}

/** How a run ended, and what it came to. */
export interface LabellingEnd extends LabellingCosts {
  readonly task: LabellingTask;
  readonly isDryRun: boolean;
  readonly end: "finished" | "stopped" | "failed";
  /** How it ended and what it found, as sentences. */
  readonly text: string;
  readonly failed: number;
  /** Queries that it did not come to. */
  readonly left: number;
  /** All queries of a dry run; the failed ones of another run, at most 20. */
  readonly queries: readonly LabelledQuery[];
}
