import { absoluteMargin } from "./absoluteMargin";
import type { DropRule } from "../candidate";
import { adjacent } from "./adjacent";
import { maxFnProbability } from "./maxFnProbability";
import { maxPositiveSimilarity } from "./maxPositiveSimilarity";
import { maxScore } from "./maxScore";
import { minScore } from "./minScore";
import { nearDuplicateByVector, nearDuplicateByWords } from "./nearDuplicate";
import { nearQueryByVector, nearQueryByWords } from "./nearQuery";
import { rangeMax, rangeMin } from "./rankWindow";
import { relativeMargin } from "./relativeMargin";
import { rescoredRules } from "./rescored";
import type { Rule, SourceContext } from "./rule";
import { where } from "./where";

/** These rest on cosine similarities and are not asked about BM25 scores, whose scale is another. */
const scoreRules: readonly Rule[] = [absoluteMargin, relativeMargin, maxScore, minScore, maxFnProbability];

const rules: readonly Rule[] = [
  where,
  rangeMin,
  rangeMax,
  adjacent,
  nearQueryByVector,
  nearQueryByWords,
  nearDuplicateByVector,
  nearDuplicateByWords,
  maxPositiveSimilarity,
  ...scoreRules,
];
const withoutScores = rules.filter((rule) => !scoreRules.includes(rule));

/** The rules of a source on what retrieval knows, in their order; identity rules go before them. */
export function rulesFor({ pool }: SourceContext): readonly Rule[] {
  return pool.retrieval === "lexical" ? withoutScores : rules;
}

/** Why a rule dropped a candidate, in words. Two rules may go by one name: by vectors and by words. */
export function reasonOf(name: DropRule, row: number, rank: number, context: SourceContext): string {
  const named = [...rules, ...rescoredRules].filter(({ rule }) => rule === name);
  const rule = named.find(({ drops }) => drops(row, rank, context)) ?? named[0];
  if (rule === undefined) {
    throw new Error(`No filter goes by the name ${name}.`);
  }
  return rule.words(row, rank, context);
}
