import type { LabelledPair } from "#core/falseNegatives/falseNegativeModel";
import { FEATURES, FeatureScaler } from "#core/falseNegatives/features";
import { fitModel } from "#core/falseNegatives/fitModel";
import { probabilityAt } from "#core/falseNegatives/probabilityAt";
import { sigmoid } from "#core/falseNegatives/sigmoid";
import { seededRandom } from "#core/util/random";
import { quantile, type Bench } from "./figure";

const MARKS = 5000;
const PAIRS_PER_QUERY = 5;
const ROWS = 1_000_000;
const ROUNDS = 7;
const sources = ["top", "bm25", "same_topic"] as const;

/** The false-negative model: a refit as after a batch of marks, and the guard's question for every candidate of a file while a slider moves. */
export const falseNegativesBench: Bench = {
  name: "falseNegatives",
  run: () => {
    const pairs = inventedMarks();
    const scaler = new FeatureScaler();
    for (const { values } of pairs) scaler.add(values, 0);
    const scale = scaler.scale();
    const refits = timed(() => fitModel(pairs, scale));
    const model = fitModel(pairs, scale);
    const table = inventedTable();
    const asked = timed(() => meanProbability((row) => probabilityAt(model, table, row, "top")));
    const perRow = (ms: number): number => (1e6 * ms) / ROWS;
    return Promise.resolve([
      {
        name: `refit on 5,000 marks with calibration out of fold (${model.calibration.kind}), median`,
        value: quantile(refits, 0.5),
        unit: "ms",
        goal: 1000,
      },
      { name: "the same, worst", value: quantile(refits, 1), unit: "ms", goal: 1000 },
      { name: "P(false negative) of 1,000,000 rows, median", value: quantile(asked, 0.5), unit: "ms" },
      { name: "the same, for a row", value: perRow(quantile(asked, 0.5)), unit: "ns", goal: 60 },
    ]);
  },
};

/** Milliseconds of each round. */
function timed(run: () => unknown): readonly number[] {
  return Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
}

function meanProbability(of: (row: number) => number): number {
  let sum = 0;
  for (let row = 0; row < ROWS; row += 1) sum += of(row);
  return sum / ROWS;
}

/** Marks of all features, relevant the more often the larger the first and the fifth. */
function inventedMarks(): readonly LabelledPair[] {
  const random = seededRandom("falseNegatives bench");
  return Array.from({ length: MARKS }, (_, index) => {
    const values = Float64Array.from(FEATURES, () => random());
    return {
      query: `q${String(Math.floor(index / PAIRS_PER_QUERY))}`,
      document: `d${String(index)}`,
      source: sources[index % sources.length] ?? "top",
      values,
      isFalseNegative: random() < sigmoid(4 * (values[0] ?? 0) + 4 * (values[4] ?? 0) - 6),
      isRandom: index % 3 === 0,
    };
  });
}

/** Answers, articles and topics are not known, as in most data sets. */
function inventedTable(): Float64Array {
  const random = seededRandom("falseNegatives table");
  const unknown = (["answer_hit", "same_article", "same_topic"] as const).map((feature) => FEATURES.indexOf(feature));
  return Float64Array.from({ length: ROWS * FEATURES.length }, (_, place) =>
    unknown.includes(place % FEATURES.length) ? Number.NaN : random(),
  );
}
