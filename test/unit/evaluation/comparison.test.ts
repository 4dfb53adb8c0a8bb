import { expect, test } from "vitest";
import { comparison, signed } from "#core/evaluation/comparison";
import { pairedBootstrap, resamplesFor } from "#core/evaluation/pairedBootstrap";
import type { RankingMeasures } from "#core/evaluation/rankingMeasures";
import { gumbel, seededRandom } from "#core/util/random";
import type { ComparisonView } from "../../../server/protocol/training";

const measures = (values: readonly number[]): readonly RankingMeasures[] => values.map((ndcg) => ({ ndcg, mrr: ndcg, recall: 1 }));

function noise(count: number, name: string): readonly number[] {
  const random = seededRandom(name);
  return Array.from({ length: count }, () => random() - 0.5);
}

test("the interval agrees with what the central limit theorem gives, and the seed decides it", () => {
  const differences = noise(400, "differences").map((value) => value + 0.02);
  const [interval] = pairedBootstrap([differences], { seed: 1 });
  const mean = differences.reduce((sum, value) => sum + value, 0) / 400;
  const deviation = Math.sqrt(differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 400);
  expect(interval?.mean).toBeCloseTo(mean, 12);
  // 1.96 standard errors to each side; 10,000 samples find the ends within a few hundredths of that.
  expect(((interval?.high ?? 0) - mean) / (deviation / 20)).toBeCloseTo(1.96, 1);
  expect((mean - (interval?.low ?? 0)) / (deviation / 20)).toBeCloseTo(1.96, 1);
  expect(pairedBootstrap([differences], { seed: 1 })).toEqual([interval]);
  expect(pairedBootstrap([differences], { seed: 2 })).not.toEqual([interval]);
});

test("of 200 comparisons in which nothing differs, about one in twenty is called a difference", () => {
  let called = 0;
  for (let trial = 0; trial < 200; trial += 1) {
    const random = seededRandom(`trial ${String(trial)}`);
    const differences = Array.from({ length: 60 }, () => gumbel(random) - gumbel(random));
    const [interval] = pairedBootstrap([differences], { seed: trial, resamples: 1000 });
    if (interval !== undefined && (interval.low > 0 || interval.high < 0)) called += 1;
  }
  // Binomial with 200 trials at 0.05 to 0.07: more than 22 in less than one of a hundred.
  expect(called).toBeGreaterThan(1);
  expect(called).toBeLessThan(23);
});

test("columns share their samples, so that equal columns have equal intervals", () => {
  const differences = noise(50, "shared");
  const [one, other] = pairedBootstrap([differences, differences], { seed: 3 });
  expect(one).toEqual(other);
});

test("large sets get fewer samples, never fewer than a thousand", () => {
  expect([1, 500, 2000, 1_000_000].map(resamplesFor)).toEqual([10_000, 10_000, 2500, 1000]);
});

test("a gain, a loss, nothing to be told, no difference and too few queries are said as such", () => {
  const frozen = measures(noise(40, "frozen").map((value) => 0.5 + value / 4));
  const moved = (by: number, spread: number): readonly RankingMeasures[] =>
    frozen.map(({ ndcg }, i) => measures([ndcg + by + spread * (noise(40, "moved")[i] ?? 0)])).flat();
  const said = (adapted: readonly RankingMeasures[], queries = 40): unknown => {
    const { sentence, isGain } = comparison(frozen.slice(0, queries), adapted.slice(0, queries), { seed: 42 });
    return { isGain, sentence };
  };
  expect([
    said(moved(0.1, 0.2)),
    said(moved(-0.1, 0.2)),
    said(moved(0.001, 0.2)),
    said(frozen),
    said(moved(0.1, 0), 9),
    said(moved(0, 0), 1),
  ]).toMatchInlineSnapshot(`
    [
      {
        "isGain": true,
        "sentence": "A gain: +0.1056 nDCG@10 over 40 queries, 95 % interval +0.0867 to +0.1239.",
      },
      {
        "isGain": false,
        "sentence": "A loss: -0.0944 nDCG@10 over 40 queries, 95 % interval -0.1133 to -0.0761. Stay with the frozen encoder.",
      },
      {
        "isGain": false,
        "sentence": "Cannot be told from nothing: +0.0066 nDCG@10 over 40 queries, and the 95 % interval includes 0 (-0.0123 to +0.0249).",
      },
      {
        "isGain": false,
        "sentence": "No difference: the adapter leaves nDCG@10 of each of the 40 queries as it is.",
      },
      {
        "isGain": false,
        "sentence": "Too few queries to tell: +0.1000 nDCG@10 over 9 queries, and at least 10 are needed for an interval.",
      },
      {
        "isGain": false,
        "sentence": "Too few queries to tell: 0.0000 nDCG@10 over 1 query, and at least 10 are needed for an interval.",
      },
    ]
  `);
});

test("the figures are means over the queries, and fit what the panel shows", () => {
  const frozen = [0.2, 0.4, 0.6].map((ndcg) => ({ ndcg, mrr: 0.5, recall: 1 }));
  const adapted = [0.4, 0.4, 0.7].map((ndcg) => ({ ndcg, mrr: 0.25, recall: 1 }));
  const view: ComparisonView = comparison(frozen, adapted, { seed: 42, depths: { ndcg: 10, mrr: 10, recall: 100 } });
  expect(view).toMatchInlineSnapshot(`
    {
      "isGain": false,
      "metrics": [
        {
          "adapted": 0.5,
          "difference": 0.09999999999999999,
          "frozen": 0.4000000000000001,
          "high": 0.20000000000000004,
          "low": 0,
          "name": "nDCG@10",
        },
        {
          "adapted": 0.25,
          "difference": -0.25,
          "frozen": 0.5,
          "high": -0.25,
          "low": -0.25,
          "name": "MRR@10",
        },
        {
          "adapted": 1,
          "difference": 0,
          "frozen": 1,
          "high": 0,
          "low": 0,
          "name": "recall@100",
        },
      ],
      "queries": 3,
      "sentence": "Too few queries to tell: +0.1000 nDCG@10 over 3 queries, and at least 10 are needed for an interval.",
    }
  `);
  expect(comparison(frozen, adapted, { seed: 42 })).toEqual(view);
});

test("models measured on different queries are a bug", () => {
  expect(() => comparison(measures([1]), measures([1, 1]), { seed: 1 })).toThrow(RangeError);
  expect(() => comparison([], [], { seed: 1 })).toThrow(RangeError);
});

test("differences are written with their sign, and zero without", () => {
  expect([0.01234, -0.5, 0, -0.00001].map(signed)).toEqual(["+0.0123", "-0.5000", "0.0000", "0.0000"]);
});
