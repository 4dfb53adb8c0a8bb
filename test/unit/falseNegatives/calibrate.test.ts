import { describe, expect, test } from "vitest";
import { calibrate, possibleCalibrations } from "#core/falseNegatives/calibrate";
import type { Prediction } from "#core/falseNegatives/calibrate";
import { calibrated } from "#core/falseNegatives/calibrated";
import { reliabilityOf } from "#core/falseNegatives/reliability";
import { sigmoid } from "#core/falseNegatives/sigmoid";
import { seededRandom } from "#core/util/random";

/** Predictions whose log odds are off: `said` is what the model says where `truth` is so. */
function predictions(count: number, said: (truth: number) => number, isRandom = true): readonly Prediction[] {
  const random = seededRandom(`calibrate ${String(count)}`);
  return Array.from({ length: count }, () => {
    const truth = 6 * random() - 4;
    return { logOdds: said(truth), isFalseNegative: random() < sigmoid(truth), isRandom };
  });
}

test("which calibrations there are marks enough for", () => {
  const all = (count: number, isRandom: boolean): readonly string[] => possibleCalibrations(predictions(count, (truth) => truth, isRandom));
  expect([all(49, true), all(50, true), all(200, true), all(1000, false)]).toEqual([["none"], ["platt"], ["platt", "isotonic"], ["platt"]]);
  // Nine false negatives, whatever the number of marks, are too few for a curve.
  const rare = predictions(2000, (truth) => truth).map((one, index) => ({ ...one, isFalseNegative: index < 9 }));
  expect(possibleCalibrations(rare)).toEqual(["platt"]);
});

describe("Platt's", () => {
  test("puts right a model that is too sure and too suspicious", () => {
    const calibration = calibrate(
      predictions(20_000, (truth) => 2 * truth + 1),
      "platt",
    );
    if (calibration.kind !== "platt") throw new Error(calibration.kind);
    expect(calibration.slope).toBeCloseTo(0.5, 1);
    expect(calibration.intercept).toBeCloseTo(-0.5, 1);
    expect(calibrated(calibration, 1)).toBeCloseTo(0.5, 1);
  });

  test("hardly moves for a few marks, and never turns the order round", () => {
    const few = calibrate(
      predictions(50, (truth) => truth),
      "platt",
    );
    expect(few).toMatchObject({ kind: "platt" });
    expect(Math.abs(calibrated(few, 0) - 0.5)).toBeLessThan(0.1);
    const turned = calibrate(
      predictions(5000, (truth) => -2 * truth),
      "platt",
    );
    expect(turned).toMatchObject({ kind: "platt", slope: 0.1 });
  });
});

describe("a curve", () => {
  test("follows a pattern that two numbers cannot, and rises from 0 to 1", () => {
    const curve = calibrate(
      predictions(20_000, (truth) => Math.sign(truth) * truth ** 2),
      "isotonic",
    );
    for (const truth of [-3, -2, -1, 0.5, 1.5]) {
      expect(Math.abs(calibrated(curve, Math.sign(truth) * truth ** 2) - sigmoid(truth))).toBeLessThan(0.03);
    }
    const along = Array.from({ length: 401 }, (_, index) => calibrated(curve, index / 20 - 10));
    expect(along.every((value, index) => index === 0 || value >= along[index - 1]!)).toBe(true);
    expect([calibrated(curve, -800), calibrated(curve, 800)]).toEqual([0, 1]);
  });

  test("does not take a handful of marks at its end at their word", () => {
    const clean = Array.from({ length: 300 }, (_, index): Prediction => ({
      logOdds: -4 + index / 150,
      isFalseNegative: index % 30 === 7,
      isRandom: true,
    }));
    const curve = calibrate([...clean, { logOdds: -0.5, isFalseNegative: true, isRandom: true }], "isotonic");
    expect(calibrated(curve, -0.5)).toBeLessThan(0.5);
    expect(calibrated(curve, 2)).toBeLessThan(0.9);
  });

  test("passes over what was not drawn at random", () => {
    const random = predictions(400, (truth) => truth);
    const chosen = predictions(300, (truth) => truth - 3, false);
    expect(calibrate([...random, ...chosen], "isotonic")).toEqual(calibrate(random, "isotonic"));
  });
});

describe("the reliability", () => {
  test("has bins of about as many pairs each, and none for too few", () => {
    const said = Array.from({ length: 105 }, (_, index) => ({ probability: index / 105, isFalseNegative: index > 60 }));
    expect(reliabilityOf(said.toReversed()).map(({ from, to, pairs, observed }) => [from.toFixed(2), to.toFixed(2), pairs, observed]))
      .toMatchInlineSnapshot(`
      [
        [
          "0.00",
          "0.19",
          21,
          0,
        ],
        [
          "0.20",
          "0.39",
          21,
          0,
        ],
        [
          "0.40",
          "0.59",
          21,
          0.09523809523809523,
        ],
        [
          "0.60",
          "0.79",
          21,
          1,
        ],
        [
          "0.80",
          "0.99",
          21,
          1,
        ],
      ]
    `);
    expect(reliabilityOf(said.slice(0, 19))).toEqual([]);
    expect(reliabilityOf(said.slice(0, 39)).length).toBe(1);
  });

  test("does not part pairs of one probability", () => {
    const level = Array.from({ length: 100 }, (_, index) => ({ probability: index < 70 ? 0.1 : 0.6, isFalseNegative: index % 10 === 0 }));
    expect(reliabilityOf(level).map(({ predicted, pairs }) => [predicted.toFixed(3), pairs])).toEqual([
      ["0.100", 70],
      ["0.600", 30],
    ]);
  });
});
