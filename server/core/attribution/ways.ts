import type { AttributionMethod } from "../suggestions/suggestion";
import type { AttributionInput, AttributionOptions } from "./attribution";
import { byFit, byLeavingOut, byStandingAlone, type Contributions, isAnything, isClear, isEnough, isSaturated } from "./contributions";
import { leftOut, oneOfEach, type Subset, subsetsForFit } from "./subset";
import type { SubsetScores } from "./subsetScores";

/** Passages with at least this cosine similarity say the same, for all that leaving out one of them can show. */
const ALIKE = 0.85;

export interface Finding {
  readonly method: AttributionMethod;
  readonly weights: Contributions;
  readonly note?: string;
  /** Whether it tells the passages apart, so that nothing more needs to be asked. */
  readonly isSettled: boolean;
}

/** One way to find the contributions: which subsets to ask about, besides all passages and none, and what follows from their scores. */
export interface Way {
  readonly subsets: readonly Subset[];
  readonly find: (scores: SubsetScores) => Finding;
}

/** The ways to be tried, in order. What the last one finds holds in any case. */
export function waysFor(input: AttributionInput, { method, subsets, seed }: AttributionOptions): readonly [Way, ...Way[]] {
  const count = input.passages.length;
  const fit = fitting(subsetsForFit(count, subsets, `${String(seed)}:${input.query.key}:subsets`), count);
  if (method === "surrogate") return fit;
  const leaving = leavingOut(count, method);
  if (method !== "auto") return [leaving];
  return hasAlikePair(input) ? [standingAlone(count), ...fit] : [leaving, standingAlone(count), ...fit];
}

function leavingOut(count: number, method: AttributionOptions["method"]): Way {
  const subsets = leftOut(count);
  return {
    subsets,
    find: (scores) => {
      const weights = byLeavingOut(scores, subsets);
      const notes = [
        ...(scores.isByTokens || method !== "logprobs" ? [] : ["The model gives no log-probabilities: words were compared instead."]),
        ...(isAnything(weights, scores) ? [] : ["No passage by itself changes the answer: several may say the same."]),
      ];
      return {
        method: scores.isByTokens ? "logprobs" : "leave_one_out",
        weights,
        ...(notes.length === 0 ? {} : { note: notes.join(" ") }),
        isSettled: isClear(weights, scores),
      };
    },
  };
}

function standingAlone(count: number): Way {
  const subsets = oneOfEach(count);
  return {
    subsets,
    find: (scores) => {
      const weights = byStandingAlone(scores, subsets);
      return { method: "surrogate", weights, note: "Found from each passage alone.", isSettled: isEnough(weights, scores) };
    },
  };
}

/** The fit over random subsets; where most of these give the answer, and so tell little, what each passage gives alone goes before. */
function fitting(subsets: readonly Subset[], count: number): readonly [Way, Way] {
  const byHalves: Way = {
    subsets,
    find: (scores) => {
      const weights = byFit(scores, subsets);
      const isSettled = !isSaturated(scores, subsets);
      if (weights !== undefined) return { method: "surrogate", weights, isSettled };
      const note = "What the model answers does not follow which passages it is given: none stands out.";
      return { method: "surrogate", weights: Array.from({ length: count }, () => 0), note, isSettled };
    },
  };
  const alone = standingAlone(count);
  return [
    byHalves,
    {
      subsets: [...subsets, ...alone.subsets],
      find: (scores) => (isAnything(alone.find(scores).weights, scores) ? alone : byHalves).find(scores),
    },
  ];
}

function hasAlikePair({ passages, similarities }: AttributionInput): boolean {
  const count = passages.length;
  if (similarities.length !== count ** 2) {
    throw new RangeError(`${String(similarities.length)} similarities for ${String(count)} passages`);
  }
  return similarities.some((similarity, at) => at % count > Math.floor(at / count) && similarity >= ALIKE);
}
