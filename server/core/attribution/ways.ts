import type { AttributionMethod } from "../suggestions/suggestion";
import type { AttributionInput, AttributionOptions } from "./attribution";
import {
  byFit,
  byLeavingOut,
  byStandingBeside,
  type Contributions,
  isAnything,
  isEnough,
  isSaturated,
  isSufficient,
  neededOnes,
} from "./contributions";
import { leftOut, noneOf, type Subset, subsetsForFit, withEach } from "./subset";
import type { SubsetScores } from "./subsetScores";

/** Passages with at least this cosine similarity say the same, for all that leaving out one of them can show. */
const ALIKE = 0.85;

/** What one way shows. */
export interface Finding {
  readonly method: AttributionMethod;
  readonly weights: Contributions;
  readonly note?: string;
  /** The way to be taken before anything is settled; absent where this tells the passages apart, or where there is none left. */
  readonly next?: Way;
}

/**
 * One way to find the contributions: which subsets to ask about, besides all passages, none, and those of the ways before it, and what follows from
 * their scores. Which way comes next may depend on these.
 */
export interface Way {
  readonly subsets: readonly Subset[];
  readonly find: (scores: SubsetScores) => Finding;
}

/** The way to begin with. */
export function firstWay(input: AttributionInput, { method, subsets, seed }: AttributionOptions): Way {
  const count = input.passages.length;
  const random = subsetsForFit(count, subsets, `${String(seed)}:${input.query.key}:subsets`);
  if (method === "surrogate") return fitting(random, noneOf(count));
  const leaving = leavingOut(count, method);
  if (method !== "auto") return leaving;
  const further = (needed: Subset): Way => standingBeside(needed, fitting(random, needed));
  return hasAlikePair(input) ? further(noneOf(count)) : tellingApart(leaving, further);
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
      };
    },
  };
}

/** What leaving out shows, with the way that is `further` where it leaves open which passages are needed, or where these do not suffice. */
function tellingApart(leaving: Way, further: (needed: Subset) => Way): Way {
  return {
    subsets: leaving.subsets,
    find: (scores) => {
      const finding = leaving.find(scores);
      const needed = neededOnes(finding.weights, scores);
      return { ...finding, next: needed === undefined ? further(noneOf(finding.weights.length)) : sufficing(leaving, needed, further) };
    },
  };
}

/** What leaving out shows, if the needed passages give the answer by themselves. */
function sufficing(leaving: Way, needed: Subset, further: (needed: Subset) => Way): Way {
  return {
    subsets: [needed],
    find: (scores) => ({ ...leaving.find(scores), ...(isSufficient(needed, scores) ? {} : { next: further(needed) }) }),
  };
}

/** What each passage adds to those that are needed, where these do not suffice by themselves; what it gives alone, where none is known to be needed. */
function standingBeside(needed: Subset, next?: Way): Way {
  return {
    subsets: [needed, ...withEach(needed)],
    find: (scores) => {
      const weights = byStandingBeside(scores, needed);
      return {
        method: "surrogate",
        weights,
        note: needed.includes(true)
          ? "Found from each passage beside those that the answer cannot do without."
          : "Found from each passage alone.",
        ...(next === undefined || isEnough(weights, needed, scores) ? {} : { next }),
      };
    },
  };
}

/** The fit over random subsets; where most of these give the answer, and so tell little, what each passage adds to the needed ones goes before. */
function fitting(subsets: readonly Subset[], needed: Subset): Way {
  const fitted = (scores: SubsetScores): Finding => {
    const weights = byFit(scores, subsets);
    if (weights !== undefined) return { method: "surrogate", weights };
    const note = "What the model answers does not follow which passages it is given: none stands out.";
    return { method: "surrogate", weights: needed.map(() => 0), note };
  };
  const beside = standingBeside(needed);
  const instead: Way = {
    subsets: beside.subsets,
    find: (scores) => {
      const finding = beside.find(scores);
      return isAnything(finding.weights, scores) ? finding : fitted(scores);
    },
  };
  return { subsets, find: (scores) => ({ ...fitted(scores), ...(isSaturated(scores, subsets) ? { next: instead } : {}) }) };
}

function hasAlikePair({ passages, similarities }: AttributionInput): boolean {
  const count = passages.length;
  if (similarities.length !== count ** 2) {
    throw new RangeError(`${String(similarities.length)} similarities for ${String(count)} passages`);
  }
  return similarities.some((similarity, at) => at % count > Math.floor(at / count) && similarity >= ALIKE);
}
