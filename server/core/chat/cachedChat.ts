import type { Sha256 } from "../ports";
import type { Cancellation } from "../util/cancellation";
import { ok, type Result } from "../util/result";
import type { AnswerCache, ChatAnswer, ChatModel, ChatRequest } from "./chat";
import { requestName } from "./requestName";
import { requestTokens } from "./tokenEstimate";

/**
 * Asks nothing twice: answers are kept by the name of their request, and a question that is on its way already is waited for. Any answer is
 * kept, also one that turns out to be of no use, since it was paid for and would come again; failures are not.
 */
export class CachedChat implements ChatModel {
  readonly #chat: ChatModel;
  readonly #cache: AnswerCache;
  readonly #sha256: Sha256;
  readonly #underWay = new Map<string, Promise<Result<ChatAnswer>>>();
  #hits = 0;

  constructor(chat: ChatModel, cache: AnswerCache, sha256: Sha256) {
    this.#chat = chat;
    this.#cache = cache;
    this.#sha256 = sha256;
  }

  /** Questions so far that cost nothing. */
  get hits(): number {
    return this.#hits;
  }

  async ask(request: ChatRequest, cancellation: Cancellation): Promise<Result<ChatAnswer>> {
    const name = requestName(request, this.#sha256);
    for (;;) {
      const underWay = this.#underWay.get(name);
      if (underWay === undefined) return this.#begin(name, request, cancellation);
      const shared = await underWay;
      if (shared.ok) this.#hits += 1;
      // Who asked first may give up; that is no answer for who did not.
      if (shared.ok || shared.failure.reason !== "cancelled" || cancellation.requested) return shared;
    }
  }

  async #begin(name: string, request: ChatRequest, cancellation: Cancellation): Promise<Result<ChatAnswer>> {
    const answer = this.#lookUpOrAsk(name, request, cancellation);
    this.#underWay.set(name, answer);
    try {
      return await answer;
    } finally {
      this.#underWay.delete(name);
    }
  }

  async #lookUpOrAsk(name: string, request: ChatRequest, cancellation: Cancellation): Promise<Result<ChatAnswer>> {
    const kept = await this.#cache.get(name);
    if (kept !== undefined) {
      this.#hits += 1;
      return ok(completed(kept, request));
    }
    const answer = await this.#chat.ask(request, cancellation);
    if (answer.ok) await this.#cache.put(name, answer.value);
    return answer;
  }
}

/** The answer of a batch may lack what only its question knows. */
function completed(answer: ChatAnswer, request: ChatRequest): ChatAnswer {
  const { usage } = answer;
  const inputTokens = usage.estimated && usage.inputTokens === 0 ? requestTokens(request) : usage.inputTokens;
  return { ...answer, model: answer.model === "" ? request.model : answer.model, usage: { ...usage, inputTokens } };
}
