import type { VerdictMark } from "#core/marks/mark";
import { noSuggestions } from "#core/suggestions/pairOpinion";
import type { Suggestions } from "#core/suggestions/pairOpinion";
import { itemAt } from "#core/util/itemAt";
import { meanOf } from "../judged/pairedDifference";
import type { JudgedCollection } from "../judged/judgedCollection";
import type { Workbench } from "../judged/workbench";
import { ask, harvestQuestions, randomQuestions } from "./asking";
import type { AskingTask, Question } from "./asking";
import { areaUnderCurve } from "./areaUnderCurve";
import { Curator } from "./curator";
import { curationSplitOf } from "./curationSplit";
import { configOf } from "./guardRates";
import { emittedPairs, markPairs } from "./marking";
import type { OpenPair } from "./marking";
import { markedSampler } from "./samplers";
import { errorRates, FallibleJudge, KAPPAS, PublishedJudge } from "./standInJudge";
import type { StandInJudge } from "./standInJudge";

/** Calls that may be made, over the number of queries: a budget, so that the order of the questions matters. */
const BUDGET = 0.5;
/** Random orders that are averaged over. */
const RANDOM_ORDERS = 20;
/** Marks that the model is fitted to. */
export const RANKING_MARKS = [0, 100] as const;

/** What a budget of calls found, in one order and with one or two stages. */
export interface FoundRow {
  readonly order: string;
  readonly stages: string;
  readonly calls: number;
  readonly judged: number;
  /** Called relevant by the last stage that looked. */
  readonly called: number;
  /** False negatives among these. */
  readonly found: number;
  /** False negatives among the pairs that the first stage flagged, over these. */
  readonly precision: number;
}

/** How well the false-negative model ranks pairs without a mark, as the area under the ROC curve; null where one kind is missing. */
export interface RankingRow {
  readonly marks: number;
  readonly hasOpinions: boolean;
  /** Pairs that a model was asked about, and pairs of queries that nobody was asked about or marked. */
  readonly asked: number | null;
  readonly others: number | null;
}

export interface SplitOpinions {
  /** Pairs that could be asked about, and their share of false negatives. */
  readonly pairs: number;
  readonly share: number;
  readonly found: readonly FoundRow[];
  readonly ranking: readonly RankingRow[];
}

/** What stand-ins for language models find among what is emitted, and what their opinions teach the model. */
export async function opinionGains(bench: Workbench, seed: number): Promise<SplitOpinions> {
  const split = curationSplitOf(bench.judged, seed);
  const labelled = new Map([...split.marked, ...split.heldOut].map((one) => [one.query, one.labelled]));
  await bench.enter(bench.judged.whole.queries.map((_, query) => labelled.get(query) ?? []));
  await bench.use(configOf(markedSampler));
  await bench.keepCandidates();
  const pairs = askablePairs(emittedPairs(await bench.mineAll(true), bench, new Set(labelled.keys())), bench.judged);
  const judge = standInFor(bench.judged, pairs, seed);
  const isFalse = falseNegativesOf(bench.judged);
  const marked = new Set(split.marked.map(({ query }) => query));
  const half = { bench, judge, marked, pairs, seed };
  return {
    pairs: pairs.length,
    share: pairs.filter(isFalse).length / pairs.length,
    found: foundRows(pairs, { judge, isFalse, seed, budget: Math.floor(BUDGET * labelled.size) }),
    ranking: await rankingRows(half, isFalse),
  };
}

export type IsFalseNegative = (pair: OpenPair) => boolean;

export function falseNegativesOf({ whole }: JudgedCollection): IsFalseNegative {
  const relevant = whole.queries.map(({ positives }) => new Set(positives));
  return ({ index, passage }) => itemAt(relevant, index).has(passage);
}

/** Pairs of which the stand-in's answer and the truth are known: all, but where a pool was judged. */
export function askablePairs(pairs: readonly OpenPair[], { stages, judged }: JudgedCollection): readonly OpenPair[] {
  if (stages !== undefined) return pairs.filter(({ index, passage }) => itemAt(stages, index).has(passage));
  return judged === undefined ? pairs : pairs.filter(({ index, passage }) => itemAt(judged, index).has(passage));
}

