import { mostCalls } from "../attribution/mostCalls";
import { CachedChat } from "../chat/cachedChat";
import type { AnswerCache, ChatRequest } from "../chat/chat";
import { CollectingChat } from "../chat/collectingChat";
import type { LabellingConfig } from "../config/labellingSchema";
import type { HarvestQuery } from "../curation/harvestQueries";
import type { Sha256 } from "../ports";
import type { DatasetSession } from "../session/datasetSession";
import type { Suggestions } from "../suggestions/pairOpinion";
import { neverCancelled } from "../util/cancellation";
import { ok } from "../util/result";
import type { Result } from "../util/result";
import { askQuestion } from "./askQuestion";
import type { Asking } from "./askQuestion";
import type { PlanOrder } from "./labellingOrder";
import type { Question } from "./questions";
import { settledQuestion } from "./settledQuestion";

export interface RehearsalSources {
  readonly session: DatasetSession;
  readonly suggestions: Suggestions;
  readonly cache: AnswerCache;
  readonly sha256: Sha256;
}

/** What a run would ask about one query. */
export interface RehearsedQuery {
  readonly question: Question;
  /** Questions that were answered before. */
  readonly cachedCalls: number;
  /** Questions that can be asked now, of the first model and of the confirming one. */
  readonly ask: readonly ChatRequest[];
  readonly confirm: readonly ChatRequest[];
  /** Questions that depend on the answers to those: the most there can be. */
  readonly laterAsk: number;
  readonly laterConfirm: number;
}

/** Goes through a run with the answers that are kept and without asking anybody. */
export async function rehearse(
  order: PlanOrder,
  queries: readonly HarvestQuery[],
  sources: RehearsalSources,
): Promise<Result<readonly RehearsedQuery[]>> {
  const rehearsed: RehearsedQuery[] = [];
  const { session, suggestions } = sources;
  const settings = session.config.labelling;
  for (const query of queries) {
    const confirms = order.confirm !== undefined;
    const question = await settledQuestion(order.task, query, { session, suggestions, settings, confirms, cancellation: neverCancelled });
    if (!question.ok) return question;
    if (question.value !== undefined) rehearsed.push(await rehearseQuestion(question.value, order, { ...sources, settings }));
  }
  return ok(rehearsed);
}

async function rehearseQuestion(
  question: Question,
  { ask, confirm }: PlanOrder,
  { cache, sha256, settings }: RehearsalSources & { readonly settings: LabellingConfig },
): Promise<RehearsedQuery> {
  const [asked, confirming] = [new CollectingChat(), new CollectingChat()];
  const [first, second] = [new CachedChat(asked, cache, sha256), new CachedChat(confirming, cache, sha256)];
  const asking: Asking = {
    settings,
    cancellation: neverCancelled,
    ask: { name: ask.name, chat: first },
    ...(confirm === undefined ? {} : { confirm: { name: confirm.name, chat: second } }),
  };
  const findings = await askQuestion(question, asking);
  const isFirstAnswered = findings.ok || asked.requests.length === 0;
  const cachedCalls = first.hits + second.hits;
  return {
    question,
    cachedCalls,
    ask: asked.requests,
    confirm: confirming.requests,
    laterAsk: isFirstAnswered ? 0 : laterQuestions(question, settings, first.hits + asked.requests.length),
    laterConfirm: isFirstAnswered || question.task === "answer" || confirm === undefined ? 0 : 1,
  };
}

function laterQuestions(question: Question, { contribution: method, subsets }: LabellingConfig, known: number): number {
  if (question.task === "judge") return 0;
  return Math.max(0, mostCalls(question.input.passages.length, { method, subsets }) - known);
}
