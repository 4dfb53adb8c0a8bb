import type { ChatRequest } from "../chat/chat";
import { fence } from "../chat/fence";
import { cutText } from "../chat/plainLine";
import { itemAt } from "../util/itemAt";
import { seededRandom, shuffledRange } from "../util/random";
import type { JudgeInput, ShownPassage } from "./judgement";
import { JUDGE_INSTRUCTIONS } from "./judgePrompt";
import { judgeSchema } from "./judgeSchema";
import { passageIds } from "./passageIds";

/** What decides the question besides the texts. */
export interface QuestionOptions {
  readonly model: string;
  /** What counts as relevant in this project; empty where nothing was written down. */
  readonly guidelines: string;
  /** Longer texts are cut, in UTF-16 units. */
  readonly maxPassageCharacters: number;
  readonly seed: number;
}

/** A passage as a question shows it. */
export interface AskedPassage {
  readonly id: string;
  readonly key: string;
  /** Cut as it was shown. */
  readonly text: string;
  readonly isCut: boolean;
}

/** A question, and what the ids in it stand for. */
export interface JudgeQuestion {
  readonly request: ChatRequest;
  /** In the order of the input, not in that of the question. */
  readonly candidates: readonly AskedPassage[];
  readonly positives: readonly AskedPassage[];
}

/** Room for the findings on query and positives, and for each candidate's id, reason, words and verdict, in tokens. */
const TOKENS_FOR_FINDINGS = 512;
const TOKENS_FOR_CANDIDATE = 256;

/** Puts the question about one query with at least one candidate. Same input and options: same bytes. */
export function judgeQuestion(input: JudgeInput, options: QuestionOptions): JudgeQuestion {
  const { query, positives, candidates } = input;
  if (candidates.length === 0) throw new RangeError("a question without candidates");
  const passages = [...positives, ...candidates];
  const texts = [query.text, ...passages.map(({ text }) => text)];
  const ids = passageIds(passages.length, [...texts, options.guidelines], options.seed);
  const asked = passages.map((passage, index) => askedPassage(itemAt(ids, index), passage, options));
  const askedPositives = asked.slice(0, positives.length);
  const askedCandidates = asked.slice(positives.length);
  const order = [...shuffledRange(candidates.length, seededRandom(`${String(options.seed)}:${query.key}:judge`))];
  const shown = order.map((index) => itemAt(askedCandidates, index));
  const isCut = texts.some((text) => text.length > options.maxPassageCharacters);
  return {
    candidates: askedCandidates,
    positives: askedPositives,
    request: {
      model: options.model,
      instructions: JUDGE_INSTRUCTIONS,
      messages: [{ role: "user", text: userText(dataOf(query, askedPositives, shown, options), shown, isCut, options) }],
      maxTokens: TOKENS_FOR_FINDINGS + TOKENS_FOR_CANDIDATE * candidates.length,
      temperature: 0,
      seed: options.seed,
      schema: { name: "judgement", schema: judgeSchema(idsOf(shown), idsOf(askedPositives)) },
    },
  };
}

function askedPassage(id: string, { key, text }: ShownPassage, { maxPassageCharacters }: QuestionOptions): AskedPassage {
  return { id, key, text: cutText(text, maxPassageCharacters), isCut: text.length > maxPassageCharacters };
}

/** The lines of data: what counts as relevant, the query, its positives, the candidates. */
function dataOf(
  { text }: ShownPassage,
  positives: readonly AskedPassage[],
  candidates: readonly AskedPassage[],
  { guidelines, maxPassageCharacters }: QuestionOptions,
): readonly unknown[] {
  const said = guidelines.trim();
  return [
    ...(said === "" ? [] : [{ guidelines: said }]),
    { query: cutText(text, maxPassageCharacters), ...cutSign(text.length > maxPassageCharacters) },
    ...positives.map((passage) => ({ positive: passage.id, text: passage.text, ...cutSign(passage.isCut) })),
    ...candidates.map((passage) => ({ candidate: passage.id, text: passage.text, ...cutSign(passage.isCut) })),
  ];
}

function cutSign(isCut: boolean): { readonly cut?: true } {
  return isCut ? { cut: true } : {};
}

function userText(data: readonly unknown[], candidates: readonly AskedPassage[], isCut: boolean, options: QuestionOptions): string {
  const { code, text } = fence(data, options.seed);
  const cut = isCut ? ` Texts marked "cut" go on after ${String(options.maxPassageCharacters)} characters; judge what is shown.` : "";
  return `Judge ${String(candidates.length)} ${candidates.length === 1 ? "candidate" : "candidates"} for one query. The data stand between the two lines with the code ${code}.${cut}

${text}

The data end here. Answer with one JSON object, with each of these ids once under "candidates": ${idsOf(candidates).join(", ")}.`;
}

function idsOf(passages: readonly AskedPassage[]): readonly string[] {
  return passages.map(({ id }) => id);
}
