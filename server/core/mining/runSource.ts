import { anchorOf } from "./anchors";
import { fateOf, FATES, SAMPLED, UNDECIDED } from "./candidate";
import { choose } from "./choose";
import type { Drawn } from "./choose";
import type { DecisionContext } from "./decide";
import type { SourceDecision } from "./decision";
import { rescoredRules } from "./filters/rescored";
import type { SourceContext } from "./filters/rule";
import { isRescored } from "./filters/rule";
import { rulesFor } from "./filters/rules";
import type { PoolFacts } from "./poolFacts";
import type { SourceSettings } from "./sourceSettings";

export interface SourceTask {
  readonly facts: PoolFacts;
  readonly context: DecisionContext;
  readonly settings: SourceSettings;
  /** Position in the mix. */
  readonly position: number;
  /** Places of the quota that pinned passages have taken. */
  readonly pinned: number;
  /** Rows that are taken already, pinned ones and those of earlier sources. */
  readonly taken: readonly number[];
  /** Those of them that a later source takes: they are passed over, and not compared with. */
  readonly takenLater?: ReadonlySet<number>;
}

/** What one source makes of its list. Positions are those in the list. */
export interface SourceRun {
  /** By position, numbers of `FATES`; 0 for a candidate that passed the rules but is taken already. */
  readonly fates: readonly number[];
  /** Positions that passed the rules, in order; the rank window may count these and then drops some. */
  readonly ranking: readonly number[];
  readonly drawn?: Drawn;
  /** Rows of the pool, in the order in which they were taken. */
  readonly chosen: readonly number[];
  readonly decision: SourceDecision;
}

const SAME_TEXT = fateOf("same_text");
const NOT_RESCORED = fateOf("not_rescored");
const RANGE_MIN = fateOf("range_min");
const RANGE_MAX = fateOf("range_max");
/** What becomes of survivors. */
const CHOICES: ReadonlySet<number> = new Set([SAMPLED, fateOf("diversity"), fateOf("not_sampled")]);

/** Applies a source's rules to its list and chooses among the survivors. */
export function runSource(task: SourceTask): SourceRun {
  const context = sourceContext(task);
  const fates = sift(context);
  const ranking = rescored(distinct(fates, context, task.taken), fates, context);
  const survivors = windowed(ranking, fates, context);
  const { chosen, drawn, effectiveCandidates, anchor, spread } = choose({ task, context, survivors, fates });
  const spared = sparePinned(fates, context);
  return {
    fates,
    ranking,
    ...(drawn === undefined ? {} : { drawn }),
    chosen,
    decision: {
      settings: task.settings,
      found: fates.length,
      survived: survivors.length + spared,
      kept: task.pinned + chosen.length,
      effectiveCandidates,
      marginAnchor: context.anchor,
      simansAnchor: anchor,
      spread,
      dropped: counted(fates),
    },
  };
}

/** What the rules of a source look at, also for the words of its rulings. */
export function sourceContext({ facts, context, settings, position }: Omit<SourceTask, "pinned" | "taken" | "takenLater">): SourceContext {
  const { pool } = facts;
  const list = pool.lists[position];
  if (list === undefined) {
    throw new RangeError(`The pool has no list for source ${String(position)}.`);
  }
  return {
    settings,
    pool,
    list,
    facts,
    groupings: context.groupings,
    adjacentPassages: context.adjacentPassages,
    anchor: anchorOf(pool.positiveScores, settings.margin_anchor),
    rescoredAnchor: anchorOf(pool.rescored?.positives ?? [], settings.margin_anchor),
    decision: context,
  };
}

/** Rows that no rule on what retrieval knows drops, in the order of the list. */
export function survivorsBeforeChoice(context: SourceContext): readonly number[] {
  return distinct(sift(context), context, []).map((at) => context.list.rows[at] ?? -1);
}

/**
 * Fates of a list's candidates after all rules on what retrieval knows. Passages that people call true negatives are looked at like any other, so
 * that ranks among survivors, and what is asked of them, are the same before and after the mark.
 */
function sift(context: SourceContext): number[] {
  const { list, facts } = context;
  const fates = new Array<number>(list.rows.length);
  for (let at = 0; at < fates.length; at += 1) {
    fates[at] = facts.fates[list.rows[at] ?? -1] ?? UNDECIDED;
  }
  for (const rule of rulesFor(context)) {
    rule.sift(fates, context);
  }
  return fates;
}

/** No rule holds for passages that people call true negatives. @returns how many of the list some rule would have dropped */
function sparePinned(fates: number[], { list, facts }: SourceContext): number {
  let spared = 0;
  for (const row of facts.pinned) {
    const at = list.rows.indexOf(row);
    const fate = fates[at] ?? UNDECIDED;
    if (fate === UNDECIDED || CHOICES.has(fate)) continue;
    fates[at] = UNDECIDED;
    spared += 1;
  }
  return spared;
}

/** Positions in the list that no rule dropped. Of documents with the same normalised text the one taken stays, else a pinned one, else the first. */
function distinct(fates: number[], { list, facts }: SourceContext, taken: readonly number[]): readonly number[] {
  const left: number[] = [];
  for (let at = 0; at < fates.length; at += 1) {
    if (fates[at] === UNDECIDED) left.push(at);
  }
  if (!facts.hasRepeats) {
    return left;
  }
  const groupOf = (row: number): number => facts.groups[row] ?? -1;
  const firstOf = new Map<number, number>();
  for (const row of [...taken, ...facts.pinned, ...left.map((at) => list.rows[at] ?? -1)]) {
    if (!firstOf.has(groupOf(row))) firstOf.set(groupOf(row), row);
  }
  return left.filter((at) => {
    const row = list.rows[at] ?? -1;
    const isFirst = firstOf.get(groupOf(row)) === row;
    if (!isFirst) fates[at] = SAME_TEXT;
    return isFirst;
  });
}

/** With a rescorer, the survivors that it scored, after the limits on its scores, best first where the list is ranked; the others are dropped. */
function rescored(survivors: readonly number[], fates: number[], context: SourceContext): readonly number[] {
  if (!isRescored(context)) {
    return survivors;
  }
  const { settings, pool, list } = context;
  const scoreAt = (at: number): number => pool.rescored?.rows[list.rows[at] ?? -1] ?? Number.NaN;
  for (const [index, at] of survivors.entries()) {
    if (index >= settings.rescore.top_n || Number.isNaN(scoreAt(at))) fates[at] = NOT_RESCORED;
  }
  for (const rule of rescoredRules) {
    rule.sift(fates, context);
  }
  const left = survivors.filter((at) => fates[at] === UNDECIDED);
  // A list that was drawn stays in the order of its draw, else the draw would be no even one any more.
  return list.ranked ? left.sort((a, b) => scoreAt(b) - scoreAt(a) || a - b) : left;
}

/** Applies the rank window where it counts survivors, as sentence-transformers does. Drawn lists have no ranks. */
function windowed(ranking: readonly number[], fates: number[], { settings, list }: SourceContext): readonly number[] {
  if (!settings.range_after_filters || !list.ranked) {
    return ranking;
  }
  for (const [index, at] of ranking.entries()) {
    if (index < settings.range_min) fates[at] = RANGE_MIN;
    if (index >= settings.range_max) fates[at] = RANGE_MAX;
  }
  return ranking.slice(settings.range_min, settings.range_max);
}

function counted(fates: readonly number[]): readonly number[] {
  const counts = new Array<number>(FATES.length).fill(0);
  for (const fate of fates) {
    counts[fate] = (counts[fate] ?? 0) + 1;
  }
  return counts;
}
