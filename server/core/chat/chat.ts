import type { Cancellation } from "../util/cancellation";
import type { Result } from "../util/result";

/** One turn of a conversation. There is no system turn: not every provider has one, see `ChatRequest.instructions`. */
export interface ChatMessage {
  readonly role: "user" | "assistant";
  readonly text: string;
}

/** A question to a language model. Two requests that are the same are answered once: the answer is kept by the content of all of this. */
export interface ChatRequest {
  /** Name of the model as its provider has it. */
  readonly model: string;
  /** What the model is to do. Never holds a text of the data. Sent as the system message where there is one, else before the first message. */
  readonly instructions: string;
  readonly messages: readonly ChatMessage[];
  /** Largest length of the answer, in tokens. */
  readonly maxTokens: number;
  readonly temperature: number;
  readonly seed: number;
  /** A JSON schema that the answer has to keep to, for providers that can hold a model to it. The answer is checked in any case. */
  readonly schema?: { readonly name: string; readonly schema: Readonly<Record<string, unknown>> };
  /** Asks for the log-probabilities of the answer's tokens, with so many alternatives for each place. */
  readonly logprobs?: number;
}

export interface ChatUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Whether the provider did not count, and this is our estimate. */
  readonly estimated: boolean;
}

/** Natural logarithm of the probability of one token of an answer, and of what else the model considered in its place. */
export interface TokenProbability {
  readonly token: string;
  readonly logprob: number;
  readonly alternatives: readonly { readonly token: string; readonly logprob: number }[];
}

export interface ChatAnswer {
  readonly text: string;
  /** Why it ends: the model was done, the answer was cut at `maxTokens`, or the provider held it back. */
  readonly ending: "stop" | "length" | "refused";
  readonly usage: ChatUsage;
  /** Name of the model that answered, as the provider gives it; the one asked for where it gives none. */
  readonly model: string;
  /** In the order of the answer; absent where the provider offers none. */
  readonly tokens?: readonly TokenProbability[];
}

/**
 * A language model. Fails with "rate-limited", "unreachable", "no-permission", "not-found", "refused", "bad-answer" or "cancelled"; what passes
 * by itself (a busy server, a cut connection) has been tried again before it fails.
 */
export interface ChatModel {
  ask(request: ChatRequest, cancellation: Cancellation): Promise<Result<ChatAnswer>>;
}

/** Answers that were given before, by the name of their request. */
export interface AnswerCache {
  get(name: string): Promise<ChatAnswer | undefined>;
  /** A failure to keep an answer is told in the log: the answer itself is there. */
  put(name: string, answer: ChatAnswer): Promise<void>;
}

/** Money for a million tokens, in whatever currency the person counts. */
export interface Prices {
  readonly input: number;
  readonly output: number;
}
