import type { ChatRequest, ChatUsage, Prices } from "./chat";

/**
 * UTF-8 bytes in a token. English comes to about 4 letters a token in the common vocabularies, scripts of two or three bytes a letter to one
 * or two letters; a text's true number differs by model, which is why this is an estimate only.
 */
const BYTES_PER_TOKEN = 4;

/** What chat templates put around each turn, in tokens. */
const TOKENS_PER_TURN = 4;

const MILLION = 1_000_000;

/** About how many tokens a text has. */
export function estimatedTokens(text: string): number {
  return Math.ceil(utf8Bytes(text) / BYTES_PER_TOKEN);
}

/** About how many tokens a question sends: instructions, messages and the schema of the answer. */
export function requestTokens({ instructions, messages, schema }: ChatRequest): number {
  const said = messages.reduce((sum, { text }) => sum + estimatedTokens(text) + TOKENS_PER_TURN, 0);
  const shape = schema === undefined ? 0 : estimatedTokens(JSON.stringify(schema.schema));
  return estimatedTokens(instructions) + TOKENS_PER_TURN + said + shape;
}

/** Money for so many tokens, in the currency of the prices; undefined where there are none. */
export function costOf(usage: Pick<ChatUsage, "inputTokens" | "outputTokens">, prices: Prices | undefined): number | undefined {
  return prices === undefined ? undefined : (usage.inputTokens * prices.input + usage.outputTokens * prices.output) / MILLION;
}

function utf8Bytes(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    const isSurrogate = unit >= 0xd800 && unit < 0xe000;
    // Half of a pair is half of four bytes.
    bytes += unit < 0x80 ? 1 : unit < 0x800 || isSurrogate ? 2 : 3;
  }
  return bytes;
}
