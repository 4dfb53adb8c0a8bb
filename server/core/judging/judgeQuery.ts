import type { ChatAnswer, ChatModel, ChatRequest, ChatUsage } from "../chat/chat";
import type { Cancellation } from "../util/cancellation";
import { err, ok, type Result } from "../util/result";
import type { Judgement, JudgeInput } from "./judgement";
import { judgeQuestion, type QuestionOptions } from "./judgeQuestion";
import { readJudgement } from "./readJudgement";

export interface JudgeOptions extends QuestionOptions {
  readonly chat: ChatModel;
  readonly cancellation: Cancellation;
}

/** How much longer the second answer may be where the first was cut. */
const MORE_ROOM = 2;

/**
 * Asks a model to judge the candidates of a query. An answer counts whole or not at all; where it does not, the model is told once what was
 * wrong, and fails with "bad-answer" after that. A refusal fails with "refused", and everything else as the model does.
 */
export async function judgeQuery(input: JudgeInput, options: JudgeOptions): Promise<Result<Judgement>> {
  const { chat, cancellation } = options;
  const question = judgeQuestion(input, options);
  let request = question.request;
  let usage: ChatUsage = { inputTokens: 0, outputTokens: 0, estimated: false };
  for (let isRetry = false; ; isRetry = true) {
    const asked = await chat.ask(request, cancellation);
    if (!asked.ok) return asked;
    const answer = asked.value;
    usage = sum(usage, answer.usage);
    if (answer.ending === "refused") return refused(answer);
    const read = readJudgement(answer.text, question);
    if (read.isValid) return ok({ ...read.judgement, model: answer.model, usage });
    if (isRetry) return badAnswer(answer, read.problems);
    request = corrected(request, answer, read.problems);
  }
}

/**
 * The same question with what was wrong with the answer to it. The answer itself is not shown again: what stands outside the data is ours
 * alone, and an answer may repeat what a passage says.
 */
function corrected(request: ChatRequest, { ending }: ChatAnswer, problems: readonly string[]): ChatRequest {
  if (ending === "length") {
    const brief = "Be brief: an answer before was too long and was cut. Give reasons of at most 10 words and spans of at most 8.";
    return { ...withWords(request, brief), maxTokens: request.maxTokens * MORE_ROOM };
  }
  const faults = `An answer before could not be used: it ${problems.join("; it ")}. Answer with the whole JSON object and nothing else.`;
  return withWords(request, faults);
}

function withWords(request: ChatRequest, words: string): ChatRequest {
  return { ...request, messages: request.messages.map(({ role, text }) => ({ role, text: `${text}\n\n${words}` })) };
}

function sum(first: ChatUsage, second: ChatUsage): ChatUsage {
  return {
    inputTokens: first.inputTokens + second.inputTokens,
    outputTokens: first.outputTokens + second.outputTokens,
    estimated: first.estimated || second.estimated,
  };
}

function refused({ model }: ChatAnswer): Result<never> {
  return err({ reason: "refused", message: `${model} refused to judge the query.`, nextStep: "Judge it yourself, or ask another model." });
}

function badAnswer({ model, ending }: ChatAnswer, problems: readonly string[]): Result<never> {
  const message =
    ending === "length"
      ? `The answer of ${model} was cut at its largest length, twice.`
      : `${model} gave no usable answer, twice: it ${problems.join("; it ")}.`;
  const nextStep =
    ending === "length"
      ? "Lower labelling.candidates, or ask another model. After a change at the service, set another labelling.seed: answers are kept."
      : "Ask another model.";
  return err({ reason: "bad-answer", message, nextStep });
}
