import { err, type Result } from "../util/result";
import type { ChatAnswer, ChatModel, ChatRequest } from "./chat";
import { requestText } from "./requestName";

/** Asks nobody: keeps each question once, for a batch file, and fails with "not-ready". */
export class CollectingChat implements ChatModel {
  readonly #requests = new Map<string, ChatRequest>();

  /** In the order in which they first came. */
  get requests(): readonly ChatRequest[] {
    return [...this.#requests.values()];
  }

  ask(request: ChatRequest): Promise<Result<ChatAnswer>> {
    const text = requestText(request);
    if (!this.#requests.has(text)) this.#requests.set(text, request);
    return Promise.resolve(err({ reason: "not-ready", message: "The question is in the batch and has no answer yet." }));
  }
}
