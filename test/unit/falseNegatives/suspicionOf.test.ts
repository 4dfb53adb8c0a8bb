import { expect, test } from "vitest";
import type { FalseNegativeModel } from "#core/falseNegatives/falseNegativeModel";
import { featureFamilies, featureLabels } from "#core/falseNegatives/featureLabels";
import { FEATURES, FeatureScaler, VERDICT_SCALE } from "#core/falseNegatives/features";
import type { Feature, FeatureScale } from "#core/falseNegatives/features";
import { priorModel } from "#core/falseNegatives/priorModel";
import { probabilityAt } from "#core/falseNegatives/probabilityAt";
import { suspicionOf } from "#core/falseNegatives/suspicionOf";
import { valuesOf } from "./inventedPairs";

const scale: FeatureScale = { means: FEATURES.map(() => 0.5), deviations: FEATURES.map(() => 0.1) };
const prior = priorModel(scale);
const effects: Readonly<Partial<Record<Feature, number>>> = {
  score: 0.8,
  positive_similarity: 1.2,
  mean_positive_similarity: 0.3,
  answer_hit: 0.3,
};
const fitted: FalseNegativeModel = { ...prior, kind: "fitted", coefficients: FEATURES.map((feature) => effects[feature] ?? 0) };

function textOf(model: FalseNegativeModel, known: Readonly<Partial<Record<Feature, number>>>): string {
  return suspicionOf(model, valuesOf(known), 0, "top").text;
}

test("says how likely, and what speaks for it most", () => {
  expect([
    textOf(fitted, { score: 0.6, positive_similarity: 0.97 }),
    textOf(fitted, { score: 0.75, positive_similarity: 0.74 }),
    textOf(fitted, { score: 0.9, positive_similarity: 0.5 }),
    textOf(fitted, { score: 0.5, positive_similarity: 0.7, mean_positive_similarity: 0.6, answer_hit: 1 }),
    textOf(fitted, { score: 0.5, positive_similarity: 0.5 }),
    textOf(fitted, { score: 0.3, positive_similarity: 0.2 }),
    textOf(fitted, {}),
  ]).toMatchInlineSnapshot(`
    [
      "very likely relevant: almost the positive's text",
      "likely relevant: much like a positive, very near the query",
      "possibly relevant: very near the query",
      "likely relevant: much like a positive",
      "unlikely to be relevant",
      "unlikely to be relevant: unlike any positive",
      "unlikely to be relevant",
    ]
  `);
});

test("speaks of looks before there are marks", () => {
  expect([
    textOf(prior, { score: 0.6, positive_similarity: 0.97 }),
    textOf(prior, { score: 0.65, positive_similarity: 0.64 }),
    textOf(prior, { score: 0.3, positive_similarity: 0.5 }),
  ]).toMatchInlineSnapshot(`
    [
      "may be relevant: almost the positive's text",
      "does not look relevant",
      "does not look relevant",
    ]
  `);
});

test("its probability is the model's, in any row of a table", () => {
  const table = Float64Array.from([...valuesOf({ score: 0.2 }), ...valuesOf({ score: 0.8, positive_similarity: 0.96 })]);
  const { probability, isLikely, text } = suspicionOf(fitted, table, 1, "top");
  expect(probability).toBe(probabilityAt(fitted, table, 1, "top"));
  expect({ isLikely, text }).toEqual({ isLikely: true, text: textOf(fitted, { score: 0.8, positive_similarity: 0.96 }) });
});

test("every feature has its words and one family", () => {
  expect(Object.keys(featureLabels)).toEqual([...FEATURES]);
  expect(featureFamilies.flat().toSorted()).toEqual([...FEATURES].sort());
});

test("a language model's verdict is a reason, unless it is to be hidden; the probability is the same", () => {
  const place = FEATURES.indexOf("llm_verdict");
  const model: FalseNegativeModel = { ...fitted, coefficients: fitted.coefficients.with(place, 0.7) };
  const withVerdict: FalseNegativeModel = {
    ...model,
    scale: { means: scale.means.with(place, VERDICT_SCALE.mean), deviations: scale.deviations.with(place, VERDICT_SCALE.deviation) },
  };
  const saidOf = (values: Readonly<Partial<Record<Feature, number>>>, hidesVerdict = false): string => {
    const { probability, text } = suspicionOf(withVerdict, valuesOf(values), 0, "top", { hidesVerdict });
    return `${probability.toFixed(2)} ${text}`;
  };
  expect([
    saidOf({ score: 0.65, llm_verdict: 1 }),
    saidOf({ score: 0.65, llm_verdict: 1 }, true),
    saidOf({ score: 0.65, llm_verdict: 0.5 }),
    saidOf({ llm_verdict: 0 }),
    saidOf({ llm_verdict: 0 }, true),
  ]).toMatchInlineSnapshot(`
    [
      "0.30 possibly relevant: a language model calls it relevant, very near the query",
      "0.30 possibly relevant: very near the query",
      "0.13 unlikely to be relevant",
      "0.02 unlikely to be relevant: a language model calls it not relevant",
      "0.02 unlikely to be relevant",
    ]
  `);
});

test("the rule without marks gives a verdict the worth of a judge with a kappa of .35, and nothing to its absence", () => {
  const place = FEATURES.indexOf("llm_verdict");
  const withVerdicts = priorModel(new FeatureScaler().scale(true));
  const oddsOf = (values: Readonly<Partial<Record<Feature, number>>>): number => {
    const probability = probabilityAt(withVerdicts, valuesOf(values), 0, "top");
    return probability / (1 - probability);
  };
  const factors = [1, 0.5, 0].map((verdict) => (oddsOf({ llm_verdict: verdict }) / oddsOf({})).toFixed(2));
  expect(factors).toEqual(["5.23", "1.81", "0.63"]);
  // P(false negative) of flagged and other pairs, where people call a share p relevant and the judge agrees with them at kappa.
  const [p, kappa] = [0.12, 0.35];
  const odds = (probability: number): number => probability / (1 - probability);
  expect(odds(p + kappa * (1 - p)) / odds(p)).toBeCloseTo(5.5, 1);
  expect(odds(p * (1 - kappa)) / odds(p)).toBeCloseTo(0.62, 2);
  expect(priorModel(new FeatureScaler().scale()).coefficients[place]).toBe(0);
});
