import type { ComparisonView, RoundView, TrainingRunView } from "#protocol/training";
import { curvesTo, EPOCHS, lossesTo, ROUNDS, STEPS, TOTAL, validationsTo } from "./fakeCourse";

/** Runs of earlier days: one that helped, one whose gain cannot be told from nothing, and one that was stopped. */
export const earlierRuns: readonly TrainingRunView[] = [
  {
    ...newRun("run-3"),
    state: "stopped",
    seconds: 41,
    started: "2026-11-22T16:20:00Z",
    rounds: [roundOf(1)],
    curves: curvesTo(EPOCHS * STEPS),
    ending: "You stopped it. What it has learnt is kept.",
    canResume: true,
  },
  {
    ...newRun("run-2"),
    state: "finished",
    seconds: 97,
    started: "2026-11-21T09:05:00Z",
    rounds: [1, 2, 3, 4].map(roundOf),
    curves: curvesTo(TOTAL),
    ending: "All rounds are done; the best adapter was that of epoch 16.",
    comparison: comparisonOf(0.047, 0.021, true),
    adapter: "run-2-best",
    canResume: false,
  },
  {
    ...newRun("run-1"),
    state: "finished",
    seconds: 12,
    started: "2026-11-20T17:40:00Z",
    rounds: [roundOf(1)],
    ending: "No gain in nDCG@10 on the validation queries for 5 epochs.",
    comparison: comparisonOf(0.006, 0.019, false),
    adapter: "run-1-best",
    canResume: false,
  },
];

/** What a run that goes through to its end has gained. */
export const gain = comparisonOf(0.047, 0.021, true);

export function newRun(name: string): TrainingRunView {
  return {
    name,
    state: "running",
    started: "2026-11-23T08:15:00Z",
    seconds: 0,
    trainQueries: 1502,
    validationQueries: 376,
    testQueries: 626,
    taughtQueries: 212,
    rounds: [],
    canResume: false,
  };
}

export function roundOf(round: number): RoundView {
  const emitted = 1502 * 5;
  const added = round === 1 ? emitted : Math.round(emitted * 0.42 ** (round - 1));
  const steps = round > ROUNDS ? 0 : EPOCHS * STEPS;
  return {
    round,
    steps,
    added,
    dropped: round === 1 ? 0 : added - 12,
    kept: emitted - added,
    hardness: 0.512 + 0.021 * (round - 1) - 0.004 * (round - 1) ** 2,
    overlap: 0.55 + 0.07 * round,
    markedShare: 0.01 * round,
    ...(round === 1 ? {} : { falseNegatives: 0.07 + 0.012 * round }),
    // The round after the last one only mines.
    ...(steps === 0 ? {} : { loss: lossesTo(round * steps).at(-1)?.loss ?? 0, ndcg: validationsTo(round * steps).at(-1)?.ndcg ?? 0 }),
  };
}

/** A comparison whose nDCG@10 differs by so much, with an interval of so much to either side. */
function comparisonOf(difference: number, half: number, isGain: boolean): ComparisonView {
  const metric = (name: string, frozen: number, factor: number) => {
    const by = difference * factor;
    return { name, frozen, adapted: frozen + by, difference: by, low: by - half * factor, high: by + half * factor };
  };
  return {
    queries: 626,
    metrics: [metric("nDCG@10", 0.372, 1), metric("MRR@10", 0.334, 1.1), { ...metric("recall@100", 0.781, 0.4), low: -0.006 }],
    sentence: isGain
      ? "On 626 held-out queries nDCG@10 rises by 0.047 (95 % interval +0.026 to +0.068)."
      : "On 626 held-out queries nDCG@10 changes by +0.006 (95 % interval −0.013 to +0.025): this cannot be told from no change at all.",
    isGain,
  };
}
