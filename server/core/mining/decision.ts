import type { SourceSettings } from "./sourceSettings";
import type { Spread } from "./simans";

/** What one source of the mix did for one query. */
export interface SourceDecision {
  readonly settings: SourceSettings;
  /** Candidates in the source's list, and those that passed all its rules before any was chosen. */
  readonly found: number;
  readonly survived: number;
  /** Negatives this source gave, pinned ones that took a place of its quota included. */
  readonly kept: number;
  /** 1 / sum p^2 over the drawing probabilities: how many candidates the draw really chooses among. */
  readonly effectiveCandidates: number;
  /** Score that margins are taken against, the SimANS anchor and the unit of its axis; NaN where no positive has a score. */
  readonly marginAnchor: number;
  readonly simansAnchor: number;
  readonly spread: Spread;
  /** Candidates that each rule dropped, by the numbers of `FATES`: found = survived + the dropped, choices aside. */
  readonly dropped: readonly number[];
}

/**
 * The decision over all candidates of one query. Lists run beside the rows of the pool. They are plain arrays, which cost a fifth of small typed
 * arrays to make and to forget: a slider that moves makes them for the whole file.
 */
export interface Decision {
  /** Number of the rule that decided: see `FATES`. */
  readonly fates: readonly number[];
  /** Position in `sources` of the source that took the row or whose ruling is reported; -1 where none found it. */
  readonly decidedBy: readonly number[];
  /** Rows kept, hardest first. */
  readonly kept: readonly number[];
  /** Score of each positive in force, in the order of `Pool.positives`. */
  readonly positiveScores: readonly number[];
  /** The lowest positive score, for people to compare with. NaN for a query without positives that have a score. */
  readonly anchor: number;
  /** How many negatives are missing from those wanted. Reported, never filled up. */
  readonly short: number;
  /** Sum over the sources. */
  readonly effectiveCandidates: number;
  readonly sources: readonly SourceDecision[];
}

/** What only words for people ask of a decision, beside the rows of the pool. */
export interface DecisionDetail {
  /** Place among the survivors of the source that decided, from 1, in the order of choice; 0 where there is none. */
  readonly places: readonly number[];
  /** Probability of the first draw by that source; NaN where nothing was drawn. */
  readonly probabilities: readonly number[];
}
