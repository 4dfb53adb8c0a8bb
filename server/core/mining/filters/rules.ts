import type { DropRule } from "../candidate";
import { absoluteMargin } from "./absoluteMargin";
import type { Filter, FilterContext, FilteredHit } from "./filter";
import { marked } from "./marked";
import { maxScore } from "./maxScore";
import { minScore } from "./minScore";
import { nearDuplicate } from "./nearDuplicate";
import { ownPositive } from "./ownPositive";
import { queryText } from "./queryText";
import { rangeMax, rangeMin } from "./rankWindow";
import { relativeMargin } from "./relativeMargin";

export type Rule = readonly [DropRule, Filter];

/** What no setting and no mark can overrule. */
export const identityRules: readonly Rule[] = [
  ["own_positive", ownPositive],
  ["query_text", queryText],
  ["marked", marked],
];

export const windowRules: readonly Rule[] = [
  ["range_min", rangeMin],
  ["range_max", rangeMax],
];

export const duplicateRules: readonly Rule[] = [["near_duplicate", nearDuplicate]];

/** These compare cosine similarities and are not asked about BM25 scores, whose scale is another. */
export const scoreRules: readonly Rule[] = [
  ["absolute_margin", absoluteMargin],
  ["relative_margin", relativeMargin],
  ["max_score", maxScore],
  ["min_score", minScore],
];

/** A rule that drops a candidate, and why. */
export interface Drop {
  readonly rule: DropRule;
  readonly reason: string;
}

/** The first of the rules that drops a candidate, if any does. */
export function firstDrop(rules: readonly Rule[], hit: FilteredHit, context: FilterContext): Drop | undefined {
  for (const [rule, filter] of rules) {
    const reason = filter(hit, context);
    if (reason !== undefined) {
      return { rule, reason };
    }
  }
  return undefined;
}
