import type { AnswerCache, ChatAnswer, ChatRequest } from "#core/chat/chat";

export const request: ChatRequest = {
  model: "scripted-1",
  instructions: "Answer in one word.",
  messages: [{ role: "user", text: "Which colour has the sky?" }],
  maxTokens: 16,
  temperature: 0,
  seed: 42,
};

export const answer: ChatAnswer = {
  text: "Blue.",
  ending: "stop",
  usage: { inputTokens: 20, outputTokens: 2, estimated: false },
  model: "scripted-1-2026",
};

/** Answers that are kept in memory. */
export class MemoryCache implements AnswerCache {
  readonly answers = new Map<string, ChatAnswer>();

  get(name: string): Promise<ChatAnswer | undefined> {
    return Promise.resolve(this.answers.get(name));
  }

  put(name: string, given: ChatAnswer): Promise<void> {
    this.answers.set(name, given);
    return Promise.resolve();
  }
}