/** Published verdicts where there are some, else the judgements with the errors that such models are known to make. */
export function standInFor(judged: JudgedCollection, pairs: readonly OpenPair[], seed: number): StandInJudge {
  if (judged.stages !== undefined) return new PublishedJudge(judged.stages);
  const share = pairs.filter(falseNegativesOf(judged)).length / pairs.length;
  const rates = { flag: errorRates(KAPPAS.flag, share), confirm: errorRates(KAPPAS.confirm, share) };
  return new FallibleJudge(judged, rates, seed);
}

interface Search {
  readonly judge: StandInJudge;
  readonly isFalse: IsFalseNegative;
  readonly seed: number;
  readonly budget: number;
}

function foundRows(pairs: readonly OpenPair[], search: Search): readonly FoundRow[] {
  const random = Array.from({ length: RANDOM_ORDERS }, (_, i) => randomQuestions(pairs, 1000 * search.seed + i));
  const orders = [
    ["random", random],
    ["harvest", [harvestQuestions(pairs)]],
  ] as const;
  return orders.flatMap(([order, questions]) =>
    [false, true].map((isConfirmed) => {
      const runs = questions.map((one) => foundBy(one, search, isConfirmed));
      const mean = (value: (run: (typeof runs)[number]) => number): number => meanOf(runs.map(value));
      return {
        order,
        stages: isConfirmed ? "two" : "one",
        calls: mean(({ calls }) => calls),
        judged: mean(({ judged }) => judged),
        called: mean(({ called }) => called),
        found: mean(({ found }) => found),
        precision: mean(({ flaggedFalse }) => flaggedFalse) / mean(({ flagged }) => flagged),
      };
    }),
  );
}

function foundBy(questions: readonly Question[], { judge, isFalse, budget }: Search, isConfirmed: boolean) {
  const { calls, judged, flagged, called } = ask(questions, { judge, isConfirmed, budget });
  return {
    calls,
    judged: judged.length,
    called: called.length,
    found: called.filter(isFalse).length,
    flagged: flagged.length,
    flaggedFalse: flagged.filter(isFalse).length,
  };
}

interface Half {
  readonly bench: Workbench;
  readonly judge: StandInJudge;
  /** Queries that are asked about and marked. */
  readonly marked: ReadonlySet<number>;
  readonly pairs: readonly OpenPair[];
  readonly seed: number;
}

/** The model before and after marks, with and without what a cascade said of the first half of the queries. */
async function rankingRows({ bench, judge, marked, pairs, seed }: Half, isFalse: IsFalseNegative): Promise<readonly RankingRow[]> {
  const task: AskingTask = { judge, isConfirmed: true };
  const asked = ask(harvestQuestions(pairs.filter(({ index }) => marked.has(index))), task);
  const curator = new Curator(bench.judged, { errors: 0, seed });
  const marking = { curator, queries: marked, rhythm: { harvest: 40, audit: 20 }, salt: `audit ${String(seed)}` };
  const marks = await markPairs(bench, configOf(markedSampler), { ...marking, total: Math.max(...RANKING_MARKS) });
  const rows: RankingRow[] = [];
  for (const count of RANKING_MARKS) {
    for (const suggestions of [noSuggestions, asked.suggestions]) {
      const ranked = await rankedPairs(bench, marks.slice(0, count), suggestions);
      const isAsked = new Set(asked.judged.map(nameOf));
      const rank = (chosen: (pair: OpenPair) => boolean): number | null =>
        areaUnderCurve(ranked.filter(chosen).map((pair) => ({ value: pair.probability, isPositive: isFalse(pair) })));
      rows.push({
        marks: count,
        hasOpinions: suggestions !== noSuggestions,
        asked: rank((pair) => isAsked.has(nameOf(pair))),
        others: rank(({ index }) => !marked.has(index)),
      });
    }
  }
  return rows;
}

/** Emitted pairs without a mark of which the truth is known, with the probabilities of the model that these marks and opinions make. */
async function rankedPairs(bench: Workbench, marks: readonly VerdictMark[], suggestions: Suggestions): Promise<readonly OpenPair[]> {
  await bench.use(configOf(markedSampler), marks, suggestions);
  const isMarked = new Set(marks.map(({ query, document }) => `${query.key} ${document?.key ?? ""}`));
  const all = new Set(bench.judged.whole.queries.keys());
  const emitted = emittedPairs(await bench.mineAll(true), bench, all);
  return askablePairs(emitted, bench.judged).filter((pair) => !isMarked.has(nameOf(pair)));
}

function nameOf({ query, document }: Pick<OpenPair, "query" | "document">): string {
  return `${query} ${document}`;
}
