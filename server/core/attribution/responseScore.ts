import type { ChatAnswer, TokenProbability } from "../chat/chat";
import { isUnanswered } from "./answerPrompt";
import { wordAgreement } from "./wordAgreement";

/** Log-probabilities below this (1e-7) are beyond what servers compute with; some write -9999 for "not among the likeliest". */
const LOWEST_LOGPROB = -16;

/** y(m): how near the answer of a subset of the passages comes to the reference answer. Larger is nearer. */
export type ResponseScore = (answer: ChatAnswer) => number;

/** How many of the words agree, in [0, 1]. An answer that says there is none agrees in nothing with one that is given. */
export function byWords(reference: ChatAnswer): ResponseScore {
  return ({ text }) => (isUnanswered(text) === isUnanswered(reference.text) ? wordAgreement(reference.text, text) : 0);
}

/**
 * Mean log-probability of the reference answer's tokens under the subset, in nats, at most 0. Chat models score only what they say themselves, so it
 * is read along the subset's own answer for as long as that says the same, and at its first other token from the alternatives there: the
 * reference's token, or the lowest that is listed, which is an upper bound. After that nothing is known.
 */
export function byTokens(reference: readonly TokenProbability[]): ResponseScore {
  return ({ tokens = [] }) => {
    const logprobs: number[] = [];
    for (const [at, { token }] of reference.entries()) {
      const said = tokens[at];
      if (said === undefined) break;
      logprobs.push(Math.min(0, Math.max(LOWEST_LOGPROB, said.token === token ? said.logprob : insteadOf(said, token))));
      if (said.token !== token) break;
    }
    return logprobs.length === 0 ? LOWEST_LOGPROB : logprobs.reduce((sum, logprob) => sum + logprob, 0) / logprobs.length;
  };
}

function insteadOf(said: TokenProbability, token: string): number {
  const listed = said.alternatives.find((alternative) => alternative.token === token);
  return listed?.logprob ?? Math.min(said.logprob, ...said.alternatives.map(({ logprob }) => logprob));
}
