import { itemAt } from "../util/itemAt";
import { hash128 } from "../util/random";
import type { LabelledPair } from "./falseNegativeModel";
import { FEATURES } from "./features";
import type { FeatureScale } from "./features";
import { standardise } from "./standardise";

/** Sources with an intercept of their own: the mix has eight, but a marks file can name anything. Those with the most pairs are taken. */
const mostSources = 16;

export const FOLDS = 5;

/** A marked pair as numbers. */
export interface LearningRow {
  /** Standardised, in the order of `FEATURES`. */
  readonly features: readonly number[];
  /** Position in the set's sources; -1 for another one. */
  readonly source: number;
  readonly isFalseNegative: boolean;
  readonly isRandom: boolean;
  /** The fold of its query, from 0 to FOLDS - 1. */
  readonly fold: number;
}

export interface LearningSet {
  readonly rows: readonly LearningRow[];
  /** Sources that get an intercept of their own. */
  readonly sources: readonly string[];
  /** Different queries. */
  readonly queries: number;
}

/** Puts pairs into an order that does not depend on the one they come in, since sums of floating-point numbers depend on theirs. */
export function learningSet(pairs: readonly LabelledPair[], { means, deviations }: FeatureScale): LearningSet {
  const sorted = [...pairs].sort(inOrder);
  const sources = sourcesOf(sorted);
  const rows = sorted.map(({ query, source, values, isFalseNegative, isRandom }) => ({
    features: FEATURES.map((_, feature) => standardise(values[feature] ?? Number.NaN, itemAt(means, feature), itemAt(deviations, feature))),
    source: sources.indexOf(source),
    isFalseNegative,
    isRandom,
    fold: foldOf(query),
  }));
  return { rows, sources, queries: new Set(sorted.map(({ query }) => query)).size };
}

/** The fold of a query is a matter of its text alone: its pairs stay together, and new marks move no other. */
export function foldOf(query: string): number {
  return (hash128(`fold:${query}`)[0] >>> 0) % FOLDS;
}

/** Pairs that compare as equal are equal in all that a fit reads. */
function inOrder(a: LabelledPair, b: LabelledPair): number {
  return (
    byText(a.query, b.query) ||
    byText(a.document, b.document) ||
    byText(a.source, b.source) ||
    Number(a.isFalseNegative) - Number(b.isFalseNegative) ||
    Number(a.isRandom) - Number(b.isRandom) ||
    byValues(a.values, b.values)
  );
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Unknown values come first. */
function byValues(a: Float64Array, b: Float64Array): number {
  for (let feature = 0; feature < FEATURES.length; feature += 1) {
    const [left, right] = [a[feature] ?? Number.NaN, b[feature] ?? Number.NaN];
    if (Number.isNaN(left) !== Number.isNaN(right)) return Number.isNaN(left) ? -1 : 1;
    if (left < right) return -1;
    if (left > right) return 1;
  }
  return 0;
}

/** In alphabetical order. */
function sourcesOf(pairs: readonly LabelledPair[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { source } of pairs) counts.set(source, (counts.get(source) ?? 0) + 1);
  const mostFirst = [...counts].sort(([a, counted], [b, other]) => other - counted || byText(a, b));
  return mostFirst
    .slice(0, mostSources)
    .map(([source]) => source)
    .sort(byText);
}
