import type { ChatAnswer, TokenProbability } from "#core/chat/chat";
import { isObject } from "#core/formats/jsonObject";

const HEAD = '{"name":"';
/** Names are hashes, and yet nothing here rests on their length. */
const LONGEST_NAME = 200;

/** An answer under the name of its request, as one line of a file, without the line's end. */
export function answerLine(name: string, answer: ChatAnswer): string {
  return JSON.stringify({ name, answer });
}

/** The name in a line, without reading the rest of it. Undefined for lines that are none of ours. */
export function nameOfLine(line: Uint8Array): string | undefined {
  const head = Buffer.from(line.buffer, line.byteOffset, Math.min(line.length, HEAD.length + LONGEST_NAME)).toString("utf8");
  return head.startsWith(HEAD) ? /^[^"\\]+(?=")/u.exec(head.slice(HEAD.length))?.[0] : undefined;
}

/** Undefined for lines that are torn, or hold anything but an answer. */
export function readAnswerLine(line: string): { readonly name: string; readonly answer: ChatAnswer } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (!isObject(value)) return undefined;
  const { name, answer } = value;
  return typeof name === "string" && isAnswer(answer) ? { name, answer } : undefined;
}

function isAnswer(value: unknown): value is ChatAnswer {
  if (!isObject(value)) return false;
  const { text, ending, usage, model, tokens } = value;
  return (
    typeof text === "string" &&
    (ending === "stop" || ending === "length" || ending === "refused") &&
    typeof model === "string" &&
    isUsage(usage) &&
    (tokens === undefined || (Array.isArray(tokens) && tokens.every(isToken)))
  );
}

function isUsage(value: unknown): value is ChatAnswer["usage"] {
  return isObject(value) && isCount(value["inputTokens"]) && isCount(value["outputTokens"]) && typeof value["estimated"] === "boolean";
}

function isToken(value: unknown): value is TokenProbability {
  if (!isChoice(value) || !isObject(value)) return false;
  const { alternatives } = value;
  return Array.isArray(alternatives) && alternatives.every(isChoice);
}

function isChoice(value: unknown): boolean {
  return isObject(value) && typeof value["token"] === "string" && typeof value["logprob"] === "number";
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
