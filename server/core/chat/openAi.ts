/**
 * Chat completions as OpenAI's API words them, which Ollama, llama.cpp, vLLM, LM Studio and most hosted models understand:
 * https://platform.openai.com/docs/api-reference/chat/create
 */
import { isObject } from "../formats/jsonObject";
import { err, ok, type Result } from "../util/result";
import type { ChatAnswer, ChatRequest, ChatUsage, TokenProbability } from "./chat";
import { plainLine } from "./plainLine";
import { estimatedTokens, requestTokens } from "./tokenEstimate";

/** Longer words of a server are cut in what a person reads. */
const LONGEST_QUOTE = 200;

/** The body of the request, to be sent to `<base>/chat/completions`. */
export function requestBody(request: ChatRequest): Record<string, unknown> {
  const { model, instructions, messages, maxTokens, temperature, seed, schema, logprobs } = request;
  return {
    model,
    messages: [{ role: "system", content: instructions }, ...messages.map(({ role, text }) => ({ role, content: text }))],
    max_tokens: maxTokens,
    temperature,
    seed,
    ...(schema === undefined ? {} : { response_format: { type: "json_schema", json_schema: { ...schema, strict: true } } }),
    ...(logprobs === undefined ? {} : { logprobs: true, top_logprobs: logprobs }),
  };
}

/** What is taken for true where a server does not say it. */
export interface CompletionDefaults {
  readonly model: string;
  readonly inputTokens: number;
}

/** Reads the body of an answer. Servers differ in what they leave out; what has another shape altogether fails with "bad-answer". */
export function readCompletion(body: unknown, request: ChatRequest): Result<ChatAnswer> {
  return readCompletionBody(body, { model: request.model, inputTokens: requestTokens(request) });
}

/** The same for an answer whose question is not at hand. */
export function readCompletionBody(body: unknown, defaults: CompletionDefaults): Result<ChatAnswer> {
  if (!isObject(body)) return badShape("it is not a JSON object");
  const trouble = errorText(body["error"]);
  if (trouble !== undefined) return badShape(`it says "${trouble}"`);
  const choices = body["choices"];
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  if (!isObject(choice)) return badShape('it has no "choices"');
  const message = choice["message"];
  if (!isObject(message)) return badShape('its first choice has no "message"');
  const ending = endingOf(choice["finish_reason"], message["refusal"]);
  const text = contentText(message["content"]);
  // A model that thinks for too long, or that will not answer, ends without content.
  if (text === undefined && ending === "stop") return badShape('its message has no "content"');
  const tokens = tokensOf(choice["logprobs"]);
  return ok({
    text: text ?? "",
    ending,
    usage: usageOf(body["usage"], text ?? "", defaults),
    model: modelOf(body["model"]) ?? defaults.model,
    ...(tokens === undefined ? {} : { tokens }),
  });
}

/** What an error of an OpenAI-compatible server says, as one line; undefined where there is none. */
export function errorText(error: unknown): string | undefined {
  if (error === undefined || error === null || error === false) return undefined;
  const message = isObject(error) ? error["message"] : error;
  const text = typeof message === "string" ? message : JSON.stringify(error);
  return plainLine(text, LONGEST_QUOTE);
}

function endingOf(finishReason: unknown, refusal: unknown): ChatAnswer["ending"] {
  if (finishReason === "content_filter" || (typeof refusal === "string" && refusal !== "")) return "refused";
  return finishReason === "length" ? "length" : "stop";
}

/** A text, or the texts of a list of parts; undefined where there is neither. */
function contentText(content: unknown): string | undefined {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return undefined;
  const texts = content.flatMap((part: unknown) => (isObject(part) && typeof part["text"] === "string" ? [part["text"]] : []));
  return texts.length === 0 ? undefined : texts.join("");
}

function usageOf(usage: unknown, text: string, defaults: CompletionDefaults): ChatUsage {
  const input = isObject(usage) ? wholeNumber(usage["prompt_tokens"]) : undefined;
  const output = isObject(usage) ? wholeNumber(usage["completion_tokens"]) : undefined;
  return {
    inputTokens: input ?? defaults.inputTokens,
    outputTokens: output ?? estimatedTokens(text),
    estimated: input === undefined || output === undefined,
  };
}

function modelOf(model: unknown): string | undefined {
  const name = typeof model === "string" ? plainLine(model, LONGEST_QUOTE) : "";
  return name === "" ? undefined : name;
}

/** All tokens of the answer, or none: a list with holes would shift what comes after. */
function tokensOf(logprobs: unknown): readonly TokenProbability[] | undefined {
  const content = isObject(logprobs) ? logprobs["content"] : undefined;
  if (!Array.isArray(content) || content.length === 0) return undefined;
  const tokens: TokenProbability[] = [];
  for (const entry of content as readonly unknown[]) {
    const token = tokenOf(entry);
    if (token === undefined) return undefined;
    const alternatives = isObject(entry) ? entry["top_logprobs"] : undefined;
    const listed: readonly unknown[] = Array.isArray(alternatives) ? alternatives : [];
    tokens.push({ ...token, alternatives: listed.map(tokenOf).filter((alternative) => alternative !== undefined) });
  }
  return tokens;
}

function tokenOf(entry: unknown): { readonly token: string; readonly logprob: number } | undefined {
  if (!isObject(entry)) return undefined;
  const { token, logprob } = entry;
  return typeof token === "string" && typeof logprob === "number" ? { token, logprob } : undefined;
}

function wholeNumber(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function badShape(why: string): Result<never> {
  return err({
    reason: "bad-answer",
    message: `The answer is no chat completion: ${why}.`,
    nextStep: "Check that the address is that of an OpenAI-compatible server, which usually ends with /v1.",
  });
}
