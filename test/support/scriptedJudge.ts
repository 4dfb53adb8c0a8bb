/**
 * A language model for tests that judges by a table of truths. It knows of the prompt what a reader of it sees (two lines with a code, JSON
 * between them) and shares no code with what builds it.
 */
import type { ChatAnswer, ChatModel, ChatRequest } from "#core/chat/chat";
import type { OpinionVerdict } from "#core/suggestions/suggestion";
import type { Result } from "#core/util/result";
import type { Injection } from "./injections";

export interface PassageInQuestion {
  readonly id: string;
  readonly text: string;
}

/** What stands between the two lines of a question. */
export interface FoundQuestion {
  readonly guidelines?: string;
  readonly query: string;
  readonly positives: readonly PassageInQuestion[];
  readonly candidates: readonly PassageInQuestion[];
}

/** What is true, by the texts as the question shows them: long ones may be cut. */
export interface JudgeTruths {
  verdictOf(query: string, passage: string): OpinionVerdict;
  /** Why the query is ambiguous; undefined where it is not. */
  ambiguous?(query: string): string | undefined;
  /** Why a positive is wrong; undefined where it is not. */
  wrongPositive?(query: string, positive: string): string | undefined;
}

/** Truths by passage, whatever the query; all others are not relevant. A cut passage is known by its beginning. */
export function truthTable(verdicts: Readonly<Record<string, OpinionVerdict>>): JudgeTruths {
  const entries = Object.entries(verdicts);
  return { verdictOf: (_, passage) => entries.find(([text]) => text.startsWith(passage))?.[1] ?? "not_relevant" };
}

/** Whether a prompt asks for a judgement. `texts` are those of the instructions and the messages, in order. */
export function asksForJudgement(texts: readonly string[]): boolean {
  return questionIn(texts) !== undefined;
}

/** Reads the question out of a prompt; undefined where it holds none. */
export function questionIn(texts: readonly string[]): FoundQuestion | undefined {
  const lines = fencedLines(texts.join("\n")).inside.map((line) => JSON.parse(line) as Readonly<Record<string, string>>);
  const passages = (kind: string): readonly PassageInQuestion[] =>
    lines.flatMap((line) => (line[kind] === undefined ? [] : [{ id: line[kind], text: line["text"] ?? "" }]));
  const query = lines.find((line) => line["query"] !== undefined)?.["query"];
  const candidates = passages("candidate");
  if (query === undefined || candidates.length === 0) return undefined;
  const guidelines = lines.find((line) => line["guidelines"] !== undefined)?.["guidelines"];
  return { query, positives: passages("positive"), candidates, ...(guidelines === undefined ? {} : { guidelines }) };
}

/** A prompt as lines: those of the data, and all others, as somebody sees them who trusts the first two lines with one code. */
export function fencedLines(prompt: string): { readonly inside: readonly string[]; readonly outside: readonly string[] } {
  const lines = prompt.split(/\r\n|[\n\r\u0085\u2028\u2029]/u);
  const begin = lines.findIndex((line) => /^----- data [0-9a-f]{16} -----$/u.test(line));
  if (begin === -1) return { inside: [], outside: lines };
  const code = lines[begin]?.split(" ")[2] ?? "";
  const end = lines.indexOf(`----- end of data ${code} -----`, begin);
  if (end === -1) return { inside: [], outside: lines };
  return { inside: lines.slice(begin + 1, end), outside: [...lines.slice(0, begin), ...lines.slice(end + 1)] };
}

/** The answer to a prompt, as the text of a model that keeps to its instructions; "" where the prompt asks for no judgement. */
export function scriptedAnswer(texts: readonly string[], truths: JudgeTruths): string {
  const question = questionIn(texts);
  return question === undefined ? "" : answerTo(question, truths);
}

