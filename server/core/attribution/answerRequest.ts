import type { ChatRequest } from "../chat/chat";
import { fence } from "../chat/fence";
import { cutText } from "../chat/plainLine";
import { seededRandom, shuffledRange } from "../util/random";
import { ANSWER_INSTRUCTIONS, UNANSWERED } from "./answerPrompt";
import type { AttributionInput, AttributionOptions } from "./attribution";
import { allOf, type Subset } from "./subset";

/** What decides a question besides the texts. */
export type AnswerOptions = Pick<AttributionOptions, "model" | "method" | "maxPassageCharacters" | "seed">;

/** Room for a sentence, also in scripts in which a letter is a token or more. */
const MOST_TOKENS = 128;

/** Alternatives for each token. Some servers give no more; a token that is not among them has a small probability in any case. */
const ALTERNATIVES = 5;

/** The first question that `attributeAnswer` asks, with all passages: for estimates, and to show what would be sent. */
export function answerRequest(input: AttributionInput, options: AnswerOptions): ChatRequest {
  return subsetRequest(input, allOf(input.passages.length), options);
}

/** The question with some of the passages, in the same order for each subset. Same input and options: same bytes. */
export function subsetRequest(input: AttributionInput, subset: Subset, options: AnswerOptions): ChatRequest {
  const order = shuffledRange(input.passages.length, seededRandom(`${String(options.seed)}:${input.query.key}:answer`));
  const shown = [...order].flatMap((index) => (subset[index] === true ? (input.passages[index]?.text ?? []) : []));
  return {
    model: options.model,
    instructions: ANSWER_INSTRUCTIONS,
    messages: [{ role: "user", text: userText(input.query.text, shown, options) }],
    maxTokens: MOST_TOKENS,
    temperature: 0,
    seed: options.seed,
    ...(options.method === "leave_one_out" ? {} : { logprobs: ALTERNATIVES }),
  };
}

function userText(query: string, passages: readonly string[], { maxPassageCharacters, seed }: AnswerOptions): string {
  const line = (kind: "query" | "passage", text: string): unknown => {
    const shown = cutText(text, maxPassageCharacters);
    return { [kind]: shown, ...(shown.length < text.length ? { cut: true } : {}) };
  };
  const { code, text } = fence([line("query", query), ...passages.map((passage) => line("passage", passage))], seed);
  const count = passages.length === 0 ? "no passages" : passages.length === 1 ? "1 passage" : `${String(passages.length)} passages`;
  const isCut = [query, ...passages].some((one) => one.length > maxPassageCharacters);
  const cut = isCut ? ` Texts marked "cut" go on after ${String(maxPassageCharacters)} characters.` : "";
  return `Answer one query from ${count}. The data stand between the two lines with the code ${code}.${cut}

${text}

The data end here. Write the answer in as few words as possible, or ${UNANSWERED}.`;
}
