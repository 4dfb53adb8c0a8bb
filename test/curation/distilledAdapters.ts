import { defaultConfig } from "#core/config/config";
import type { Config } from "#core/config/config";
import type { SamplerConfig } from "#core/config/samplerSchema";
import { splitQueries } from "#core/evaluation/splitQueries";
import type { VerdictMark } from "#core/marks/mark";
import { noSuggestions } from "#core/suggestions/pairOpinion";
import type { Suggestions } from "#core/suggestions/pairOpinion";
import type { Trainer } from "#core/training/trainer";
import { itemAt } from "#core/util/itemAt";
import { splitOf, TEST_SHARE } from "../judged/hiddenPositives";
import type { Split } from "../judged/hiddenPositives";
import { judgedMark } from "../judged/judgedMark";
import type { JudgedCollection } from "../judged/judgedCollection";
import { trainAdapter } from "../judged/trainAdapter";
import type { TrainedAdapter } from "../judged/trainAdapter";
import { valueOf } from "../judged/valueOf";
import type { Workbench } from "../judged/workbench";
import { ask, harvestQuestions } from "./asking";
import type { Answers } from "./asking";
import { emittedPairs } from "./marking";
import type { OpenPair } from "./marking";
import { askablePairs, standInFor } from "./opinionGains";
import { markedSampler, measuredSampler } from "./samplers";
import { FallibleJudge } from "./standInJudge";

/** What is learnt from besides the labels and the nearest passages. */
interface Help {
  readonly name: string;
  readonly suggestions: Suggestions;
  readonly marks: readonly VerdictMark[];
}

/** What the others are compared with, besides the frozen encoder. */
export const UNHELPED = "top, nothing asked";
export const TAUGHT = "teachers, two stages";
export const MARKED = "two stages as marks";

export interface DistilledAdapter extends TrainedAdapter {
  /** Calls that were made for it. */
  readonly calls: number;
}

/** By name of the row. */
export type SplitDistilled = Readonly<Record<string, DistilledAdapter>>;

/** Adapters of one split from the same start and seed: as it is, with teachers, and with the same answers taken for marks. */
export async function distilledAdapters(bench: Workbench, seed: number, createTrainer: () => Trainer): Promise<SplitDistilled> {
  const split = distillationSplit(bench.judged, seed);
  const labelled = new Map(split.training.map((one) => [one.query, one.labelled]));
  await bench.enter(bench.judged.whole.queries.map((query, index) => labelled.get(index) ?? query.positives));
  await bench.use(configFor(markedSampler, split));
  const emitted = emittedPairs(await bench.mineAll(true), bench, new Set(labelled.keys()));
  const trials: Record<string, DistilledAdapter> = {};
  for (const { calls, ...help } of helps(bench, askablePairs(emitted, bench.judged), seed)) {
    await bench.use(configFor(measuredSampler(), split), help.marks, help.suggestions);
    trials[help.name] = { calls, ...(await trainAdapter(bench, split.test, createTrainer)) };
  }
  return trials;
}

function helps(bench: Workbench, pairs: readonly OpenPair[], seed: number): readonly (Help & { readonly calls: number })[] {
  const { judged } = bench;
  const questions = harvestQuestions(pairs);
  const judge = standInFor(judged, pairs, seed);
  const two = ask(questions, { judge, isConfirmed: true });
  const none = { marks: [], suggestions: noSuggestions };
  const rows = [
    { name: UNHELPED, calls: 0, ...none },
    { name: TAUGHT, calls: two.calls, ...none, suggestions: two.suggestions },
    { name: MARKED, calls: two.calls, ...none, marks: marksOf(bench, two) },
  ];
  if (judged.stages !== undefined) {
    const one = ask(questions, { judge, isConfirmed: false });
    return [...rows, { name: "teachers, one stage", calls: one.calls, ...none, suggestions: one.suggestions }];
  }
  const right = ask(questions, { judge: errorless(judged), isConfirmed: false });
  return [
    ...rows,
    { name: "teachers without errors", calls: right.calls, ...none, suggestions: right.suggestions },
    { name: "the same as marks", calls: right.calls, ...none, marks: marksOf(bench, right) },
  ];
}

function errorless(judged: JudgedCollection): FallibleJudge {
  const never = { missed: 0, falseAlarms: 0 };
  return new FallibleJudge(judged, { flag: never, confirm: never }, 0);
}

/** The answers as if a person had given them. */
function marksOf({ session }: Workbench, { judged, called }: Answers): readonly VerdictMark[] {
  const relevant = new Set(called);
  return judged.map((pair) => {
    const verdict = relevant.has(pair) ? "false_negative" : "true_negative";
    return judgedMark(session.collection, { query: pair.index, document: pair.passage, verdict });
  });
}

/** As for all adapters, but that a training set which has been published keeps its positives. */
function distillationSplit({ whole, published }: JudgedCollection, seed: number): Split {
  if (published === undefined) return splitOf(whole, seed);
  const { train, test } = valueOf(splitQueries(whole.queries, { seed, validationShare: 0, testShare: TEST_SHARE }));
  return { seed, test, training: train.map((query) => ({ query, labelled: itemAt(published, query), hidden: new Set() })) };
}

function configFor(sampler: SamplerConfig, { seed }: Split): Config {
  return { ...defaultConfig, sampler: { ...sampler, seed }, training: { ...defaultConfig.training, seed, test_share: TEST_SHARE } };
}
