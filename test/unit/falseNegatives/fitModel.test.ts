import { describe, expect, test } from "vitest";
import type { FalseNegativeModel, LabelledPair } from "#core/falseNegatives/falseNegativeModel";
import { FEATURES } from "#core/falseNegatives/features";
import type { Feature } from "#core/falseNegatives/features";
import { fitCoefficients, problemOf } from "#core/falseNegatives/fitCoefficients";
import { FEWEST_PAIRS, fitModel } from "#core/falseNegatives/fitModel";
import { FOLDS, foldOf, learningSet } from "#core/falseNegatives/learningSet";
import { lossOf } from "#core/falseNegatives/mapLogistic";
import { priorModel } from "#core/falseNegatives/priorModel";
import { logOddsAt, probabilityAt } from "#core/falseNegatives/probabilityAt";
import { seededRandom, shuffledRange } from "#core/util/random";
import { inventedPairs, scaleOf, unitScale, valuesOf } from "./inventedPairs";

const world = {
  intercept: -1.5,
  coefficients: { score: 0.4, positive_similarity: 1.4, query_words: -0.6, agreement: 0 },
  sources: { top: 0, bm25: -0.7, same_article: 0.7 },
};

function coefficientOf(model: FalseNegativeModel, feature: Feature): number {
  return model.coefficients[FEATURES.indexOf(feature)]!;
}

