import type { Grouping } from "../../grouping/grouping";
import { UNDECIDED, fateOf } from "../candidate";
import type { DropRule } from "../candidate";
import type { DecisionContext } from "../decide";
import type { Pool, SourceList } from "../pool";
import type { PoolFacts } from "../poolFacts";
import type { SourceSettings } from "../sourceSettings";

/** Passages that belong together, where a source needs them. */
export interface Groupings {
  readonly article?: Grouping;
  readonly topic?: Grouping;
}

/** What the rules of one source may look at, for one query. */
export interface SourceContext {
  readonly settings: SourceSettings;
  readonly pool: Pool;
  readonly list: SourceList;
  readonly facts: PoolFacts;
  readonly groupings: Groupings;
  /** How many neighbours of a positive are left out of its article, on each side. */
  readonly adjacentPassages: number;
  /** Score of the positives that margins are taken against, on the scale of the retrieval and on that of the rescorer; NaN where unknown. */
  readonly anchor: number;
  readonly rescoredAnchor: number;
  /** The decision that the source takes part in. */
  readonly decision: DecisionContext;
}

/** Whether a source goes by second scores. Under sentence-transformers' rules these took the place of the first before any rule was asked. */
export function isRescored({ settings, pool }: Pick<SourceContext, "settings" | "pool">): boolean {
  return settings.rescore.kind !== "none" && settings.compat === null && pool.retrieval === "dense";
}

/** One rule: drops candidates of a source's list, and says why. */
export interface Rule {
  readonly rule: DropRule;
  /** Writes the rule's number for each candidate it drops, among those that nothing is decided about. */
  readonly sift: (fates: number[], context: SourceContext) => void;
  /** Whether it drops one candidate, whose rank counts from 1 in the source's list. */
  readonly drops: (row: number, rank: number, context: SourceContext) => boolean;
  /** Why it drops a candidate, in words. */
  readonly words: (row: number, rank: number, context: SourceContext) => string;
}

/** A number of each row that a limit can be set to. */
export type Measure = "scores" | "positiveSimilarity" | "rescored";

export interface LimitRule {
  readonly rule: DropRule;
  readonly measure: Measure;
  /** Which values are dropped: those above the limit, below it, or at it and above. Unknown values never are. */
  readonly side: "above" | "below" | "at_least";
  /** Undefined or NaN where the rule is off or cannot be asked. */
  readonly limit: (context: SourceContext) => number | undefined;
  readonly words: (value: number, limit: number, context: SourceContext) => string;
}

/** A rule that compares one number of each row with one limit, in a plain loop: these run over whole files while a slider moves. */
export function limitRule({ rule, measure, side, limit, words }: LimitRule): Rule {
  const fate = fateOf(rule);
  const isBeyond = (value: number, at: number): boolean => (side === "above" ? value > at : side === "below" ? value < at : value >= at);
  return {
    rule,
    sift: (fates, context) => {
      const at = limit(context);
      const values = valuesOf(measure, context.pool);
      if (at === undefined || values === undefined) {
        return;
      }
      const { rows } = context.list;
      for (let position = 0; position < rows.length; position += 1) {
        if (fates[position] === UNDECIDED && isBeyond(values[rows[position] ?? -1] ?? Number.NaN, at)) {
          fates[position] = fate;
        }
      }
    },
    drops: (row, _rank, context) => isBeyond(valuesOf(measure, context.pool)?.[row] ?? Number.NaN, limit(context) ?? Number.NaN),
    words: (row, _rank, context) => words(valuesOf(measure, context.pool)?.[row] ?? Number.NaN, limit(context) ?? Number.NaN, context),
  };
}

export interface RankRule {
  readonly rule: DropRule;
  /** Which places of the list are dropped, counted from 0; `end` is not among them. Undefined where the rule is off. */
  readonly dropped: (context: SourceContext) => { readonly start: number; readonly end: number } | undefined;
  readonly words: Rule["words"];
}

/** A rule that drops a part of the list, whatever stands there. */
export function rankRule({ rule, dropped, words }: RankRule): Rule {
  const fate = fateOf(rule);
  return {
    rule,
    sift: (fates, context) => {
      const { start, end } = dropped(context) ?? { start: 0, end: 0 };
      for (let position = start; position < Math.min(end, fates.length); position += 1) {
        if (fates[position] === UNDECIDED) fates[position] = fate;
      }
    },
    drops: (_row, rank, context) => {
      const part = dropped(context);
      return part !== undefined && rank > part.start && rank <= part.end;
    },
    words,
  };
}

export interface TestRule {
  readonly rule: DropRule;
  readonly isOn: (context: SourceContext) => boolean;
  readonly drops: Rule["drops"];
  readonly words: Rule["words"];
}

/** A rule that looks at each candidate by itself. */
export function testRule({ rule, isOn, drops, words }: TestRule): Rule {
  const fate = fateOf(rule);
  return {
    rule,
    sift: (fates, context) => {
      if (!isOn(context)) {
        return;
      }
      const { rows } = context.list;
      for (let position = 0; position < rows.length; position += 1) {
        if (fates[position] === UNDECIDED && drops(rows[position] ?? -1, position + 1, context)) {
          fates[position] = fate;
        }
      }
    },
    drops: (row, rank, context) => isOn(context) && drops(row, rank, context),
    words,
  };
}

function valuesOf(measure: Measure, pool: Pool): Float64Array | undefined {
  return measure === "rescored" ? pool.rescored?.rows : pool[measure];
}
