import type { ChatRequest } from "#core/chat/chat";
import { plainLine } from "#core/chat/plainLine";

const MOST_CHARACTERS = 200;
/** Shorter pieces that occur in question and answer are chance. */
const LEAST_ECHO = 24;

/** What must not be seen in any message. */
export interface Secrets {
  readonly key: string | undefined;
  readonly request: ChatRequest;
}

/**
 * What a server said went wrong, for people: one line of at most 200 characters, without control characters, the key, or pieces of the
 * question, which some servers send back. Empty where it said nothing.
 */
export function serverWords(body: string, secrets: Secrets): string {
  return discreet(complaintOf(body), secrets);
}

/** A text that a server had a hand in, without what must not be seen. */
export function discreet(text: string, { key, request }: Secrets): string {
  const keyless = key === undefined || key === "" ? text : text.replaceAll(key, "…");
  const asked = [request.instructions, ...request.messages.map((message) => message.text)].map((one) => plainLine(one, one.length));
  return plainLine(withoutEchoes(plainLine(keyless, 4 * MOST_CHARACTERS), asked), MOST_CHARACTERS);
}

/** The server's own sentence where it answered in one of the usual forms, else the beginning of what it sent. */
export function complaintOf(body: string): string {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return body.slice(0, 8 * MOST_CHARACTERS);
  }
  return messageIn(value, 0) ?? "";
}

/** OpenAI: { error: { message } }; Ollama: { error: "…" }; FastAPI: { detail: [{ loc, msg }] }. Whatever else they hold may be our own question. */
function messageIn(value: unknown, depth: number): string | undefined {
  if (typeof value === "string") return value;
  if (depth > 3 || typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value)) {
    const all = value.slice(0, 5).flatMap((one) => messageIn(one, depth + 1) ?? []);
    return all.length === 0 ? undefined : all.join("; ");
  }
  const { error, message, detail, msg, loc } = value as Readonly<Record<string, unknown>>;
  const said = [error, message, detail, msg].flatMap((one) => messageIn(one, depth + 1) ?? [])[0];
  return said !== undefined && Array.isArray(loc) ? `${loc.filter((one) => typeof one === "string").join(".")}: ${said}` : said;
}

function withoutEchoes(text: string, asked: readonly string[]): string {
  let rest = "";
  for (let at = 0; at < text.length;) {
    const length = echoAt(text, at, asked);
    rest += length === 0 ? (text[at] ?? "") : "…";
    at += Math.max(1, length);
  }
  return rest;
}

/** Length of the longest piece from here on that the question holds too; 0 where it is short. */
function echoAt(text: string, at: number, asked: readonly string[]): number {
  let length = LEAST_ECHO;
  if (at + length > text.length || !asked.some((one) => one.includes(text.slice(at, at + length)))) return 0;
  while (at + length < text.length && asked.some((one) => one.includes(text.slice(at, at + length + 1)))) length += 1;
  return length;
}