/** Mean surprise at what people say, in nats. */
function logLoss(model: FalseNegativeModel, pairs: readonly LabelledPair[]): number {
  const losses = pairs.map(({ values, source, isFalseNegative }) => {
    const probability = probabilityAt(model, values, 0, source);
    return -Math.log(isFalseNegative ? probability : 1 - probability);
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

describe("the prior", () => {
  const prior = priorModel(unitScale);

  test("is a sum of what was measured to tell relevant candidates, and 15 % for a hard one", () => {
    const of = (steps: number): number =>
      probabilityAt(prior, valuesOf({ positive_similarity: steps, log_rank: -steps, query_words: steps, positive_words: steps }), 0, "top");
    expect(of(1)).toBeCloseTo(0.15, 12);
    expect([of(0), of(2), of(3)].map((value) => value.toFixed(3))).toMatchInlineSnapshot(`
      [
        "0.024",
        "0.554",
        "0.897",
      ]
    `);
    expect(probabilityAt(prior, valuesOf({ score: 3 }), 0, "top")).toBe(of(0));
  });

  test("holds until there are marks enough, and while all say the same", () => {
    const pairs = inventedPairs(400, world);
    const clean = pairs.filter(({ isFalseNegative }) => !isFalseNegative);
    const few = fitModel(pairs.slice(0, FEWEST_PAIRS - 1), unitScale);
    expect(few).toEqual({ ...prior, pairs: 29, falseNegatives: pairs.slice(0, 29).filter((pair) => pair.isFalseNegative).length });
    expect(fitModel(clean, unitScale)).toEqual({ ...prior, pairs: clean.length });
    expect(
      fitModel(
        pairs.filter(({ isFalseNegative }) => isFalseNegative),
        unitScale,
      ).kind,
    ).toBe("prior");
    expect(fitModel([], unitScale)).toEqual(prior);
    expect(fitModel(pairs.slice(0, FEWEST_PAIRS), unitScale).kind).toBe("fitted");
  });
});

describe("a fit", () => {
  test("finds what the pairs were made with", () => {
    const model = fitModel(inventedPairs(10_000, world), unitScale);
    expect(coefficientOf(model, "score")).toBeCloseTo(0.4, 1);
    expect(coefficientOf(model, "positive_similarity")).toBeCloseTo(1.4, 1);
    expect(coefficientOf(model, "query_words")).toBeCloseTo(-0.6, 1);
    expect(coefficientOf(model, "agreement")).toBeCloseTo(0, 1);
    const { top, bm25, same_article } = model.sourceIntercepts;
    expect(bm25! - top!).toBeCloseTo(-0.7, 0.9);
    expect(same_article! - top!).toBeCloseTo(0.7, 0.9);
    expect(model.intercept + top!).toBeCloseTo(-1.5, 0.9);
  });

  test("is where the posterior has no slope", () => {
    const set = learningSet(inventedPairs(300, world), unitScale);
    const prior = priorModel(unitScale);
    const { intercept, coefficients, sources } = fitCoefficients(set, prior);
    const problem = problemOf(set.rows, set.sources.length, prior);
    const fit = Float64Array.from([intercept, ...coefficients, ...sources]);
    for (const [index, value] of fit.entries()) {
      const slope = (lossOf(problem, fit.with(index, value + 1e-4)) - lossOf(problem, fit.with(index, value - 1e-4))) / 2e-4;
      expect(Math.abs(slope)).toBeLessThan(1e-6);
    }
  });

  test("does not depend on the order of the pairs, to the last bit", () => {
    const pairs = inventedPairs(500, { ...world, isRandom: true });
    const random = seededRandom("order");
    const shuffled = [...shuffledRange(pairs.length, random)].map((index) => pairs[index]!);
    expect(shuffled).not.toEqual(pairs);
    expect(JSON.stringify(fitModel(shuffled, unitScale))).toBe(JSON.stringify(fitModel(pairs, unitScale)));
  });

  test("stays finite where one feature tells the labels apart", () => {
    const pairs = inventedPairs(200, { intercept: 0, coefficients: { score: 1000 } });
    const model = fitModel(pairs, unitScale);
    expect(model.coefficients.every(Number.isFinite)).toBe(true);
    expect(coefficientOf(model, "score")).toBeGreaterThan(1.5);
    const right = pairs.filter(({ values, isFalseNegative }) => probabilityAt(model, values, 0, "top") > 0.5 === isFalseNegative);
    expect(right.length / pairs.length).toBeGreaterThan(0.97);
  });

  test("a feature that is never known, or never differs, keeps its prior and does nothing", () => {
    const pairs = inventedPairs(200, world).map((pair) => ({ ...pair, values: pair.values.with(FEATURES.indexOf("top_score"), 0.5) }));
    const model = fitModel(pairs, scaleOf(pairs));
    expect(coefficientOf(model, "answer_hit")).toBe(0);
    expect(coefficientOf(model, "top_score")).toBe(0);
    const [known] = pairs;
    const other = known!.values.with(FEATURES.indexOf("top_score"), 0.9);
    expect(probabilityAt(model, other, 0, "top")).toBe(probabilityAt(model, known!.values, 0, "top"));
  });

  test("a wild value counts as four standard deviations, an infinite one as unknown", () => {
    const model = priorModel(unitScale);
    const of = (score: number): number => logOddsAt(model, valuesOf({ score }), 0, "top");
    expect(of(1e9)).toBe(of(4));
    expect(of(-1e9)).toBe(of(-4));
    expect(of(Number.POSITIVE_INFINITY)).toBe(of(Number.NaN));
  });

  test("names from damaged marks are names: of sources there are at most sixteen, and none is a member of every object", () => {
    const pairs = inventedPairs(400, world).map((pair, index) => ({
      ...pair,
      source: index % 2 === 0 ? ["constructor", "__proto__"][index % 4 === 0 ? 0 : 1]! : `made-up-${String(index)}`,
    }));
    const model = fitModel(pairs, unitScale);
    expect(Object.keys(model.sourceIntercepts).length).toBe(16);
    expect(Object.hasOwn(model.sourceIntercepts, "__proto__")).toBe(true);
    const prior = priorModel(unitScale);
    expect(probabilityAt(prior, pairs[0]!.values, 0, "constructor")).toBe(probabilityAt(prior, pairs[0]!.values, 0, "top"));
  });
});

describe("folds", () => {
  test("pairs of one query are never on both sides", () => {
    const set = learningSet(inventedPairs(600, { ...world, pairsPerQuery: 5 }), unitScale);
    expect(set.queries).toBe(120);
    const sizes = Array.from({ length: FOLDS }, (_, fold) => set.rows.filter((row) => row.fold === fold).length);
    expect(sizes.every((size) => size % 5 === 0)).toBe(true);
    expect(Math.min(...sizes)).toBeGreaterThan(60);
    expect(foldOf("a query")).toBe(foldOf("a query"));
  });

  test("a query's own marks have no part in what the reliability says of it", () => {
    // What people say follows no feature: only a query's other pairs give its answers away.
    const random = seededRandom("leak");
    const pairs = Array.from({ length: 1000 }, (_, index): LabelledPair => {
      const query = `q${String(Math.floor(index / 10))}`;
      const place = seededRandom(query);
      return {
        query,
        document: `d${String(index)}`,
        source: "top",
        values: Float64Array.from(FEATURES, () => 3 * place() - 1.5),
        isFalseNegative: seededRandom(`answer ${query}`)() < 0.5 ? random() < 0.9 : random() < 0.1,
        isRandom: true,
      };
    });
    const model = fitModel(pairs, unitScale);
    const spread =
      Math.max(...model.reliability.map(({ predicted }) => predicted)) - Math.min(...model.reliability.map(({ predicted }) => predicted));
    // A curve that had seen the answers would reach from .1 to .9.
    expect(spread).toBeLessThan(0.4);
  });
});

describe("calibration", () => {
  /** False negatives at every second step of the score, which no logistic curve follows. */
  const stepped = (seed: string): readonly LabelledPair[] => {
    const random = seededRandom(seed);
    return inventedPairs(1500, { intercept: 0, coefficients: { score: 0 }, isRandom: true }, seed).map((pair) => {
      const score = 6 * random() - 3;
      const share = score < 1 ? 0.02 : score < 2.5 ? 0.7 : 0.72;
      return { ...pair, values: valuesOf({ score }), isFalseNegative: random() < share };
    });
  };

  test("is Platt's from 50 marks; on a few queries alone nothing is known of others", () => {
    const kinds = [49, 50, 400].map((count) => fitModel(inventedPairs(count, world), unitScale).calibration.kind);
    expect(kinds).toEqual(["none", "platt", "platt"]);
    expect(fitModel(inventedPairs(1000, world), unitScale).reliability.map(({ pairs }) => pairs)).toEqual(
      Array.from({ length: 10 }, () => 100),
    );
    expect(fitModel(inventedPairs(49, world), unitScale).reliability).toEqual([]);
    const crowded = fitModel(inventedPairs(300, { ...world, pairsPerQuery: 100 }), unitScale);
    expect(crowded).toMatchObject({ kind: "fitted", calibration: { kind: "none" }, reliability: [] });
  });

  test("is a curve where that does better on queries it was not learnt from, and then does so on new ones", () => {
    const model = fitModel(stepped("marks"), unitScale);
    expect(model.calibration.kind).toBe("isotonic");
    const fresh = stepped("fresh");
    const raw = { ...model, calibration: { kind: "none" } } as const;
    expect([model, raw, priorModel(unitScale)].map((one) => logLoss(one, fresh).toFixed(2))).toMatchInlineSnapshot(`
      [
        "0.28",
        "0.32",
        "0.93",
      ]
    `);
    expect(logLoss(model, fresh)).toBeLessThan(logLoss(raw, fresh));
    // Where the model's own form is right, a curve has nothing to add.
    expect(fitModel(inventedPairs(1500, { ...world, isRandom: true }), unitScale).calibration.kind).toBe("platt");
  });

  test("random marks that are all of one query do not stand in the way", () => {
    const audited = inventedPairs(250, { ...world, pairsPerQuery: 250, isRandom: true }, "audited");
    const model = fitModel([...inventedPairs(300, world), ...audited], unitScale);
    expect(model.reliability.reduce((sum, { pairs }) => sum + pairs, 0)).toBe(550);
  });

  test("predictions and shares of the reliability lie close together", () => {
    const { reliability } = fitModel(inventedPairs(3000, world), unitScale);
    for (const { predicted, observed, pairs } of reliability) {
      const error = Math.sqrt((predicted * (1 - predicted)) / pairs);
      expect(Math.abs(predicted - observed)).toBeLessThan(3.5 * error);
    }
  });
});
