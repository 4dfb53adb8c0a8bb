import type { CandidateSource } from "../config/samplerSchema";

/** Rules that can drop a candidate, in the order in which they are asked. The first that applies is the one reported. */
export const DROP_RULES = [
  "own_positive",
  "query_text",
  "marked",
  "where",
  "range_min",
  "range_max",
  "adjacent",
  "near_query",
  "near_duplicate",
  "max_positive_similarity",
  "absolute_margin",
  "relative_margin",
  "max_score",
  "min_score",
  "max_fn_probability",
  "same_text",
  "not_rescored",
  "rescore_absolute_margin",
  "rescore_relative_margin",
  "rescore_max_score",
  "rescore_min_score",
  "diversity",
  "not_sampled",
] as const;

export type DropRule = (typeof DROP_RULES)[number];

/** Why a candidate was kept. */
export type KeepRule = "pinned" | "sampled";

/** Every fate a candidate can have, by the number that stands for it in a decision. 0: nothing is decided yet. */
export const FATES = [undefined, "pinned", "sampled", ...DROP_RULES] as const;

export const UNDECIDED = 0;
export const PINNED = 1;
export const SAMPLED = 2;
const firstDrop = 3;

/** Number of a drop rule in a decision. */
export function fateOf(rule: DropRule): number {
  return DROP_RULES.indexOf(rule) + firstDrop;
}

/** The rule that a number in a decision stands for. Asking for 0 is a bug. */
export function ruleOf(fate: number): KeepRule | DropRule {
  const rule = FATES[fate];
  if (rule === undefined) {
    throw new RangeError(`There is no rule ${String(fate)}.`);
  }
  return rule;
}

/** One document considered for one query, and what became of it, in words for people. */
export interface Candidate {
  /** Index in the collection's document table. */
  readonly document: number;
  /** Position in the list of its source, the nearest document being 1; 0 for a candidate that was drawn or pinned, not retrieved. */
  readonly rank: number;
  /** Similarity to the query; a BM25 score in a lexical pool. Higher is nearer. NaN where it is unknown. */
  readonly score: number;
  /** Highest similarity to a positive of the query; NaN where it is unknown. */
  readonly positiveSimilarity: number;
  /** The second score, on the rescorer's own scale; absent where there is none. */
  readonly rescored?: number;
  /** The source that took it, or whose ruling is reported; "listed" for a pinned passage that no source found. */
  readonly source: CandidateSource | "listed";
  /** Every source that found it, in the order of the mix. */
  readonly sources: readonly CandidateSource[];
  readonly kept: boolean;
  readonly rule: KeepRule | DropRule;
  /** The rule in words with its values. */
  readonly reason: string;
  /** Probability of the first draw; absent where nothing was drawn. */
  readonly probability?: number;
}
