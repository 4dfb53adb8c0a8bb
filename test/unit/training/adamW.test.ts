import { expect, test } from "vitest";
import { adamWStep, clipGradients, learningRate } from "#core/training/adamW";
import { settingsWith } from "../../support/trainingFixture";

function stateOf(...parameters: readonly number[]) {
  return {
    parameters: Float32Array.from(parameters),
    firstMoment: new Float32Array(parameters.length),
    secondMoment: new Float32Array(parameters.length),
  };
}

test("three steps worked out by hand", () => {
  const state = stateOf(1);
  const slopes = [0.5, -0.25, 1];
  const values = slopes.map((slope, i) => {
    adamWStep(state, Float32Array.of(slope), { learningRate: 0.1, weightDecay: 0, step: i + 1 }, () => 0);
    return state.parameters[0]!;
  });
  // m = .05, v = .00025; m / .1 = .5, sqrt(v / .001) = .5: down by .1 * 1.
  expect(values[0]).toBeCloseTo(0.9, 6);
  // m = .045 - .025 = .02, / .19 = .105263; v = .00024975 + .0000625 = .00031225, / .001999 = .156203, root .395225: down by .1 * .266337.
  expect(values[1]).toBeCloseTo(0.873366, 6);
  // m = .018 + .1 = .118, / .271 = .435424; v = .000311938 + .001 = .001311938, / .002997001 = .437750, root .661627: down by .1 * .658111.
  expect(values[2]).toBeCloseTo(0.807555, 6);
});

test("decay goes to the place of rest, apart from the gradient's moments", () => {
  const state = stateOf(2, 2, 0.5);
  adamWStep(state, new Float32Array(3), { learningRate: 0.1, weightDecay: 0.5, step: 1 }, (i) => (i === 0 ? 1 : 0));
  expect([...state.parameters].map((value) => value.toFixed(4))).toEqual(["1.9500", "1.9000", "0.4750"]);
  expect([...state.firstMoment, ...state.secondMoment]).toEqual([0, 0, 0, 0, 0, 0]);
});

test("gradients are cut together to a length, shorter ones are left alone", () => {
  const gradients = [Float32Array.of(3, 0), Float32Array.of(0, 4)];
  expect(clipGradients(gradients, 6)).toBe(5);
  expect(gradients).toEqual([Float32Array.of(3, 0), Float32Array.of(0, 4)]);
  expect(clipGradients(gradients, 1)).toBe(5);
  expect(gradients.map((gradient) => [...gradient].map((value) => value.toFixed(6)))).toEqual([
    ["0.600000", "0.000000"],
    ["0.000000", "0.800000"],
  ]);
});

test.each([
  [0.3, "0.33 0.67 1.00 1.00 0.86 0.71 0.57 0.43 0.29 0.14 0.00 0.00"],
  [0.25, "0.33 0.67 1.00 1.00 0.86 0.71 0.57 0.43 0.29 0.14 0.00 0.00"],
  [0, "1.00 0.90 0.80 0.70 0.60 0.50 0.40 0.30 0.20 0.10 0.00 0.00"],
  [1, "0.10 0.20 0.30 0.40 0.50 0.60 0.70 0.80 0.90 1.00 0.00 0.00"],
])("the learning rate over ten steps and two more, warm-up %d", (warmup, expected) => {
  const settings = settingsWith({ learning_rate: 2, warmup_ratio: warmup });
  const shares = Array.from({ length: 12 }, (_, step) => (learningRate(step, 10, settings) / 2).toFixed(2));
  expect(shares.join(" ")).toBe(expected);
});
