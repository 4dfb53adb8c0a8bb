import { DROP_RULES, fateOf, SAMPLED } from "./candidate";
import type { DropRule } from "./candidate";
import type { Decision, SourceDecision } from "./decision";
import type { Pool } from "./pool";

/** Why a source has too few negatives for a query. */
export type ShortfallCause =
  /** Its list ends before enough were found that could be negatives: a small corpus or group, a query whose words are rare. */
  | "few_found"
  /** Its list was cut before: a rank window that is too small. */
  | "list_cut"
  /** SimANS has no positive's score to draw near to. */
  | "no_anchor"
  /** Earlier sources of the mix took most of what it found. */
  | "taken"
  /** This rule dropped most of what was lost, and what was lost would have been enough. */
  | DropRule;

export interface Shortfall {
  /** Position of the source in the mix. */
  readonly source: number;
  readonly missing: number;
  readonly cause: ShortfallCause;
  /** What the source says of a list that holds too few. */
  readonly note?: string;
}

/** No setting can help against these. */
const identity: readonly DropRule[] = ["own_positive", "query_text", "marked", "same_text", "not_sampled"];
const NOT_RESCORED = fateOf("not_rescored");
/** What a survivor becomes that no earlier source took. */
const LEFT_TO_CHOOSE = [fateOf("not_sampled"), fateOf("diversity"), SAMPLED];
const settable = DROP_RULES.filter((rule) => !identity.includes(rule)).map((rule) => ({ rule, fate: fateOf(rule) }));

/** The sources that miss negatives, each with what took most of its candidates. A query marked bad misses none. */
export function shortfallsOf(pool: Pool, { sources, short }: Decision): readonly Shortfall[] {
  if (short === 0) {
    return [];
  }
  return sources.flatMap((source, position) => {
    const missing = source.settings.n - source.kept;
    if (missing <= 0) return [];
    const cause = causeOf(source, missing);
    const note = cause === "few_found" ? pool.lists[position]?.note : undefined;
    return [{ source: position, missing, cause, ...(note === undefined ? {} : { note }) }];
  });
}

function causeOf(source: SourceDecision, missing: number): ShortfallCause {
  const { settings, dropped, simansAnchor, survived } = source;
  if (settings.draw === "simans" && survived > 0 && Number.isNaN(simansAnchor)) {
    return "no_anchor";
  }
  const countOf = (fate: number): number => dropped[fate] ?? 0;
  const taken = survived - LEFT_TO_CHOOSE.reduce((sum, fate) => sum + countOf(fate), 0);
  const lost: readonly (readonly [ShortfallCause, number])[] = [
    ["taken", taken],
    // Few are rescored by intention: that is the cause only where no limit is.
    ...settable.flatMap(({ rule, fate }) => (rule === "not_rescored" ? [] : [[rule, countOf(fate)] as const])),
  ];
  if (lost.reduce((sum, [, count]) => sum + count, 0) >= missing) {
    return lost.reduce((most, one) => (one[1] > most[1] ? one : most))[0];
  }
  return countOf(NOT_RESCORED) > 0 ? "not_rescored" : source.found >= settings.depth ? "list_cut" : "few_found";
}