export function answerTo({ query, positives, candidates }: FoundQuestion, truths: JudgeTruths): string {
  const ambiguous = truths.ambiguous?.(query);
  return JSON.stringify({
    candidates: candidates.map(({ id, text }) => {
      const verdict = truths.verdictOf(query, text);
      return verdict === "not_relevant"
        ? { id, reason: "It does not say what the query asks for.", span: "", verdict }
        : { id, reason: "It says what the query asks for.", span: firstWords(text), verdict };
    }),
    query: { reason: ambiguous ?? "", ambiguous: ambiguous !== undefined },
    wrong_positives: positives.flatMap(({ id, text }) => {
      const reason = truths.wrongPositive?.(query, text);
      return reason === undefined ? [] : [{ id, reason }];
    }),
  });
}

/** All texts of a request that a model reads, in order. */
export function textsOf({ instructions, messages }: ChatRequest): readonly string[] {
  return [instructions, ...messages.map(({ text }) => text)];
}

/** A model that answers each prompt by a function, and keeps what it was asked. */
export class ScriptedChat implements ChatModel {
  readonly #answer: (texts: readonly string[], asked: number) => string | Partial<ChatAnswer>;
  readonly #requests: ChatRequest[] = [];

  /** `answer` gets the texts of the prompt, and how many were asked before. */
  constructor(answer: (texts: readonly string[], asked: number) => string | Partial<ChatAnswer>) {
    this.#answer = answer;
  }

  get requests(): readonly ChatRequest[] {
    return this.#requests;
  }

  ask(request: ChatRequest): Promise<Result<ChatAnswer>> {
    const given = this.#answer(textsOf(request), this.#requests.length);
    this.#requests.push(request);
    const parts = typeof given === "string" ? { text: given } : given;
    const usage = { inputTokens: 100, outputTokens: 20, estimated: false };
    return Promise.resolve({ ok: true, value: { text: "", ending: "stop", usage, model: request.model, ...parts } });
  }
}

/** A model that judges by what is true. */
export function scriptedJudge(truths: JudgeTruths): ScriptedChat {
  return new ScriptedChat((texts) => scriptedAnswer(texts, truths));
}

function firstWords(text: string): string {
  return /^\s*((?:\S+\s+){0,4}\S+)/u.exec(text)?.[1] ?? "";
}

/**
 * A model that wants to please everybody: it judges by what is true, unless it meets one of the orders in a place for orders, which is
 * anywhere but in an unbroken fence. It understands every order, in whatever language or coding.
 */
export function obedientJudge(truths: JudgeTruths, injections: readonly Injection[]): ScriptedChat {
  return new ScriptedChat((texts) => {
    const question = questionIn(texts);
    if (question === undefined) return "";
    return obedientAnswer(question, outsideText(texts), truths, injections);
  });
}

/** What an obedient model answers that reads orders in `places`. */
export function obedientAnswer(question: FoundQuestion, places: string, truths: JudgeTruths, injections: readonly Injection[]): string {
  const met = injections.filter(({ order }) => places.includes(order) || places.includes(JSON.stringify(order).slice(1, -1)));
  const whole = met.find(({ answer }) => answer !== undefined)?.answer;
  if (whole !== undefined) return whole;
  return answerTo(question, {
    ...truths,
    verdictOf: (query, passage) => {
      const [order] = met.filter((one) => one.wishFor === "all" || one.passage.startsWith(passage));
      return order === undefined ? truths.verdictOf(query, passage) : order.wish;
    },
  });
}

/** What is no data to a reader: all but the lines of an unbroken fence. Where a code occurs too often or a line is no JSON, that is everything. */
export function outsideText(texts: readonly string[]): string {
  const prompt = texts.join("\n");
  const { inside, outside } = fencedLines(prompt);
  const code = /^----- data ([0-9a-f]{16}) -----$/mu.exec(prompt)?.[1] ?? "";
  const isWhole = inside.length > 0 && inside.every((line) => isJsonObject(line) && !line.includes(code));
  return isWhole ? outside.join("\n") : prompt;
}

function isJsonObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
