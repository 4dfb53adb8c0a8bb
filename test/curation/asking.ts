import { defaultConfig } from "#core/config/config";
import { harvestOrder } from "#core/curation/harvestOrder";
import { FoldedSuggestions } from "#core/suggestions/foldedSuggestions";
import type { JudgementSuggestion, OpinionVerdict } from "#core/suggestions/suggestion";
import { itemAt } from "#core/util/itemAt";
import { seededRandom, shuffledRange } from "#core/util/random";
import type { OpenPair } from "./marking";
import type { Stage, StandInJudge } from "./standInJudge";

/** Passages that are judged in one question, as by default in the product. */
export const CANDIDATES = defaultConfig.labelling.candidates;

/** The pairs of one query that are asked about in one call. */
export type Question = readonly OpenPair[];

/** As the product asks: queries as the harvest lane first comes to them, of each its most harmful pairs. */
export function harvestQuestions(pairs: readonly OpenPair[]): readonly Question[] {
  // The order is of the very pairs that it was given.
  return byQuery(harvestOrder(pairs) as readonly OpenPair[]);
}

/** Queries in a random order, of each random pairs. */
export function randomQuestions(pairs: readonly OpenPair[], seed: number): readonly Question[] {
  const order = shuffledRange(pairs.length, seededRandom(`${String(seed)}:questions`));
  return byQuery(Array.from(order, (at) => itemAt(pairs, at)));
}

function byQuery(pairs: readonly OpenPair[]): readonly Question[] {
  const questions = new Map<string, OpenPair[]>();
  for (const pair of pairs) {
    const known = questions.get(pair.query);
    if (known === undefined) questions.set(pair.query, [pair]);
    else if (known.length < CANDIDATES) known.push(pair);
  }
  return [...questions.values()];
}

/** What came of some questions. */
export interface Answers {
  /** One for each query, and one more where a second model looked at what the first had flagged. */
  readonly calls: number;
  /** Pairs that were judged; flagged by the first stage; and called relevant by the last one that looked. */
  readonly judged: readonly OpenPair[];
  readonly flagged: readonly OpenPair[];
  readonly called: readonly OpenPair[];
  readonly suggestions: FoldedSuggestions;
}

export interface AskingTask {
  readonly judge: StandInJudge;
  readonly isConfirmed: boolean;
  /** Calls that may be made; no limit where it is not given. */
  readonly budget?: number;
}

/** Puts questions to a judge, in their order, until the calls are used up. */
export function ask(questions: readonly Question[], { judge, isConfirmed, budget = Infinity }: AskingTask): Answers {
  const lines: JudgementSuggestion[] = [];
  const [judged, flagged, called]: OpenPair[][] = [[], [], []];
  let calls = 0;
  const callFor = (question: Question, stage: Stage): Question => {
    calls += 1;
    const verdicts = question.map(({ index, passage }) => judge.verdict(index, passage, stage) ?? "not_relevant");
    lines.push(lineOf({ question, verdicts, stage, call: lines.length }));
    return question.filter((_, at) => verdicts[at] === "relevant");
  };
  for (const question of questions) {
    if (calls >= budget) break;
    const first = callFor(question, "flag");
    judged!.push(...question);
    flagged!.push(...first);
    const isLooked = isConfirmed && first.length > 0 && calls < budget;
    called!.push(...(isLooked ? callFor(first, "confirm") : first));
  }
  return { calls, judged: judged!, flagged: flagged!, called: called!, suggestions: new FoldedSuggestions(lines) };
}

interface Line {
  readonly question: Question;
  readonly verdicts: readonly OpinionVerdict[];
  readonly stage: Stage;
  readonly call: number;
}

function lineOf({ question, verdicts, stage, call }: Line): JudgementSuggestion {
  const name = String(call).padStart(6, "0");
  return {
    kind: "judgement",
    suggestion: name,
    // A second for each call: the order of suggestions is that of their times.
    time: new Date(Date.UTC(2026, 0, 1) + 1000 * call).toISOString(),
    author: "bench",
    model: stage,
    prompt: "bench",
    query: { key: question[0]?.query ?? "" },
    input_tokens: 0,
    output_tokens: 0,
    tool: "bench",
    stage,
    verdicts: question.map(({ document }, at) => ({ document: { key: document }, verdict: itemAt(verdicts, at), reason: "" })),
  };
}
