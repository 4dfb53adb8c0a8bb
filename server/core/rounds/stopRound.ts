import type { TrainingConfig } from "../config/trainingSchema";
import { itemAt } from "../util/itemAt";

/** What decides whether to go on after a round. */
export interface RoundResult {
  /** Mean nDCG@10 of the validation queries after the round; absent without any. */
  readonly ndcg?: number;
  /** Estimated share of false negatives in what the round emitted; absent while there are too few marks. */
  readonly falseNegatives?: number;
}

export interface RoundVerdict {
  readonly stop: boolean;
  readonly why: "goes-on" | "count" | "no-gain" | "false-negatives";
  /** For people. */
  readonly sentence: string;
}

/**
 * Whether training ends with the last of these rounds. A round gains where its nDCG is above that of every round before it and above the frozen
 * encoder's; the best adapter is kept in any case.
 *
 * @param results one for each round so far, from the first on; at least one
 * @param frozen nDCG of the frozen encoder on the same queries, where it is known
 */
export function stopRound(results: readonly RoundResult[], settings: TrainingConfig["rounds"], frozen?: number): RoundVerdict {
  const { count, patience, max_false_negative_rise: mostRise } = settings;
  const last = itemAt(results, results.length - 1);
  const [first] = results;
  if (mostRise !== null && last.falseNegatives !== undefined && first?.falseNegatives !== undefined) {
    const rise = last.falseNegatives - first.falseNegatives;
    if (rise > mostRise) {
      const [now, then] = [percent(last.falseNegatives), percent(first.falseNegatives)];
      const sentence = `Stopped after round ${String(results.length)}: the estimated share of false negatives rose from ${then} in round 1 to ${now}, by more than max_false_negative_rise ${String(mostRise)}.`;
      return { stop: true, why: "false-negatives", sentence };
    }
  }
  if (results.length >= count) {
    return { stop: true, why: "count", sentence: `Finished after ${rounds(results.length)}, as rounds.count says.` };
  }
  const without = roundsWithoutGain(results, frozen);
  if (without.rounds >= patience) {
    const best = without.best.round === 0 ? "of the frozen encoder" : `of round ${String(without.best.round)}`;
    const sentence = `Stopped after round ${String(results.length)}: ${rounds(without.rounds)} without a gain over the validation nDCG@10 ${best}, ${without.best.ndcg.toFixed(4)}.`;
    return { stop: true, why: "no-gain", sentence };
  }
  return { stop: false, why: "goes-on", sentence: `Round ${String(results.length + 1)} of ${String(count)} follows.` };
}

interface Stagnation {
  readonly rounds: number;
  /** Round 0 is the frozen encoder. */
  readonly best: { readonly round: number; readonly ndcg: number };
}

function roundsWithoutGain(results: readonly RoundResult[], frozen: number | undefined): Stagnation {
  let best = { round: 0, ndcg: frozen ?? Number.NEGATIVE_INFINITY };
  let measured = 0;
  let atBest = 0;
  for (const [index, { ndcg }] of results.entries()) {
    if (ndcg === undefined) continue;
    measured += 1;
    if (ndcg > best.ndcg) {
      best = { round: index + 1, ndcg };
      atBest = measured;
    }
  }
  return { rounds: measured - atBest, best };
}

function rounds(n: number): string {
  return n === 1 ? "1 round" : `${String(n)} rounds`;
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}
