/**
 * A language model for tests that answers a query from passages by a table of facts. It knows of the prompt what a reader of it sees and shares no
 * code with what builds it.
 */
import type { ChatAnswer, ChatModel, TokenProbability } from "#core/chat/chat";
import { seededRandom } from "#core/util/random";
import { fencedLines, outsideText, ScriptedChat } from "./scriptedJudge";

/** What the model knows how to answer. */
export interface AnswererFacts {
  readonly answer: string;
  /** Any of these lists of words is enough, where each of its words stands in some passage: one list of two words needs both. */
  readonly evidence: readonly (readonly string[])[];
  /** What it says without evidence, from what it learnt once; absent: that it cannot answer. */
  readonly byHeart?: string;
  /** Other wordings of the answer, and how often one of them is used instead: 0.3 for three of ten contexts. */
  readonly wordings?: { readonly share: number; readonly texts: readonly string[] };
  /** Whether it tells the log-probabilities of its tokens. */
  readonly hasLogprobs?: boolean;
}

export interface AnswerQuestion {
  readonly query: string;
  readonly passages: readonly string[];
}

const NO_ANSWER = "UNANSWERED";

/** Reads the question out of a prompt; undefined where it is none that is to be answered from passages. */
export function answerQuestionIn(texts: readonly string[]): AnswerQuestion | undefined {
  if (!texts.some((text) => text.includes(NO_ANSWER))) return undefined;
  const lines = fencedLines(texts.join("\n")).inside.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  const textsUnder = (kind: string): readonly string[] => lines.flatMap((line) => (typeof line[kind] === "string" ? [line[kind]] : []));
  const [query] = textsUnder("query");
  return query === undefined ? undefined : { query, passages: textsUnder("passage") };
}

/** The answer of a model that keeps to its instructions, but for what it knows by heart; "" where the prompt asks for no answer. */
export function answeredFrom(texts: readonly string[], facts: AnswererFacts): string {
  const question = answerQuestionIn(texts);
  if (question === undefined) return "";
  return timesFound(question, facts) > 0 ? wordingFor(question, facts) : (facts.byHeart ?? NO_ANSWER);
}

/** A model that answers by its facts. The same question gets the same answer. */
export function scriptedAnswerer(facts: AnswererFacts): ScriptedChat {
  return new ScriptedChat((texts): Partial<ChatAnswer> => {
    const text = answeredFrom(texts, facts);
    const question = answerQuestionIn(texts);
    if (facts.hasLogprobs !== true || question === undefined) return { text };
    return { text, tokens: tokensOf(text, timesFound(question, facts), facts) };
  });
}

/** The same, but any order in a place for orders, which is anywhere but in an unbroken fence, has its way: `say` is then its answer. */
export function obedientAnswerer(facts: AnswererFacts, orders: readonly { readonly order: string; readonly say: string }[]): ScriptedChat {
  return new ScriptedChat((texts) => {
    const places = outsideText(texts);
    const met = orders.find(({ order }) => places.includes(order) || places.includes(JSON.stringify(order).slice(1, -1)));
    return met?.say ?? answeredFrom(texts, facts);
  });
}

/** A model some of whose answers are others: `change` gets the number of passages in the question and the answer. */
export function changed(chat: ChatModel, change: (passages: number, answer: ChatAnswer) => ChatAnswer): ChatModel {
  return {
    ask: async (request, cancellation) => {
      const answer = await chat.ask(request, cancellation);
      const passages = answerQuestionIn(request.messages.map(({ text }) => text))?.passages.length ?? 0;
      return answer.ok ? { ok: true, value: change(passages, answer.value) } : answer;
    },
  };
}

/** In how many ways the passages give the answer: alternatives, and passages that say the same. */
function timesFound({ passages }: AnswerQuestion, { evidence }: AnswererFacts): number {
  const times = (word: string): number => passages.filter((passage) => passage.includes(word)).length;
  return evidence.reduce((sum, words) => sum + Math.min(...words.map(times)), 0);
}

function wordingFor({ passages }: AnswerQuestion, { answer, wordings }: AnswererFacts): string {
  if (wordings === undefined) return answer;
  const random = seededRandom(`wording of ${passages.join("\n")}`);
  const isOther = random() < wordings.share;
  return (isOther ? wordings.texts[Math.floor(random() * wordings.texts.length)] : undefined) ?? answer;
}

/**
 * The surer, the more often it was found. Where the answer's other wordings part from what is said, their tokens are alternatives: likely ones where
 * the model knows the answer, else unlikely ones.
 */
function tokensOf(text: string, found: number, { answer, wordings }: AnswererFacts): readonly TokenProbability[] {
  const tokens = cut(text);
  const logprob = found === 0 ? -0.02 : Math.log(1 - 0.1 ** found);
  const others = [answer, ...(wordings?.texts ?? [])].flatMap((wording) => {
    const wanted = cut(wording);
    const at = wanted.findIndex((token, place) => token !== tokens[place]);
    return at === -1 ? [] : [{ at, token: wanted[at] ?? "", logprob: found === 0 ? -6 : -1.2 }];
  });
  return tokens.map((token, place) => ({
    token,
    logprob,
    alternatives: [{ token, logprob }, ...others.filter(({ at }) => at === place), { token: "~", logprob: -9 }],
  }));
}

function cut(text: string): readonly string[] {
  return text.match(/\s*\S+/gu) ?? [];
}
