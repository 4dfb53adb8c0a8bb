import { itemAt } from "../util/itemAt";
import { fitLasso } from "./lasso";
import { leftOut, type Subset, withEach } from "./subset";
import type { SubsetScores } from "./subsetScores";

/** lambda of ContextCite's published code, for a y in nats of the mean token; agreement of words, in [0, 1], is of the same order. */
const LAMBDA = 0.01;
/** From this part of what all passages do together on, one passage's part is taken for the whole of it. */
const CLEAR = 0.75;
/** Up to this part it is taken for the model's choice of words, which changes with its context even where the content does not. */
const FAINT = 0.25;
/** Passages that do less than this together leave the answer nearly as the model has it without them: half of its words, or 2 nats (1/7 as likely). */
const LEAST_TOGETHER = { words: 0.5, tokens: 2 };
/** Where so many of the random halves give the answer, they hardly differ in anything that a fit could go by. */
const SATURATED = 0.75;
/** A fit that explains less of the differences than this has found nothing: what the model says varies with something else. */
const LEAST_EXPLAINED = 0.15;

/** w_j of either sign, in the order of the passages. */
export type Contributions = readonly number[];

/** y(all) - y(all but j), for each passage. */
export function byLeavingOut(scores: SubsetScores, leftOut: readonly Subset[]): Contributions {
  return leftOut.map((subset) => scores.whole - scores.of(subset));
}

/**
 * The passages without which there is no answer, where leaving out one by one tells the passages apart: each makes the whole difference or next to
 * none, and some but not most of them make it. Else undefined: several carry the same evidence, or the model words its answer anew for each context,
 * and single differences cannot be relied on.
 */
export function neededOnes(leavingOut: Contributions, scores: SubsetScores): Subset | undefined {
  const needed = leavingOut.map((weight) => weight >= CLEAR * scores.together);
  const isEach = leavingOut.every((weight, index) => needed[index] === true || weight <= FAINT * scores.together);
  const count = needed.filter((isNeeded) => isNeeded).length;
  return isMuch(scores) && isEach && count > 0 && count <= Math.max(1, needed.length / 2) ? needed : undefined;
}

/**
 * Whether the passages of a subset give the answer by themselves. Needed passages that do not are helped by others that are there more than once,
 * of which leaving out one by one misses none.
 */
export function isSufficient(subset: Subset, { whole, together, of }: SubsetScores): boolean {
  return of(subset) - (whole - together) >= CLEAR * together;
}

/** Weights of the sparse linear fit of y over the subsets; undefined where it explains nothing. */
export function byFit(scores: SubsetScores, subsets: readonly Subset[]): Contributions | undefined {
  const rows = subsets.map((subset) => subset.map(Number));
  const { weights, explained } = fitLasso(
    rows,
    subsets.map((subset) => scores.of(subset)),
    LAMBDA,
  );
  return explained < LEAST_EXPLAINED ? undefined : weights;
}

/** Whether most subsets give the answer: of random halves 7/8 do where three passages carry the same evidence. */
export function isSaturated(scores: SubsetScores, subsets: readonly Subset[]): boolean {
  const { whole, together } = scores;
  const answering = subsets.filter((subset) => whole - scores.of(subset) <= together / 2).length;
  return together > 0 && answering >= SATURATED * subsets.length;
}

/**
 * y(needed and j) - y(needed), for each passage that is not needed: the linear surrogate through the context of the needed ones and those of one more,
 * y(j alone) - y(none) where none is needed. For the needed ones y(all) - y(all but j), as by leaving out.
 */
export function byStandingBeside({ whole, of }: SubsetScores, needed: Subset): Contributions {
  const leaving = leftOut(needed.length);
  return withEach(needed).map((subset, index) => (needed[index] === true ? whole - of(itemAt(leaving, index)) : of(subset) - of(needed)));
}

/** Whether some passage beside the needed ones makes the whole difference, so that no other is missing and each one's part can be seen by itself. */
export function isEnough(contributions: Contributions, needed: Subset, scores: SubsetScores): boolean {
  return isMuch(scores) && contributions.some((weight, index) => needed[index] !== true && weight >= CLEAR * scores.together);
}

/** Whether some passage by itself makes a difference that is more than a choice of words. */
export function isAnything(contributions: Contributions, { together }: SubsetScores): boolean {
  return contributions.some((weight) => weight > FAINT * together);
}

function isMuch({ together, isByTokens }: SubsetScores): boolean {
  return together >= (isByTokens ? LEAST_TOGETHER.tokens : LEAST_TOGETHER.words);
}
