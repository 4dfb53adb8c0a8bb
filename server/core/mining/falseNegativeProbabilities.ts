import { UNDECIDED } from "./candidate";
import type { DecisionContext } from "./decide";
import { NO_SOURCE } from "./knownProbabilities";
import type { MinedQuery } from "./miningState";
import type { PoolFacts } from "./poolFacts";

/**
 * P(false negative) of each row of a pool, as the source has it that decided about the row; NaN for rows that are no candidates. Undefined where
 * there is no model, and in a lexical pool, whose scores are on another scale.
 */
export function falseNegativeProbabilities({ facts, context, decision }: MinedQuery): Float64Array | undefined {
  const bySource = context.sources.map(({ source }) => probabilitiesFor(facts, context, source));
  const unsourced = probabilitiesFor(facts, context, NO_SOURCE);
  if (unsourced === undefined) return undefined;
  const made = new Float64Array(decision.fates.length).fill(Number.NaN);
  for (let row = 0; row < made.length; row += 1) {
    if (decision.fates[row] !== UNDECIDED) made[row] = (bySource[decision.decidedBy[row] ?? -1] ?? unsourced)[row] ?? Number.NaN;
  }
  return made;
}

/** The same once marks have taught the model, for what acts on it unasked: 0 for passages that people call true negatives. */
export function fittedProbabilities(mined: MinedQuery): Float64Array | undefined {
  if (mined.context.falseNegatives?.kind !== "fitted") return undefined;
  const probabilities = falseNegativeProbabilities(mined);
  for (const row of probabilities === undefined ? [] : mined.facts.pinned) probabilities?.fill(0, row, row + 1);
  return probabilities;
}

/** P(false negative) of all rows as one source has it; undefined where `falseNegativeProbabilities` is. */
export function probabilitiesFor(facts: PoolFacts, context: DecisionContext, source: string): Float64Array | undefined {
  const { collection, sources, groupings, opinions, falseNegatives } = context;
  if (falseNegatives === undefined || facts.pool.retrieval === "lexical") return undefined;
  return facts.probabilities({ collection, sources, groupings, opinions, falseNegatives }, source);
}
