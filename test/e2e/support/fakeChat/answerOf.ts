import { answerQuestionIn, answeredFrom } from "../../../support/scriptedAnswerer";
import type { AnswererFacts } from "../../../support/scriptedAnswerer";
import { scriptedAnswer } from "../../../support/scriptedJudge";
import type { JudgeTruths } from "../../../support/scriptedJudge";
import type { TextPair } from "../sampleTruth";
import type { FakeModel } from "./models";

/** The passages that answer the queries of the sample. */
export interface KnownPairs {
  /** As its file says. */
  readonly positives: readonly TextPair[];
  /** Although its file does not say so. */
  readonly unlabelled: readonly TextPair[];
}

/** What a model says to a prompt: what it takes for relevant, or an answer from what is. */
export function answerOf(texts: readonly string[], model: Pick<FakeModel, "isCareless">, known: KnownPairs): string {
  const question = answerQuestionIn(texts);
  return question === undefined ? scriptedAnswer(texts, truthsOf(model, known)) : answeredFrom(texts, factsOf(question.query, known));
}

/** Share of the query's words that makes a careless model take a passage for partly relevant. */
const CARELESS_SHARE = 0.6;

function truthsOf({ isCareless }: Pick<FakeModel, "isCareless">, { unlabelled }: KnownPairs): JudgeTruths {
  const relevant = new Set(unlabelled.map(({ query, passage }) => nameOf(query, passage)));
  return {
    verdictOf: (query, passage) => {
      if (relevant.has(nameOf(query, passage))) return "relevant";
      return isCareless && sharedWords(query, passage) >= CARELESS_SHARE ? "partly_relevant" : "not_relevant";
    },
  };
}

/** The answer is the beginning of the query's positive; any passage that answers the query is enough for it. */
function factsOf(query: string, { positives, unlabelled }: KnownPairs): AnswererFacts {
  const ofQuery = (pairs: readonly TextPair[]): readonly string[] =>
    pairs.filter((pair) => plain(pair.query) === plain(query)).map(({ passage }) => passage);
  const [first = ""] = ofQuery(positives);
  return {
    answer: first.split(/\s+/u).slice(0, 8).join(" "),
    evidence: [...ofQuery(positives), ...ofQuery(unlabelled)].map((text) => [text]),
  };
}

function nameOf(query: string, passage: string): string {
  return JSON.stringify([plain(query), plain(passage)]);
}

function plain(text: string): string {
  return text.replaceAll(/\s+/gu, " ").trim();
}

function sharedWords(query: string, passage: string): number {
  const known = wordsOf(passage);
  const words = [...wordsOf(query)];
  return words.length === 0 ? 0 : words.filter((word) => known.has(word)).length / words.length;
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().match(/\p{L}{3,}/gu));
}
