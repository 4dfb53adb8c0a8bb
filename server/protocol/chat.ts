import type { Outcome } from "./outcome";
import { request } from "./rpc";

/** A language model that a person may choose: one of VS Code's, or one at the endpoint of the settings. Holds no key and no address. */
export interface ChatModelRef {
  readonly provider: "vscode" | "endpoint";
  /** VS Code's vendor and id of the model, joined by a slash; or its name at the endpoint. */
  readonly id: string;
  /** For people. */
  readonly label: string;
  /** Who offers it: "Copilot", or the host of the endpoint. */
  readonly offeredBy: string;
  /** Largest length of a question, in tokens; absent where it is not known. */
  readonly maxInputTokens?: number;
}

export interface AskChatParams {
  readonly model: ChatModelRef;
  readonly instructions: string;
  readonly messages: readonly { readonly role: "user" | "assistant"; readonly text: string }[];
  readonly maxTokens: number;
}

export interface ChatText {
  readonly text: string;
  /** Tokens, as the model counts them; a token for four characters where it does not. */
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Server to client: asks one of VS Code's language models. Cancelled as any request is. */
export const askChat = request<AskChatParams, Outcome<ChatText>>("nearmiss/askChat");

/** How an OpenAI-compatible endpoint is reached. Lives as long as a run; never stored, logged or sent to a panel. */
export interface EndpointAccess {
  /** Base address, such as "http://localhost:11434/v1". */
  readonly url: string;
  readonly key?: string;
}

/** The person's settings about language models. */
export interface ChatSettings {
  /** Questions under way at once. */
  readonly concurrency: number;
  /** Seconds after which a question is given up. */
  readonly timeout: number;
  /** For a million tokens; absent where the person gave none. */
  readonly prices?: { readonly input: number; readonly output: number };
  readonly confirmingPrices?: { readonly input: number; readonly output: number };
  /** Absent where no endpoint is set. */
  readonly endpoint?: EndpointAccess;
}

/** Server to client, when a run begins: what the settings and the secret store say now. Fails where an endpoint's key cannot be read. */
export const chatSettings = request<Record<string, never>, Outcome<ChatSettings>>("nearmiss/chatSettings");
