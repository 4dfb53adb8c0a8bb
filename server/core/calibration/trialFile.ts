import type { Config } from "../config/config";
import { decide } from "../mining/decide";
import type { Decision } from "../mining/decision";
import { decisionContext, miningState } from "../mining/miningState";
import type { MiningState } from "../mining/miningState";
import type { PoolFacts } from "../mining/poolFacts";
import type { Breathe } from "../ports";

/**
 * A file as it is mined from its data alone, with no mark in force: what other settings would emit can be tried on it. Marks must not act on what is
 * tested with them. With them in force every audited false negative would be barred and every audited true negative pinned under any setting, and
 * each would look clean.
 */
export interface TrialFile {
  /** The configuration in force and no marks, with a model that the audit's marks did not make; undefined or a prior: the guard is not tested. */
  readonly state: MiningState;
  /** Candidates of each query, searched for without marks as well. */
  readonly queries: readonly PoolFacts[];
  readonly breathe: Breathe;
}

/** The same state under another configuration. */
export function underConfig({ state }: TrialFile, config: Config): MiningState {
  return miningState({ ...state, config });
}

/** Queries decided about between two breaths. */
const decidingBatch = 250;

/** Shows the decision of a state about each of some queries. */
export async function eachDecision(
  { breathe }: TrialFile,
  state: MiningState,
  queries: readonly PoolFacts[],
  see: (decision: Decision, facts: PoolFacts, index: number) => void,
): Promise<void> {
  for (const [index, facts] of queries.entries()) {
    see(decide(facts, decisionContext(state, facts)), facts, index);
    if (index % decidingBatch === decidingBatch - 1) await breathe();
  }
}
