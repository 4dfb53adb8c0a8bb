import fc from "fast-check";
import { expect, test } from "vitest";
import { scoreStatistics, statisticsTable } from "#core/exporting/scoreStatistics";
import { scoreText } from "#core/exporting/scoreText";

test("the table that sentence-transformers prints, for numbers one can check by hand", () => {
  const statistics = scoreStatistics([
    { positives: [0.875, 0.625], negatives: [0.5, 0.25] },
    { positives: [0.5], negatives: [] },
    { positives: [0.25], negatives: [0.375] },
  ]);
  // Differences: 0.375, 0.625, 0.125, 0.375, -0.125.
  expect(`\n${statisticsTable(statistics).join("\n")}\n`).toMatchInlineSnapshot(`
    "
    Metric       Positive       Negative     Difference
    Count               4              3              5
    Mean           0.5625         0.3750         0.2750
    Median         0.5000         0.3750         0.3750
    Std            0.2602         0.1250         0.2850
    Min            0.2500         0.2500        -0.1250
    25%            0.4375         0.3125         0.1250
    50%            0.5625         0.3750         0.3750
    75%            0.6875         0.4375         0.3750
    Max            0.8750         0.5000         0.6250
    "
  `);
  expect(statistics.positive).toMatchObject({ count: 4, mean: 0.5625, median: 0.5, p25: 0.4375, p50: 0.5625, p75: 0.6875 });
  expect(statistics.negative.std).toBe(0.125);
});

test("a negative counts once, or once for each positive of its query as sentence-transformers has it", () => {
  const queries = [
    { positives: [1, 0.5], negatives: [0.25] },
    { positives: [1], negatives: [0.75] },
  ];
  expect(scoreStatistics(queries).negative).toMatchObject({ count: 2, mean: 0.5 });
  expect(scoreStatistics(queries, { negativesPerPositive: true }).negative).toMatchObject({ count: 3, mean: 1.25 / 3 });
  expect(scoreStatistics(queries).difference).toMatchObject({ count: 3, mean: 1.25 / 3 });
});

test("scores that are unknown are in no count; what cannot be said is not said", () => {
  const statistics = scoreStatistics([{ positives: [0.5, Number.NaN], negatives: [Number.NaN] }]);
  expect(statistics.positive).toMatchObject({ count: 1, mean: 0.5, std: null, min: 0.5, p75: 0.5, max: 0.5 });
  expect(statistics.negative).toEqual({
    count: 0,
    mean: null,
    median: null,
    std: null,
    min: null,
    p25: null,
    p50: null,
    p75: null,
    max: null,
  });
  expect(`\n${statisticsTable(statistics).slice(1, 4).join("\n")}\n`).toMatchInlineSnapshot(`
    "
    Count               1              0              0
    Mean           0.5000              -              -
    Median         0.5000              -              -
    "
  `);
});

test("scores are written with the digits that float32 needs, and no more", () => {
  expect([0.5, Math.fround(0.1), Math.fround(0.8765432), -0, 1e-7, Math.fround(2 / 3), Number.NaN].map(scoreText)).toMatchInlineSnapshot(`
    [
      "0.5",
      "0.1",
      "0.8765432",
      "0",
      "1e-7",
      "0.6666667",
      "null",
    ]
  `);
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (score) => {
      expect(Math.fround(Number(scoreText(score)))).toBe(score === 0 ? 0 : score);
      expect(JSON.parse(scoreText(score))).toBeTypeOf("number");
    }),
  );
});
