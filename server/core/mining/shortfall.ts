import { DROP_RULES, fateOf } from "./candidate";
import type { DropRule } from "./candidate";
import type { Decision, SourceDecision } from "./decision";
import type { Pool } from "./pool";

/** Why a source has too few negatives for a query. */
export type ShortfallCause =
  /** Its list holds too few that could be negatives at all: a small corpus, group or rank window. */
  | "few_found"
  /** SimANS has no positive's score to draw near to. */
  | "no_anchor"
  /** This rule dropped most of them. */
  | DropRule;

export interface Shortfall {
  /** Position of the source in the mix. */
  readonly source: number;
  readonly missing: number;
  readonly cause: ShortfallCause;
  /** What the source says of its list. */
  readonly note?: string;
}

/** No setting can help against these. */
const identity: readonly DropRule[] = ["own_positive", "query_text", "marked", "same_text", "not_sampled"];
const settable = DROP_RULES.filter((rule) => !identity.includes(rule)).map((rule) => ({ rule, fate: fateOf(rule) }));

/** The sources that miss negatives, each with what took most of its candidates. A query marked bad misses none. */
export function shortfallsOf(pool: Pool, { sources, short }: Decision): readonly Shortfall[] {
  if (short === 0) {
    return [];
  }
  return sources.flatMap((source, position) => {
    const missing = source.settings.n - source.kept;
    const note = pool.lists[position]?.note;
    return missing <= 0 ? [] : [{ source: position, missing, cause: causeOf(source), ...(note === undefined ? {} : { note }) }];
  });
}

function causeOf(source: SourceDecision): ShortfallCause {
  const { settings, dropped, simansAnchor, survived } = source;
  if (settings.draw === "simans" && survived > 0 && Number.isNaN(simansAnchor)) {
    return "no_anchor";
  }
  let cause: ShortfallCause = "few_found";
  let most = 0;
  for (const { rule, fate } of settable) {
    const count = dropped[fate] ?? 0;
    if (count > most) {
      most = count;
      cause = rule;
    }
  }
  return cause;
}
