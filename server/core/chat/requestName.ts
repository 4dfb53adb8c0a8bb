import type { Sha256 } from "../ports";
import type { ChatRequest } from "./chat";

/** Names a question by its whole content: two requests have one name where, and only where, they ask the same of the same model. */
export function requestName(request: ChatRequest, sha256: Sha256): string {
  return sha256(requestText(request));
}

/** All of a request in one text, in which no two requests look alike. */
export function requestText(request: ChatRequest): string {
  const { model, instructions, messages, maxTokens, temperature, seed, schema, logprobs } = request;
  return JSON.stringify([
    model,
    instructions,
    messages.map(({ role, text }) => [role, text]),
    maxTokens,
    temperature,
    seed,
    schema === undefined ? null : [schema.name, schema.schema],
    logprobs ?? null,
  ]);
}
