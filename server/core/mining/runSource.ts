import { anchorOf, drawnAnchor } from "./anchors";
import { fateOf, FATES, SAMPLED, UNDECIDED } from "./candidate";
import type { DecisionContext } from "./decide";
import type { SourceDecision } from "./decision";
import { inOrderOf, preferenceOf } from "./draw";
import type { Preference } from "./draw";
import { isLikeTaken } from "./filters/diversity";
import { rescoredRules } from "./filters/rescored";
import type { SourceContext } from "./filters/rule";
import { rulesFor } from "./filters/rules";
import type { PoolFacts } from "./poolFacts";
import { rawSpread } from "./simans";
import type { Spread } from "./simans";
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
}

/** What one source makes of its list. The lists of the answer run beside the source's list. */
export interface SourceRun {
  /** Numbers of `FATES`; 0 for a candidate that passed the rules but is taken already. */
  readonly fates: Uint8Array;
  /** Place among the survivors, from 1; 0 for those that a rule dropped. */
  readonly places: Int32Array;
  readonly probabilities?: Float64Array;
  /** Rows of the pool, in the order in which they were taken. */
  readonly chosen: readonly number[];
  readonly decision: SourceDecision;
}

const SAME_TEXT = fateOf("same_text");
const NOT_RESCORED = fateOf("not_rescored");
const RANGE_MIN = fateOf("range_min");
const RANGE_MAX = fateOf("range_max");
const DIVERSITY = fateOf("diversity");
const NOT_SAMPLED = fateOf("not_sampled");

/** Applies a source's rules to its list and chooses among the survivors. */
export function runSource(task: SourceTask): SourceRun {
  const context = sourceContext(task);
  const fates = sift(context);
  const places = new Int32Array(fates.length);
  const survivors = windowed(rescored(distinct(fates, context, task.taken), fates, context), { fates, places, context });
  const choice = choose({ task, context, survivors, fates, places });
  return {
    fates,
    places,
    ...(choice.probabilities === undefined ? {} : { probabilities: choice.probabilities }),
    chosen: choice.chosen,
    decision: {
      settings: task.settings,
      found: fates.length,
      survived: survivors.length,
      kept: task.pinned + choice.chosen.length,
      effectiveCandidates: choice.effectiveCandidates,
      marginAnchor: context.anchor,
      simansAnchor: choice.anchor,
      spread: choice.spread,
      dropped: counted(fates),
    },
  };
}

/** What the rules of a source look at, also for the words of its rulings. */
export function sourceContext({ facts, context, settings, position }: Omit<SourceTask, "pinned" | "taken">): SourceContext {
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
  };
}

/** Rows that no rule on what retrieval knows drops, in the order of the list. */
export function survivorsBeforeChoice(context: SourceContext): readonly number[] {
  return distinct(sift(context), context, []).map((at) => context.list.rows[at] ?? -1);
}

/** Whether a source goes by second scores. Under sentence-transformers' rules these took the place of the first before any rule was asked. */
export function isRescored({ settings, pool }: Pick<SourceContext, "settings" | "pool">): boolean {
  return settings.rescore.kind !== "none" && settings.compat === null && pool.retrieval === "dense";
}

/** Fates of a list's candidates after all rules on what retrieval knows. Pinned ones stay undecided. */
function sift(context: SourceContext): Uint8Array {
  const { list, facts } = context;
  const fates = new Uint8Array(list.rows.length);
  for (let at = 0; at < fates.length; at += 1) {
    fates[at] = facts.fates[list.rows[at] ?? -1] ?? UNDECIDED;
  }
  for (const rule of rulesFor(context)) {
    rule.sift(fates, context);
  }
  for (const row of facts.pinned) {
    const at = list.rows.indexOf(row);
    if (at !== -1) fates[at] = UNDECIDED;
  }
  return fates;
}

