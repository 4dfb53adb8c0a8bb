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

type JudgeQuestion = Extract<Question, { readonly task: "judge" }>;

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

/** What models answered to a question. */
export type Findings =
  | {
      readonly task: "judge";
      /** Absent where everything was judged before. */
      readonly judgement?: Judgement;
      /** What a confirming model says of what was flagged, or why it says nothing; absent where it was not asked. */
      readonly confirmation?: Result<Judgement>;
    }
  | { readonly task: "answer"; readonly attribution: Attribution };

/** Puts a question to the models. Where only the confirming one fails, the first one's word is there nevertheless. */
export async function askQuestion(question: Question, asking: Asking): Promise<Result<Findings>> {
  if (question.task === "judge") return await judged(question, asking);
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

async function judged({ input, flagged }: JudgeQuestion, asking: Asking): Promise<Result<Findings>> {
  const first = input.candidates.length === 0 ? undefined : await judgedBy(asking.ask, input, asking);
  if (first?.ok === false) return first;
  const found = first === undefined ? {} : { judgement: first.value };
  const fresh = first === undefined ? undefined : flaggedOf(input, first.value);
  // What there is no room for is confirmed by the next run.
  const candidates = [...(fresh?.candidates ?? []), ...flagged].slice(0, asking.settings.candidates);
  if (asking.confirm === undefined || candidates.length === 0) return ok({ task: "judge", ...found });
  const confirmation = await judgedBy(asking.confirm, { ...input, candidates }, asking);
  return confirmation.ok || first !== undefined ? ok({ task: "judge", ...found, confirmation }) : confirmation;
}

function judgedBy({ name, chat }: AskedModel, input: JudgeInput, { settings, cancellation }: Asking): Promise<Result<Judgement>> {
  const { guidelines, max_passage_characters: maxPassageCharacters, seed } = settings;
  return judgeQuery(input, { chat, model: name, guidelines, maxPassageCharacters, seed, cancellation });
}

/** What a confirming model said; undefined where it said nothing of use or was not asked. */
export function confirmedBy(findings: Findings): Judgement | undefined {
  const confirmation = findings.task === "judge" ? findings.confirmation : undefined;
  return confirmation?.ok === true ? confirmation.value : undefined;
}

/** Why a confirming model said nothing; undefined where it did or was not asked. */
export function confirmationFailure(findings: Findings): Failure | undefined {
  const confirmation = findings.task === "judge" ? findings.confirmation : undefined;
  return confirmation?.ok === false ? confirmation.failure : undefined;
}
