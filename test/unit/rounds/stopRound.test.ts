import { expect, test } from "vitest";
import { stopRound } from "#core/rounds/stopRound";
import type { RoundResult } from "#core/rounds/stopRound";
import { stepsOfRound } from "#core/rounds/stepsOfRound";

const rounds = { count: 5, steps: null, asynchronous: false, patience: 2, max_false_negative_rise: 0.1 };

function ndcgs(...values: readonly number[]): readonly RoundResult[] {
  return values.map((ndcg) => ({ ndcg }));
}

function shares(...values: readonly (number | undefined)[]): readonly RoundResult[] {
  return values.map((falseNegatives) => (falseNegatives === undefined ? {} : { falseNegatives }));
}

test.each<[string, readonly RoundResult[], number | undefined, string]>([
  ["gains", ndcgs(0.3, 0.31), 0.29, "Round 3 of 5 follows."],
  ["one round without a gain", ndcgs(0.3, 0.3), 0.29, "Round 3 of 5 follows."],
  [
    "two rounds without a gain",
    ndcgs(0.3, 0.29, 0.3),
    0.28,
    "Stopped after round 3: 2 rounds without a gain over the validation nDCG@10 of round 1, 0.3000.",
  ],
  [
    "never better than the frozen encoder",
    ndcgs(0.3, 0.31),
    0.32,
    "Stopped after round 2: 2 rounds without a gain over the validation nDCG@10 of the frozen encoder, 0.3200.",
  ],
  ["the frozen encoder unknown", ndcgs(0.3, 0.29), undefined, "Round 3 of 5 follows."],
  ["no validation queries", [{}, {}, {}], undefined, "Round 4 of 5 follows."],
  ["the last round", ndcgs(0.1, 0.2, 0.3, 0.4, 0.5), 0.1, "Finished after 5 rounds, as rounds.count says."],
  [
    "more false negatives than at first",
    shares(0.05, 0.1, 0.2),
    undefined,
    "Stopped after round 3: the estimated share of false negatives rose from 5.0 % in round 1 to 20.0 %, by more than max_false_negative_rise 0.1.",
  ],
  ["no more than allowed", shares(0.25, 0.375 - 0.025), undefined, "Round 3 of 5 follows."],
  ["too few marks in the first round", shares(undefined, 0.9), undefined, "Round 3 of 5 follows."],
  ["too few marks now", shares(0.1, undefined), undefined, "Round 3 of 5 follows."],
])("%s", (_, results, frozen, sentence) => {
  const verdict = stopRound(results, rounds, frozen);
  expect(verdict.sentence).toBe(sentence);
  expect(verdict.stop).toBe(!sentence.startsWith("Round"));
});

test("without a limit false negatives stop nothing", () => {
  expect(stopRound(shares(0.1, 0.9), { ...rounds, max_false_negative_rise: null }).why).toBe("goes-on");
});

test("a single round that is asked for is the last", () => {
  expect(stopRound(ndcgs(0.1), { ...rounds, count: 1 }, 0.2)).toEqual({
    stop: true,
    why: "count",
    sentence: "Finished after 1 round, as rounds.count says.",
  });
});

test.each([
  ["the steps that are asked for", { count: 3, steps: 25 }, 10, [25, 25, 25]],
  ["an even share of the epochs", { count: 3, steps: null }, 10, [33, 33, 34]],
  ["one step at least", { count: 3, steps: null }, 0, [1, 1, 1]],
])("steps of a round: %s", (_, chosen, batches, steps) => {
  const settings = { num_train_epochs: 10, rounds: { ...rounds, ...chosen } };
  expect([1, 2, 3].map((round) => stepsOfRound(settings, round, batches))).toEqual(steps);
});
