import type { AskChatParams, ChatText } from "#protocol/chat";
import type { Failure, Outcome } from "#protocol/outcome";
import { chatTrouble } from "./chatTrouble";
import type { ChatTrouble } from "./chatTrouble";
import { chatTurns } from "./chatTurns";
import type { ChatTurn } from "./chatTurns";

/** A language model that was found. */
export interface FoundModel {
  /** The parts of its answer, in order. Ends early without an error where the question is cancelled. */
  send(turns: readonly ChatTurn[]): Promise<AsyncIterable<string>>;
  countTokens(text: string): Promise<number>;
}

/** What may end a question before its answer is whole. */
export interface Limit {
  /** Seconds that the model may take, once it has the question: a person may take longer to allow it. */
  readonly seconds: number;
  /** Settles when the question was called off, or the time is up; never otherwise. */
  readonly ended: Promise<"cancelled" | "late">;
  /** The model has the question: the time runs, or runs anew. */
  start(): void;
  /** Settles after so many milliseconds, in which no model has the question. */
  pause(milliseconds: number): Promise<void>;
}

/** Milliseconds before a question is asked for the second, third and fourth time. VS Code does not say how long a provider wants to be left alone. */
const WAITS: readonly number[] = [1000, 4000, 16_000];

/** The whole answer of a model, or why there is none. An answer that breaks off is none; what may pass by itself is tried again a few times. */
export async function askModel(model: FoundModel, params: AskChatParams, limit: Limit): Promise<Outcome<ChatText>> {
  const answer = await Promise.race([patientAnswer(model, params, limit), limit.ended]);
  if (answer === "cancelled") return { ok: false, failure: cancelled };
  return answer === "late" ? { ok: false, failure: late(params, limit.seconds) } : answer;
}

async function patientAnswer(model: FoundModel, params: AskChatParams, limit: Limit): Promise<Outcome<ChatText>> {
  for (let attempt = 0; ; attempt += 1) {
    const answer = await wholeAnswer(model, params, limit);
    if (!("failure" in answer)) return { ok: true, value: answer };
    const wait = answer.passes ? WAITS[attempt] : undefined;
    if (wait === undefined) return { ok: false, failure: answer.failure };
    await limit.pause(wait);
  }
}

async function wholeAnswer(model: FoundModel, params: AskChatParams, limit: Limit): Promise<ChatText | ChatTrouble> {
  const turns = chatTurns(params);
  try {
    const stream = await model.send(turns);
    limit.start();
    let text = "";
    for await (const part of stream) text += part;
    const inputs = await Promise.all(turns.map((turn) => tokensOf(model, turn.text)));
    return { text, inputTokens: inputs.reduce((sum, tokens) => sum + tokens, 0), outputTokens: await tokensOf(model, text) };
  } catch (error) {
    return chatTrouble(error, params.model);
  }
}

/** Characters of a token in English texts, as a rule of thumb. */
const TOKEN_CHARACTERS = 4;

/** By the model's own count. Where it cannot count, which its provider shows by an error or by 0, the answer is worth more than the count: it is estimated. */
async function tokensOf(model: FoundModel, text: string): Promise<number> {
  const estimate = Math.ceil(text.length / TOKEN_CHARACTERS);
  return await model.countTokens(text).then(
    (tokens) => (tokens > 0 ? tokens : estimate),
    () => estimate,
  );
}

const cancelled: Failure = { reason: "cancelled", message: "The question was called off." };

function late({ model }: AskChatParams, seconds: number): Failure {
  return {
    reason: "unreachable",
    message: `${model.label} of ${model.offeredBy} has not answered within ${String(seconds)} s.`,
    nextStep: "Start again to go on from here, or raise nearmiss.languageModel.timeout.",
  };
}
