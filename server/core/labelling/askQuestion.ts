import type { Attribution } from "../attribution/attribution";
import { attributeAnswer } from "../attribution/attributeAnswer";
import type { ChatModel } from "../chat/chat";
import type { LabellingConfig } from "../config/labellingSchema";
import type { Judgement, JudgeInput } from "../judging/judgement";
import { flaggedOf } from "../judging/flaggedOf";
import { judgeQuery } from "../judging/judgeQuery";
import type { Cancellation } from "../util/cancellation";
import type { Failure } from "../util/failure";
import { ok } from "../util/result";
import type { Result } from "../util/result";
import type { Question } from "./questions";

/** A model as a question is put to it. */
export interface AskedModel {
  readonly name: string;
  readonly chat: ChatModel;
}

export interface Asking {
  readonly settings: LabellingConfig;
  readonly cancellation: Cancellation;
  readonly ask: AskedModel;
  readonly confirm?: AskedModel;
}

/** What a confirming model says of what the first one flagged. */
export interface Confirmation {
  readonly input: JudgeInput;
  readonly judgement: Result<Judgement>;
}

/** What models answered to a question. */
export type Findings =
  | { readonly task: "judge"; readonly judgement: Judgement; readonly confirmation?: Confirmation }
  | { readonly task: "answer"; readonly attribution: Attribution };

/** Puts a question to the models. Where only the confirming one fails, the first one's word is there nevertheless. */
export async function askQuestion(question: Question, asking: Asking): Promise<Result<Findings>> {
  if (question.task === "judge") return await judged(question.input, asking);
  const { ask, settings, cancellation } = asking;
  const attribution = await attributeAnswer(question.input, {
    chat: ask.chat,
    model: ask.name,
    method: settings.contribution,
    subsets: settings.subsets,
    maxPassageCharacters: settings.max_passage_characters,
    seed: settings.seed,
    cancellation,
  });
  return attribution.ok ? ok({ task: "answer", attribution: attribution.value }) : attribution;
}

async function judged(input: JudgeInput, asking: Asking): Promise<Result<Findings>> {
  const judgement = await judgedBy(asking.ask, input, asking);
  if (!judgement.ok) return judgement;
  const flagged = asking.confirm === undefined ? undefined : flaggedOf(input, judgement.value);
  if (asking.confirm === undefined || flagged === undefined) return ok({ task: "judge", judgement: judgement.value });
  const confirmation = { input: flagged, judgement: await judgedBy(asking.confirm, flagged, asking) };
  return ok({ task: "judge", judgement: judgement.value, confirmation });
}

function judgedBy({ name, chat }: AskedModel, input: JudgeInput, { settings, cancellation }: Asking): Promise<Result<Judgement>> {
  const { guidelines, max_passage_characters: maxPassageCharacters, seed } = settings;
  return judgeQuery(input, { chat, model: name, guidelines, maxPassageCharacters, seed, cancellation });
}

/** Why a confirming model said nothing; undefined where it did or was not asked. */
export function confirmationFailure(findings: Findings): Failure | undefined {
  const confirmed = findings.task === "judge" ? findings.confirmation?.judgement : undefined;
  return confirmed?.ok === false ? confirmed.failure : undefined;
}
