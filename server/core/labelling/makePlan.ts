import type { ChatRequest, Prices } from "../chat/chat";
import { costOf, requestTokens } from "../chat/tokenEstimate";
import type { LabellingPlan } from "./labellingPlan";
import type { PlanOrder } from "./labellingOrder";
import { counted, nothingToAsk, queriesText } from "./labellingWords";
import type { Question } from "./questions";
import type { RehearsedQuery } from "./rehearse";

/** A verdict with a sentence of reasons and the words that decide, as JSON. */
const TOKENS_PER_CANDIDATE = 60;
/** A short phrase. */
const TOKENS_PER_ANSWER = 30;

/** What is asked of one model. */
interface Load {
  readonly questions: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Adds up what a rehearsal found. */
export function makePlan(order: PlanOrder, rehearsed: readonly RehearsedQuery[]): LabellingPlan {
  const ask = total(rehearsed.map((query) => loadOf(query.ask, query.laterAsk, answerTokens(query.question))));
  const confirm = total(rehearsed.map((query) => loadOf(confirmRequests(query), 0, TOKENS_PER_CANDIDATE * pairsOf(query.question))));
  const cachedCalls = rehearsed.reduce((sum, query) => sum + query.cachedCalls, 0);
  const cost = costTogether([
    [ask, order.ask.prices],
    [confirm, order.confirm?.prices],
  ]);
  return {
    queries: rehearsed.length,
    pairs: rehearsed.reduce((sum, { question }) => sum + pairsOf(question), 0),
    calls: ask.questions + confirm.questions + cachedCalls,
    cachedCalls,
    inputTokens: ask.inputTokens + confirm.inputTokens,
    outputTokens: ask.outputTokens + confirm.outputTokens,
    ...(cost === undefined ? {} : { cost }),
    text: planText(order, rehearsed, { ask, confirm, cachedCalls, isPriced: cost !== undefined }),
  };
}

/** Where it is not known yet what will be flagged, the confirming model may be asked all that the first one is. */
function confirmRequests({ ask, confirm, laterConfirm }: RehearsedQuery): readonly ChatRequest[] {
  return laterConfirm > 0 ? ask : confirm;
}

function answerTokens({ task, input }: Question): number {
  return task === "judge" ? TOKENS_PER_CANDIDATE * input.candidates.length : TOKENS_PER_ANSWER;
}

/** @param answer about how many tokens an answer has */
function loadOf(requests: readonly ChatRequest[], later: number, answer: number): Load {
  const input = requests.reduce((sum, request) => sum + requestTokens(request), 0);
  const output = requests.reduce((sum, { maxTokens }) => sum + Math.min(maxTokens, answer), 0);
  // Questions that are not known yet are taken to be as long as those that are.
  const factor = requests.length === 0 ? 0 : (requests.length + later) / requests.length;
  return { questions: requests.length + later, inputTokens: Math.round(input * factor), outputTokens: Math.round(output * factor) };
}

function total(loads: readonly Load[]): Load {
  return loads.reduce(
    (sum, { questions, inputTokens, outputTokens }) => ({
      questions: sum.questions + questions,
      inputTokens: sum.inputTokens + inputTokens,
      outputTokens: sum.outputTokens + outputTokens,
    }),
    { questions: 0, inputTokens: 0, outputTokens: 0 },
  );
}

/** Undefined where a model that is to be asked has no prices. */
function costTogether(loads: readonly (readonly [Load, Prices | undefined])[]): number | undefined {
  let cost = 0;
  for (const [load, prices] of loads) {
    if (load.questions === 0) continue;
    const own = costOf(load, prices);
    if (own === undefined) return undefined;
    cost += own;
  }
  return cost;
}

function pairsOf(question: Question): number {
  return question.task === "judge" ? question.input.candidates.length + question.flagged.length : question.input.passages.length;
}

/** What the first model is shown. */
function passagesOf({ task, input }: Question): number {
  return task === "judge" ? input.candidates.length + input.positives.length : input.passages.length;
}

interface PlanFacts {
  readonly ask: Load;
  readonly confirm: Load;
  readonly cachedCalls: number;
  readonly isPriced: boolean;
}

function planText(order: PlanOrder, rehearsed: readonly RehearsedQuery[], { ask, confirm, cachedCalls, isPriced }: PlanFacts): string {
  if (rehearsed.length === 0) return nothingToAsk(order.task);
  const asked = rehearsed.filter((query) => query.ask.length > 0);
  const left = ask.questions + confirm.questions;
  if (left === 0) return `All ${counted(cachedCalls, "question")} were answered before: nothing is sent anywhere.`;
  return [
    ...(ask.questions === 0 ? [] : [sentText(ask.questions, asked, order)]),
    ...(confirm.questions === 0 ? [] : [confirmText(confirm.questions, asked.length > 0, order)]),
    ...(cachedCalls === 0 ? [] : [`${counted(cachedCalls, "question")} more ${cachedCalls === 1 ? "was" : "were"} answered before.`]),
    `Tokens are estimates: one for four bytes of a question, and ${answerLength(order.task)}.`,
    ...(isPriced ? [] : ["Without prices in the settings its cost is not known."]),
  ].join(" ");
}

function sentText(questions: number, asked: readonly RehearsedQuery[], { task, ask }: PlanOrder): string {
  const passages = asked.reduce((sum, { question }) => sum + passagesOf(question), 0);
  const most = task === "answer" && asked.some(({ laterAsk }) => laterAsk > 0) ? "At most " : "";
  return `${most}${counted(questions, "question")} with ${queriesText(asked.length)} and ${counted(passages, "passage")} ${questions === 1 ? "goes" : "go"} to ${ask.goesTo}.`;
}

function confirmText(questions: number, isOpen: boolean, { confirm }: PlanOrder): string {
  const most = isOpen ? "at most " : "";
  return `What is flagged goes to ${confirm?.goesTo ?? ""} to be confirmed, with its query and positives: ${most}${counted(questions, "question")}.`;
}

function answerLength(task: PlanOrder["task"]): string {
  return task === "judge" ? `${String(TOKENS_PER_CANDIDATE)} for the verdict on a candidate` : `${String(TOKENS_PER_ANSWER)} for an answer`;
}
