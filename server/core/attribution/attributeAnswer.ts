import { plainLine } from "../chat/plainLine";
import { err, ok, type Result } from "../util/result";
import { isUnanswered } from "./answerPrompt";
import { AskedSubsets } from "./askedSubsets";
import type { Attribution, AttributionInput, AttributionOptions } from "./attribution";
import { allOf, noneOf } from "./subset";
import { subsetScores } from "./subsetScores";
import { type Finding, firstWay } from "./ways";
import { wordAgreement } from "./wordAgreement";

/** Weights are rounded to this part of 1: more is noise of the last bits. */
const DECIMALS = 1e6;
/** A longer answer is cut where it is kept; it was compared in full. */
const LONGEST_ANSWER = 500;

/**
 * Has the model answer a query from its passages and finds how much each passage contributed: u_j = max(0, w_j). y is the mean log-probability of
 * the answer's tokens where the model gives log-probabilities and the method is not "leave_one_out", else the agreement of words. w_j is
 *
 * - by "logprobs" and "leave_one_out" y(all) - y(all but j);
 * - by "surrogate" the weight of j in a sparse linear fit of y over random subsets (ContextCite, Cohen-Wang et al. 2024), or
 *   y(j alone) - y(none) where most subsets give the answer;
 * - by "auto" the first of these that tells the passages apart: leaving out one by one, unless two passages are alike, where those that it finds
 *   give the answer by themselves; y(j and those) - y(those) where they do not, and y(j alone) - y(none) where it finds none; the fit. All but the
 *   first are called "surrogate".
 *
 * An answer that is the same without any passage rests on none of them: all weights are 0, as they are where the passages hold no answer.
 * Questions that do not depend on each other's answers are asked at once. Fails as the model does, with "bad-answer" where an answer was held
 * back or the one from all passages was cut or is empty, and with "bad-arguments" where there are no passages.
 */
export async function attributeAnswer(input: AttributionInput, options: AttributionOptions): Promise<Result<Attribution>> {
  if (input.passages.length === 0) return err({ reason: "bad-arguments", message: "The query has no passages to be answered from." });
  const asked = new AskedSubsets(input, options);
  const found = await find(asked, input, options);
  if (!found.ok) return found;
  const { method, weights, note } = found.value;
  const { text, model } = asked.answerFrom(allOf(input.passages.length));
  return ok({
    answer: isUnanswered(text) ? "" : plainLine(text, LONGEST_ANSWER),
    method,
    weights: weights.map((weight) => Math.round(Math.max(0, weight) * DECIMALS) / DECIMALS),
    ...(note === undefined ? {} : { note }),
    model,
    usage: asked.usage,
  });
}

/** Takes one way after the other until one tells the passages apart, or none is left. */
async function find(asked: AskedSubsets, input: AttributionInput, options: AttributionOptions): Promise<Result<Omit<Finding, "next">>> {
  const count = input.passages.length;
  const first = firstWay(input, options);
  const begun = await asked.ask([allOf(count), noneOf(count), ...first.subsets]);
  if (!begun.ok) return begun;
  let finding = first.find(subsetScores(asked, count, options));
  const why = whyNone(asked, count);
  if (why !== undefined) return ok({ method: finding.method, weights: finding.weights.map(() => 0), note: why });
  while (finding.next !== undefined) {
    const answers = await asked.ask(finding.next.subsets);
    if (!answers.ok) return answers;
    finding = finding.next.find(subsetScores(asked, count, options));
  }
  return ok(finding);
}

/** Why no passage can have contributed, whatever the scores; undefined where some may have. */
function whyNone(asked: AskedSubsets, count: number): string | undefined {
  const answer = asked.answerFrom(allOf(count)).text;
  const byHeart = asked.answerFrom(noneOf(count)).text;
  if (isUnanswered(answer)) return "The passages do not answer the query.";
  if (isUnanswered(byHeart) || wordAgreement(answer, byHeart) < 1) return undefined;
  return "The model gives the same answer without any passage: it rests on none of them.";
}
