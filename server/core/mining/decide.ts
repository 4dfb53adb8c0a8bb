import type { Collection } from "../collection/collection";
import type { FalseNegativeModel } from "../falseNegatives/falseNegativeModel";
import type { QueryVerdicts } from "../marks/verdictsForQuery";
import type { PairOpinion } from "../suggestions/pairOpinion";
import { anchorOf } from "./anchors";
import { fateOf, PINNED, SAMPLED, UNDECIDED } from "./candidate";
import type { Decision, DecisionDetail } from "./decision";
import type { Groupings } from "./filters/rule";
import type { Pool } from "./pool";
import { byScoreOf } from "./poolFacts";
import type { PoolFacts } from "./poolFacts";
import { runSource } from "./runSource";
import type { SourceRun } from "./runSource";
import type { SourceSettings } from "./sourceSettings";
import { wantedOf } from "./sourceSettings";

export interface DecisionContext {
  readonly collection: Collection;
  readonly sources: readonly SourceSettings[];
  readonly seed: number;
  readonly verdicts: QueryVerdicts;
  readonly groupings: Groupings;
  /** How many neighbours of a positive are left out of its article, on each side. */
  readonly adjacentPassages: number;
  /** Undefined where nothing asks for it, or while it is not known. */
  readonly falseNegatives: FalseNegativeModel | undefined;
  /** What language models say of the query's passages, by text key: a feature of that model and nothing else. The same map as long as it holds. */
  readonly opinions: ReadonlyMap<string, PairOpinion>;
}

const NOT_SAMPLED = fateOf("not_sampled");
const SAME_TEXT = fateOf("same_text");

/** The decision over one query while it is being made: what the rows of the pool have come to so far. */
interface Round {
  readonly pool: Pool;
  readonly facts: PoolFacts;
  readonly fates: number[];
  readonly decidedBy: number[];
  /** Where somebody wants to know more than the decision. */
  readonly detail?: { readonly places: number[]; readonly probabilities: number[] };
  /** Rows taken so far. */
  readonly taken: number[];
}

/**
 * Decides about every candidate of one query: each source of the mix in turn applies its rules in their order to its own list, then chooses
 * among those that no rule drops, passing over what an earlier source has taken. A pure function of its arguments. Passages marked true
 * negatives are taken before any other and whatever the rules on rank and score say. Too few survivors are reported as `short`, and never
 * made up for. A candidate that several sources found is reported by the one that took it; else as not sampled, if it passed the rules of
 * one; else with the rule of the first.
 */
export function decide(facts: PoolFacts, context: DecisionContext): Decision {
  return settle(newRound(facts), context);
}

/** The same decision again, for its places and probabilities. */
export function decisionDetail(facts: PoolFacts, context: DecisionContext): DecisionDetail {
  const rows = facts.pool.documents.length;
  const detail = { places: new Array<number>(rows).fill(0), probabilities: new Array<number>(rows).fill(Number.NaN) };
  settle({ ...newRound(facts), detail }, context);
  return detail;
}

function newRound(facts: PoolFacts): Round {
  const { pool } = facts;
  return { pool, facts, fates: plain(facts.fates), decidedBy: new Array<number>(pool.documents.length).fill(-1), taken: [] };
}

function settle(round: Round, context: DecisionContext): Decision {
  const { pool, facts } = round;
  const takers = facts.pinned.length === 0 ? noTakers : takersOf(facts, context);
  const pinned = takePinned(round, context.sources, takers);
  const sources = context.sources.map((settings, position) => {
    const takenLater = rowsTakenLater(facts, takers, position);
    const run = runSource({ facts, context, settings, position, pinned: pinned[position] ?? 0, taken: round.taken, takenLater });
    report(round, position, run);
    round.taken.push(...run.chosen);
    return run.decision;
  });
  dropCopiesOfPinned(round);
  return {
    fates: round.fates,
    decidedBy: round.decidedBy,
    kept: [...round.taken].sort(byScoreOf(pool)),
    positiveScores: pool.positiveScores,
    anchor: anchorOf(pool.positiveScores, "lowest"),
    short: context.verdicts.badQuery ? 0 : wantedOf(context.sources) - round.taken.length,
    effectiveCandidates: sources.reduce((sum, { effectiveCandidates }) => sum + effectiveCandidates, 0),
    sources,
  };
}

const noTakers: ReadonlyMap<number, number> = new Map();
const noRows: ReadonlySet<number> = new Set();

/** Pinned rows that a source after this one takes: before their marks this one had not met them. */
function rowsTakenLater(facts: PoolFacts, takers: ReadonlyMap<number, number>, position: number): ReadonlySet<number> {
  if (takers.size === 0) return noRows;
  return new Set(facts.pinned.filter((row) => (takers.get(facts.groups[row] ?? -1) ?? -1) > position));
}