/** Positions in the list that no rule dropped. Of documents with the same normalised text the one taken stays, else a pinned one, else the first. */
function distinct(fates: Uint8Array, { list, facts }: SourceContext, taken: readonly number[]): readonly number[] {
  const left = [...fates.keys()].filter((at) => fates[at] === UNDECIDED);
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

/** With a rescorer, the survivors that it scored, best first, after the limits on its scores; the others are dropped. */
function rescored(survivors: readonly number[], fates: Uint8Array, context: SourceContext): readonly number[] {
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
  return survivors.filter((at) => fates[at] === UNDECIDED).sort((a, b) => scoreAt(b) - scoreAt(a) || a - b);
}

interface Places {
  readonly fates: Uint8Array;
  readonly places: Int32Array;
  readonly context: SourceContext;
}

/** Numbers the survivors, and applies the rank window where it counts them, as sentence-transformers does. Drawn lists have no ranks. */
function windowed(survivors: readonly number[], { fates, places, context: { settings, list } }: Places): readonly number[] {
  survivors.forEach((at, index) => {
    places[at] = index + 1;
  });
  if (!settings.range_after_filters || !list.ranked) {
    return survivors;
  }
  for (const [index, at] of survivors.entries()) {
    if (index < settings.range_min) fates[at] = RANGE_MIN;
    if (index >= settings.range_max) fates[at] = RANGE_MAX;
  }
  return survivors.slice(settings.range_min, settings.range_max);
}

interface ChoiceInput extends Places {
  readonly task: SourceTask;
  readonly survivors: readonly number[];
}

interface Choice {
  readonly chosen: readonly number[];
  /** Beside the source's list. */
  readonly probabilities?: Float64Array;
  readonly effectiveCandidates: number;
  readonly anchor: number;
  readonly spread: Spread;
}

/** Takes as many of the survivors that are not taken yet as are wanted, in the order of the source's preference. */
function choose({ task, context, survivors, fates }: ChoiceInput): Choice {
  const { list } = context;
  const isTaken = new Set(task.taken);
  const available = survivors.filter((at) => !isTaken.has(list.rows[at] ?? -1));
  const axis = simansAxis(context, task);
  const preference = preferenceFor(context, task, { ...axis, available });
  const wanted = task.settings.n - task.pinned;
  const chosen: number[] = [];
  for (const at of available) {
    fates[at] = NOT_SAMPLED;
  }
  const order = preference === undefined ? [] : preference.values === undefined ? available.keys() : inOrderOf(preference.values);
  for (const index of order) {
    if (chosen.length >= wanted) break;
    const at = available[index] ?? -1;
    const row = list.rows[at] ?? -1;
    const isLike = isLikeTaken(row, [...task.taken, ...chosen], context);
    fates[at] = isLike ? DIVERSITY : SAMPLED;
    if (!isLike) chosen.push(row);
  }
  const probabilities = spreadOut(preference?.probabilities, available, fates.length);
  const effectiveCandidates = preference === undefined ? 0 : (preference.effectiveCandidates ?? chosen.length);
  return { chosen, ...(probabilities === undefined ? {} : { probabilities }), effectiveCandidates, ...axis };
}

function spreadOut(values: Float64Array | undefined, positions: readonly number[], length: number): Float64Array | undefined {
  if (values === undefined) {
    return undefined;
  }
  const spread = new Float64Array(length).fill(Number.NaN);
  positions.forEach((at, index) => {
    spread[at] = values[index] ?? Number.NaN;
  });
  return spread;
}

/** Where SimANS measures from, and in which unit. */
function simansAxis(context: SourceContext, { facts, position, context: { seed } }: SourceTask): Pick<Choice, "anchor" | "spread"> {
  const { settings, pool } = context;
  if (settings.draw !== "simans" || pool.retrieval === "lexical") {
    return { anchor: Number.NaN, spread: rawSpread };
  }
  const positives = isRescored(context) ? (pool.rescored?.positives ?? []) : pool.positiveScores;
  const { anchor, axis } = settings.simans;
  const name = `${String(seed)}:${facts.identity.query.key}:${settings.source}:anchor`;
  return {
    anchor: anchor === "drawn" ? drawnAnchor(positives, name) : anchorOf(positives, anchor),
    spread: axis === "raw" ? rawSpread : isRescored(context) ? facts.rescoredSpread(position) : facts.spread(position),
  };
}

interface Lot extends Pick<Choice, "anchor" | "spread"> {
  readonly available: readonly number[];
}

/** BM25 scores say nothing of the distance to a positive: there SimANS takes the nearest. */
function preferenceFor(context: SourceContext, { facts, context: { seed } }: SourceTask, lot: Lot): Preference | undefined {
  const { settings, pool, list } = context;
  if (settings.draw === "simans" && pool.retrieval === "lexical") {
    return {};
  }
  const scores = isRescored(context) ? (pool.rescored?.rows ?? pool.scores) : pool.scores;
  const rows = Int32Array.from(lot.available, (at) => list.rows[at] ?? -1);
  return preferenceOf({
    collection: facts.identity.collection,
    query: facts.identity.query,
    settings,
    seed,
    scores: Float64Array.from(rows, (row) => scores[row] ?? Number.NaN),
    groups: rows.map((row) => facts.groups[row] ?? -1),
    anchor: lot.anchor,
    spread: lot.spread,
  });
}

function counted(fates: Uint8Array): Uint32Array {
  const counts = new Uint32Array(FATES.length);
  for (const fate of fates) {
    counts[fate] = (counts[fate] ?? 0) + 1;
  }
  return counts;
}
