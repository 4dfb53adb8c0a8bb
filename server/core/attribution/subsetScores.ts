import type { AskedSubsets } from "./askedSubsets";
import type { AttributionOptions } from "./attribution";
import { byTokens, byWords } from "./responseScore";
import { allOf, noneOf, type Subset } from "./subset";

/** y(m) of the subsets of one query's passages that were asked about. */
export interface SubsetScores {
  /** y of all passages, of which the answer is the reference. */
  readonly whole: number;
  /** y of all passages less y of none: what they do together. */
  readonly together: number;
  /** By log-probabilities, else by words. */
  readonly isByTokens: boolean;
  readonly of: (subset: Subset) => number;
}

/** By log-probabilities only where all answers so far have them, since the two scores have different units. */
export function subsetScores(asked: AskedSubsets, passages: number, { method }: Pick<AttributionOptions, "method">): SubsetScores {
  const reference = asked.answerFrom(allOf(passages));
  const { tokens = [] } = reference;
  const isByTokens = method !== "leave_one_out" && tokens.length > 0 && asked.haveTokens;
  const score = isByTokens ? byTokens(tokens) : byWords(reference);
  const whole = score(reference);
  const none = score(asked.answerFrom(noneOf(passages)));
  return { whole, together: whole - none, isByTokens, of: (subset) => score(asked.answerFrom(subset)) };
}