/** Which source would take the text of each group if nothing were pinned. */
function takersOf(facts: PoolFacts, context: DecisionContext): ReadonlyMap<number, number> {
  const taken: number[] = [];
  const takers = new Map<number, number>();
  for (const [position, settings] of context.sources.entries()) {
    const { chosen } = runSource({ facts, context, settings, position, pinned: 0, taken });
    for (const row of chosen) takers.set(facts.groups[row] ?? -1, position);
    taken.push(...chosen);
  }
  return takers;
}

/**
 * Takes pinned rows, hardest first, as many as are wanted in all. Each takes a place of the source that would take it anyway, so that a mark that
 * says what mining assumed changes nothing; else of the first source that found it and has one left, else of the first source that has one left.
 *
 * @returns how many places each source gave away
 */
function takePinned(
  { facts, fates, taken, decidedBy }: Round,
  sources: readonly SourceSettings[],
  takers: ReadonlyMap<number, number>,
): readonly number[] {
  const left = sources.map(({ n }) => n);
  const takerOf = (row: number): number | undefined => takers.get(facts.groups[row] ?? -1);
  const inOrder = [
    ...facts.pinned.filter((row) => takerOf(row) !== undefined),
    ...facts.pinned.filter((row) => takerOf(row) === undefined),
  ];
  for (const row of inOrder) {
    const finder = takerOf(row) ?? facts.pool.lists.findIndex((list, position) => (left[position] ?? 0) > 0 && list.rows.includes(row));
    const giver = finder === -1 ? left.findIndex((places) => places > 0) : finder;
    if (giver === -1) {
      fates[row] = NOT_SAMPLED;
    } else {
      fates[row] = PINNED;
      taken.push(row);
      left[giver] = (left[giver] ?? 0) - 1;
      if (finder !== -1) decidedBy[row] = finder;
    }
  }
  return sources.map(({ n }, position) => n - (left[position] ?? 0));
}

/**
 * Writes a source's rulings into the round. What it took is its own; else "not sampled", which says that a candidate passed all rules, goes
 * before the rule of another source, and among rules that of the first finder stays.
 */
function report(round: Round, position: number, run: SourceRun): void {
  const { pool, fates, decidedBy } = round;
  const rows = pool.lists[position]?.rows ?? new Int32Array(0);
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at] ?? -1;
    const fate = run.fates[at] ?? UNDECIDED;
    if (decidedBy[row] === -1) decidedBy[row] = position;
    if (fate !== SAMPLED && !isNews(fate, fates[row] ?? UNDECIDED)) continue;
    fates[row] = fate;
    decidedBy[row] = position;
  }
  if (round.detail !== undefined) addDetail({ ...round, detail: round.detail }, position, run);
}

function addDetail({ pool, decidedBy, detail }: Required<Round>, position: number, { ranking, drawn }: SourceRun): void {
  const rows = pool.lists[position]?.rows ?? new Int32Array(0);
  for (const row of rows) {
    if (decidedBy[row] !== position) continue;
    // What an earlier source had said of the row does not hold for this one.
    detail.places[row] = 0;
    detail.probabilities[row] = Number.NaN;
  }
  for (const [index, at] of ranking.entries()) {
    const row = rows[at] ?? -1;
    if (decidedBy[row] === position) detail.places[row] = index + 1;
  }
  for (const [index, at] of (drawn?.positions ?? []).entries()) {
    const row = rows[at] ?? -1;
    if (decidedBy[row] === position) detail.probabilities[row] = drawn?.probabilities[index] ?? Number.NaN;
  }
}

/** Whether a ruling says more than the one that is there. */
function isNews(fate: number, present: number): boolean {
  return present === UNDECIDED
    ? fate !== UNDECIDED
    : fate === NOT_SAMPLED && present !== NOT_SAMPLED && present !== PINNED && present !== SAMPLED;
}

function plain(values: Uint8Array): number[] {
  const copy = new Array<number>(values.length);
  for (let index = 0; index < copy.length; index += 1) {
    copy[index] = values[index] ?? UNDECIDED;
  }
  return copy;
}

/** A copy of a pinned text under another id adds nothing, also where no source found it. */
function dropCopiesOfPinned({ facts, fates }: Round): void {
  const groups = new Set(facts.pinned.map((row) => facts.groups[row]));
  for (let row = 0; row < fates.length && groups.size > 0; row += 1) {
    const isCopy = fates[row] === UNDECIDED && facts.isCandidate(row) && groups.has(facts.groups[row]);
    if (isCopy) fates[row] = SAME_TEXT;
  }
}
