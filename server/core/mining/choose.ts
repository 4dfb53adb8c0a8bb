import { anchorOf, drawnAnchor } from "./anchors";
import { fateOf, SAMPLED } from "./candidate";
import { preferenceOf, takeGreatest } from "./draw";
import type { Preference } from "./draw";
import { isLikeTaken } from "./filters/diversity";
import { isRescored } from "./filters/rule";
import type { SourceContext } from "./filters/rule";
import type { SourceTask } from "./runSource";
import { rawSpread } from "./simans";
import type { Spread } from "./simans";
import { entryName } from "./sourceSettings";

export interface ChoiceInput {
  readonly task: SourceTask;
  readonly context: SourceContext;
  /** Positions in the source's list. */
  readonly survivors: readonly number[];
  /** By position; what is chosen, passed over and left is written here. */
  readonly fates: number[];
}

/** Positions that a source drew among, with the probability of each to be drawn first. Good until the next draw. */
export interface Drawn {
  readonly positions: readonly number[];
  readonly probabilities: Float64Array;
}

export interface Choice {
  /** Rows of the pool, in the order in which they were taken. */
  readonly chosen: readonly number[];
  readonly drawn?: Drawn;
  readonly effectiveCandidates: number;
  /** Where SimANS measures from, and in which unit. */
  readonly anchor: number;
  readonly spread: Spread;
}

const DIVERSITY = fateOf("diversity");
const NOT_SAMPLED = fateOf("not_sampled");

/** Takes as many of the survivors that are not taken yet as are wanted, in the order of the source's preference. */
export function choose({ task, context, survivors, fates }: ChoiceInput): Choice {
  const { rows } = context.list;
  const isTaken = new Set(task.taken);
  const available = isTaken.size === 0 ? survivors : survivors.filter((at) => !isTaken.has(rows[at] ?? -1));
  const axis = simansAxis(context, task);
  const preference = preferenceFor(context, task, { ...axis, available });
  const wanted = task.settings.n - task.pinned;
  const chosen: number[] = [];
  const taken = task.taken.filter((row) => task.takenLater?.has(row) !== true);
  for (const at of available) {
    fates[at] = NOT_SAMPLED;
  }
  for (let asked = 0; preference !== undefined && asked < available.length && chosen.length < wanted; asked += 1) {
    const index = preference.values === undefined ? asked : takeGreatest(preference.values);
    if (index === -1) break;
    const at = available[index] ?? -1;
    const row = rows[at] ?? -1;
    const isLike = isLikeTaken(row, taken, context);
    fates[at] = isLike ? DIVERSITY : SAMPLED;
    if (isLike) continue;
    chosen.push(row);
    taken.push(row);
  }
  const probabilities = preference?.probabilities;
  return {
    chosen,
    ...(probabilities === undefined ? {} : { drawn: { positions: available, probabilities } }),
    effectiveCandidates: preference === undefined ? 0 : (preference.effectiveCandidates ?? chosen.length),
    ...axis,
  };
}

function simansAxis(context: SourceContext, task: SourceTask): Pick<Choice, "anchor" | "spread"> {
  const { settings, pool } = context;
  if (settings.draw !== "simans" || pool.retrieval === "lexical") {
    return { anchor: Number.NaN, spread: rawSpread };
  }
  const positives = isRescored(context) ? (pool.rescored?.positives ?? []) : pool.positiveScores;
  const { anchor, axis } = settings.simans;
  const { facts, position } = task;
  return {
    anchor: anchor === "drawn" ? drawnAnchor(positives, `${nameOfDraw(task)}:anchor`) : anchorOf(positives, anchor),
    spread: axis === "raw" ? rawSpread : isRescored(context) ? facts.rescoredSpread(position) : facts.spread(position),
  };
}

interface Lot extends Pick<Choice, "anchor" | "spread"> {
  readonly available: readonly number[];
}

/** BM25 scores say nothing of the distance to a positive: there SimANS takes the nearest. */
function preferenceFor(context: SourceContext, task: SourceTask, { available, anchor, spread }: Lot): Preference | undefined {
  const { settings, pool, list, facts } = context;
  if (settings.draw === "nearest" || (settings.draw === "simans" && pool.retrieval === "lexical")) {
    return settings.source === "random" ? { effectiveCandidates: available.length } : {};
  }
  const scores = isRescored(context) ? (pool.rescored?.rows ?? pool.scores) : pool.scores;
  return preferenceOf({
    settings,
    positions: available,
    rows: list.rows,
    scores,
    noise: facts.noise(nameOfDraw(task)),
    anchor,
    spread,
  });
}

/** Draws of different seeds, queries and sources are independent, and so are those of two entries of the mix with the same source. */
function nameOfDraw({ facts, settings, position, context: { seed, sources } }: SourceTask): string {
  return `${String(seed)}:${facts.identity.query.key}:${settings.source}${entryName(sources, position)}`;
}
