import { UNDECIDED } from "./candidate";
import type { DecisionContext } from "./decide";
import type { Pool, SourceList } from "./pool";
import type { PoolFacts } from "./poolFacts";
import { sourceContext, survivorsBeforeChoice } from "./runSource";
import type { SourceSettings } from "./sourceSettings";

/** Whether any source goes by second scores. */
export function wantsSecondScores(sources: readonly SourceSettings[]): boolean {
  return sources.some(isRescoring);
}

/** sentence-transformers asks its cross-encoder only where a margin or a ceiling compares scores. */
function isRescoring({ rescore, compat, absolute_margin, relative_margin, max_score }: SourceSettings): boolean {
  if (rescore.kind === "none") return false;
  return compat === null || absolute_margin !== null || relative_margin !== null || max_score !== null;
}

/** Rows of a pool that need a second score: the nearest survivors of each source; under sentence-transformers' rules every candidate. */
export function rowsToRescore(facts: PoolFacts, context: DecisionContext): readonly number[] {
  const rows = new Set<number>();
  for (const [position, settings] of context.sources.entries()) {
    if (!isRescoring(settings)) continue;
    const source = sourceContext({ facts, context: withoutModel(context), settings, position });
    const candidates =
      settings.compat === null ? survivorsBeforeChoice(source).slice(0, settings.rescore.top_n) : undecided(source.list, facts);
    for (const row of candidates) rows.add(row);
  }
  return [...rows].sort((a, b) => a - b);
}

/** The guard is not asked here: what is searched for must not change with what marks have taught, since that is learnt from what was found. */
function withoutModel(context: DecisionContext): DecisionContext {
  return { ...context, falseNegatives: undefined };
}

function undecided(list: SourceList, facts: PoolFacts): readonly number[] {
  return [...list.rows].filter((row) => facts.fates[row] === UNDECIDED);
}

export interface SecondScoresOfPool {
  /** In the order of `Pool.positives`. */
  readonly positives: readonly number[];
  /** By row; NaN for rows that were not asked about. */
  readonly rows: Float64Array;
}

/** The pool with its second scores. Under sentence-transformers' rules they take the place of the first. */
export function withSecondScores(pool: Pool, scores: SecondScoresOfPool, compat: boolean): Pool {
  return compat ? replacedScores(pool, scores) : { ...pool, rescored: scores };
}

/** Own positives among the rows keep their similarity: they are dropped by what they are. */
function replacedScores(pool: Pool, { positives, rows }: SecondScoresOfPool): Pool {
  const scores = pool.scores.map((score, row) => (Number.isNaN(rows[row] ?? Number.NaN) ? score : (rows[row] ?? score)));
  const lists = pool.lists.map((list) => ({
    ...list,
    rows: list.rows.toSorted((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b),
  }));
  return { ...pool, scores, positiveScores: positives, lists, cosines: { rows: pool.scores, positives: pool.positiveScores } };
}

/** Rows that may be chosen, and so have to be compared with one another, ascending. */
export function rowsToCompare(facts: PoolFacts, context: DecisionContext): readonly number[] {
  const rows = new Set(facts.pinned);
  for (const [position, settings] of context.sources.entries()) {
    for (const row of survivorsBeforeChoice(sourceContext({ facts, context: withoutModel(context), settings, position }))) rows.add(row);
  }
  return [...rows].sort((a, b) => a - b);
}
