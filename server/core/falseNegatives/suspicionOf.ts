import type { FalseNegativeModel } from "./falseNegativeModel";
import { featureFamilies, reasonOf } from "./featureLabels";
import { FEATURES } from "./features";
import type { Feature, FeatureTable } from "./features";
import { probabilityAt } from "./probabilityAt";
import { standardise } from "./standardise";

/** What is suspected of a passage, for its card. */
export interface PairSuspicion {
  /** P(false negative), in (0, 1). */
  readonly probability: number;
  /** Whether it is more likely relevant than not. */
  readonly isLikely: boolean;
  /** Short words: "likely relevant: almost the positive's text". */
  readonly text: string;
}

/** From these probabilities on a passage is called so. */
const veryLikely = 0.8;
const likely = 0.5;
const possible = 0.2;

/** A reason counts from this change of the log odds: it multiplies the odds by 1.3. */
const leastEffect = 0.25;
const mostReasons = 2;
/** A second reason is named where it weighs at least this share of the first. */
const secondReason = 0.5;

/** What may be said of a pair. */
export interface SuspicionOptions {
  /** Whether a language model's verdict must not be named among the reasons. */
  readonly hidesVerdict?: boolean;
}

/** P(false negative) of a pair in words, with what speaks most for it (or against it, where it is unlikely) compared with an average candidate. */
export function suspicionOf(
  model: FalseNegativeModel,
  table: FeatureTable,
  pair: number,
  source: string,
  { hidesVerdict = false }: SuspicionOptions = {},
): PairSuspicion {
  const probability = probabilityAt(model, table, pair, source);
  const values = table.slice(pair * FEATURES.length, (pair + 1) * FEATURES.length);
  if (hidesVerdict) values[FEATURES.indexOf("llm_verdict")] = Number.NaN;
  const reasons = reasonsFor(model, values, probability >= possible ? 1 : -1);
  const verdict = verdictOf(probability, model.kind);
  return {
    probability,
    isLikely: probability >= likely,
    text: reasons.length === 0 ? verdict : `${verdict}: ${reasons.join(", ")}`,
  };
}

function verdictOf(probability: number, kind: FalseNegativeModel["kind"]): string {
  // Nothing that people said is behind the prior, so it speaks of looks.
  if (kind === "prior")
    return probability >= likely ? "looks relevant" : probability >= possible ? "may be relevant" : "does not look relevant";
  if (probability >= veryLikely) return "very likely relevant";
  if (probability >= likely) return "likely relevant";
  return probability >= possible ? "possibly relevant" : "unlikely to be relevant";
}

interface Reason {
  readonly effect: number;
  readonly text: string;
}

/** Reasons for (1) or against (-1), the weightiest first. */
function reasonsFor(model: FalseNegativeModel, values: FeatureTable, side: 1 | -1): readonly string[] {
  const reasons = featureFamilies.map((family) => familyReason(family, model, values, side));
  reasons.sort((a, b) => b.effect - a.effect);
  const least = Math.max(leastEffect, secondReason * (reasons[0]?.effect ?? 0));
  return reasons
    .slice(0, mostReasons)
    .filter(({ effect }) => effect >= least)
    .map(({ text }) => text);
}

/** The effects of features that say much the same, added up, in the words of the one with the largest. */
function familyReason(family: readonly Feature[], { coefficients, scale }: FalseNegativeModel, values: FeatureTable, side: 1 | -1): Reason {
  let sum = 0;
  let largest: Reason = { effect: Number.NEGATIVE_INFINITY, text: "" };
  for (const feature of family) {
    const index = FEATURES.indexOf(feature);
    const value = values[index] ?? Number.NaN;
    const steps = standardise(value, scale.means[index] ?? 0, scale.deviations[index] ?? 0);
    const effect = side * (coefficients[index] ?? 0) * steps;
    sum += effect;
    if (effect > largest.effect) largest = { effect, text: reasonOf(feature, value, steps > 0) };
  }
  return { effect: sum, text: largest.text };
}
