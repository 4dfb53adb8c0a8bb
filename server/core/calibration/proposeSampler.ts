import type { SamplerConfig } from "../config/samplerSchema";
import type { JudgedPair } from "./judgedPairs";

/** Settings that a proposal may tighten, in the order of trust: similarity to the positive, margins, ceiling, rank window. */
const tunable = ["near_duplicate_similarity", "relative_margin", "absolute_margin", "max_score", "range_min"] as const;
export type TunableSetting = (typeof tunable)[number];

/** A stricter value of one setting, and what it would have done to the marked pairs. */
export interface SamplerChange {
  readonly parameter: TunableSetting;
  readonly from: number | null;
  readonly to: number;
  /** Marked false negatives that the present setting lets through and this one keeps out, of how many. */
  readonly falseNegativesAvoided: number;
  readonly falseNegatives: number;
  /** Marked true negatives that the present setting lets through and this one costs, of how many. */
  readonly trueNegativesLost: number;
  readonly trueNegatives: number;
  /** The proposal as one sentence. */
  readonly text: string;
}

export type SamplerAdvice = { readonly change: SamplerChange } | { readonly why: string };

/** Fewer false negatives than this say nothing about a threshold. */
const leastFalseNegatives = 3;
/** Among changes that are equally good otherwise, one that keeps out this share of the false negatives is preferred. */
const goodShare = 0.6;
/** Values are multiples of this: differences below it are noise, and people can remember them. */
const step = 0.005;
const largestMargin = 0.5;
const smallestSimilarity = 0.5;
const largestRangeMin = 50;

/**
 * The best single tightening of the sampler by the marked pairs: it keeps out the most false negatives for the true negatives it costs
 * (the difference of the two counts). Ties go to a change that keeps out at least 60 % of the false negatives, then to the one that costs
 * fewer true negatives, then by the order of trust, then to the gentlest. A change that costs as many as it gains is not proposed.
 */
export function proposeSampler(pairs: readonly JudgedPair[], sampler: SamplerConfig): SamplerAdvice {
  const through = pairs.filter((pair) => isLetThrough(pair, sampler));
  const falseNegatives = through.filter((pair) => pair.isFalseNegative);
  const trueNegatives = through.filter((pair) => !pair.isFalseNegative);
  if (falseNegatives.length < leastFalseNegatives) {
    return { why: tooFew(falseNegatives.length, pairs.filter((pair) => pair.isFalseNegative).length) };
  }
  let best: SamplerChange | undefined;
  for (const parameter of tunable) {
    for (const to of stricterValues(parameter, sampler)) {
      const stricter = { ...sampler, [parameter]: to };
      const avoided = falseNegatives.filter((pair) => !isLetThrough(pair, stricter)).length;
      const lost = trueNegatives.filter((pair) => !isLetThrough(pair, stricter)).length;
      const counts = {
        falseNegativesAvoided: avoided,
        falseNegatives: falseNegatives.length,
        trueNegativesLost: lost,
        trueNegatives: trueNegatives.length,
      };
      const change = { parameter, from: sampler[parameter], to, ...counts };
      if (avoided > lost && (best === undefined || isBetter(change, best))) {
        best = { ...change, text: inWords(change) };
      }
    }
  }
  return best === undefined ? { why: noSplit(falseNegatives.length) } : { change: best };
}

/** Whether the rules that a proposal may change, taken as `decide` takes them, let a pair through. Unknown values drop nothing. */
function isLetThrough({ rank, score, anchor, positiveSimilarity }: JudgedPair, sampler: SamplerConfig): boolean {
  const { range_min, near_duplicate_similarity, absolute_margin, relative_margin, max_score } = sampler;
  const isDropped =
    (rank > 0 && rank <= range_min) ||
    (near_duplicate_similarity !== null && positiveSimilarity >= near_duplicate_similarity) ||
    (absolute_margin !== null && score + absolute_margin > anchor) ||
    (relative_margin !== null && score > anchor - Math.abs(anchor) * relative_margin) ||
    (max_score !== null && score > max_score);
  return !isDropped;
}

/** Stricter values than the present one, the gentlest first. */
function stricterValues(parameter: TunableSetting, sampler: SamplerConfig): readonly number[] {
  const present = sampler[parameter];
  switch (parameter) {
    case "range_min": {
      const most = Math.min(largestRangeMin, (sampler.range_max ?? Number.POSITIVE_INFINITY) - 1);
      return counted(0, most, 1).filter((value) => value > sampler.range_min);
    }
    case "relative_margin":
    case "absolute_margin":
      return counted(0, largestMargin, step).filter((value) => present === null || value > present);
    case "near_duplicate_similarity":
    case "max_score":
      return counted(smallestSimilarity, 1, step)
        .reverse()
        .filter((value) => present === null || value < present);
  }
}

/** Numbers from `least` to `most` in equal steps, without the rounding errors of adding up. */
function counted(least: number, most: number, by: number): number[] {
  const length = Math.round((most - least) / by) + 1;
  return Array.from({ length: Math.max(0, length) }, (_, index) => Number((least + index * by).toFixed(3)));
}

type Counted = Omit<SamplerChange, "text">;

/** Whether a change is better than one of a more trusted setting or a gentler one of the same setting. */
function isBetter(change: Counted, than: Counted): boolean {
  const gain = (of: Counted): number => of.falseNegativesAvoided - of.trueNegativesLost;
  const isGood = (of: Counted): number => Number(of.falseNegativesAvoided >= goodShare * of.falseNegatives);
  const difference = gain(change) - gain(than) || isGood(change) - isGood(than) || than.trueNegativesLost - change.trueNegativesLost;
  return difference > 0;
}

function inWords({ parameter, from, to, falseNegativesAvoided, falseNegatives, trueNegativesLost, trueNegatives }: Counted): string {
  const change = from === null ? `Setting ${parameter} to ${String(to)}` : `${parameter} ${String(to)} instead of ${String(from)}`;
  const gain = `would have kept out ${String(falseNegativesAvoided)} of ${String(falseNegatives)} false negatives`;
  const price =
    trueNegatives === 0
      ? "at a price that is unknown, since no true negative is marked"
      : `at the cost of ${String(trueNegativesLost)} of ${String(trueNegatives)} true negatives`;
  return `${change} ${gain}, ${price}.`;
}

function tooFew(letThrough: number, all: number): string {
  const known =
    all === 0
      ? "No false negative is marked yet"
      : `Of ${String(all)} marked false negatives the present settings let ${String(letThrough)} through`;
  return `${known}; a proposal needs at least ${String(leastFalseNegatives)} that they let through.`;
}

function noSplit(falseNegatives: number): string {
  return `No single setting keeps out more of the ${String(falseNegatives)} marked false negatives than it costs in marked true negatives. More marks may show a threshold; until then each mark acts on its own query.`;
}
