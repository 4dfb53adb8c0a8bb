import { expect, test } from "vitest";
import type { TrainingConfig } from "#core/config/trainingSchema";
import { AdapterPass } from "#core/training/adapterPass";
import { batchBounds, contrastiveBatch } from "#core/training/contrastiveBatch";
import { contrastiveLoss } from "#core/training/contrastiveLoss";
import type { Matrix } from "#core/training/matrixKernel";
import { plainKernel } from "#core/training/plainKernel";
import type { AdapterShape } from "#core/training/trainer";
import { seededRandom } from "#core/util/random";
import { lowRankWeight, naiveLoss, type NaiveCase, type Weight } from "./naiveLoss";
import { settingsWith, smallSet } from "../../support/trainingFixture";

const BATCH = [0, 1, 2, 3];
const STEP = 1e-5;

interface Checked {
  readonly loss: number;
  readonly lossByDefinition: number;
  /** Largest difference between a component of the gradient and its central difference. */
  readonly gradientError: number;
  readonly gradientNorm: number;
}

/** The gradient at a place away from the identity, in doubles, against differences of the loss as it is written on paper. */
function check(shape: Pick<AdapterShape, "sides" | "rank">, changes: Partial<TrainingConfig>): Checked {
  const set = smallSet();
  const settings = settingsWith(changes);
  const whole = { ...shape, dimensions: set.dimensions };
  const pass = new AdapterPass(plainKernel, whole, batchBounds(set, [BATCH]));
  const random = seededRandom("somewhere");
  pass.map.parameters.forEach(({ values, stride, rows, columns }) => {
    for (let i = 0; i < rows * columns; i += 1) {
      const diagonal = shape.rank === null && i % (stride + 1) === 0 ? 1 : 0;
      values[i] = diagonal + 0.8 * (random() - 0.5);
    }
  });
  const batch = contrastiveBatch(set, { examples: BATCH, epoch: 3, settings });
  const naive: NaiveCase = {
    set,
    settings,
    sides: shape.sides,
    batch: BATCH,
    positives: batch.positives.map((column) => batch.documents[column]!),
  };
  const here = weightOf(pass.map.parameters, whole);
  const loss = pass.lossAndGradient(set, batch, settings);
  const errors: number[] = [];
  const slopes: number[] = [];
  pass.map.parameters.forEach(({ values }, part) => {
    values.forEach((value, i) => {
      const lossAt = (moved: number): number => {
        values[i] = moved;
        return naiveLoss(naive, weightOf(pass.map.parameters, whole), here);
      };
      const slope = (lossAt(value + STEP) - lossAt(value - STEP)) / (2 * STEP);
      values[i] = value;
      slopes.push(slope);
      errors.push(Math.abs(slope - pass.map.gradients[part]!.values[i]!));
    });
  });
  return { loss, lossByDefinition: naiveLoss(naive, here), gradientError: Math.max(...errors), gradientNorm: Math.hypot(...slopes) };
}

function weightOf(parameters: readonly Matrix[], { dimensions, rank }: AdapterShape): Weight {
  const lists = parameters.map(({ values }) => [...values]);
  if (rank !== null) return lowRankWeight(lists[0]!, lists[1]!, dimensions, rank);
  return Array.from({ length: dimensions }, (_, row) => lists[0]!.slice(row * dimensions, (row + 1) * dimensions));
}

const PENALTY = { sides: "query", rank: null, regularization: 0.05 } as const;
const CASES: readonly (readonly [name: string, changes: Partial<TrainingConfig>])[] = [
  ["defaults", {}],
  ["a low temperature", { temperature: 0.02 }],
  ["own negatives alone", { in_batch_negatives: false }],
  ["hardness of own negatives", { hardness_mode: "hard_negatives", hardness_strength: 5 }],
  ["hardness of the batch's negatives", { hardness_mode: "in_batch_negatives", hardness_strength: 9 }],
  ["hardness of all negatives", { hardness_mode: "all_negatives", hardness_strength: 3 }],
  ["the teacher alone", { distillation_weight: 1 }],
  ["no teacher", { distillation_weight: 0 }],
  ["a penalty", { adapter: PENALTY }],
];
const SHAPES = [
  { sides: "query", rank: null },
  { sides: "both", rank: null },
  { sides: "query", rank: 2 },
  { sides: "both", rank: 2 },
] as const;

test.each(SHAPES.flatMap((shape) => CASES.map(([name, changes]) => ({ name, shape, changes }))))(
  "loss and gradient are those of the definition: $name, $shape",
  ({ shape, changes }) => {
    const { loss, lossByDefinition, gradientError, gradientNorm } = check(shape, changes);
    expect(Math.abs(loss - lossByDefinition)).toBeLessThan(1e-12);
    expect(gradientError).toBeLessThan(1e-6);
    expect(gradientNorm).toBeGreaterThan(0.1);
  },
);

test("a row that follows its teacher alone has the gradient (P - T) / tau over the teacher's documents, negatives among them or not", () => {
  const set = smallSet();
  const settings = settingsWith({ distillation_weight: 1, temperature: 0.5 });
  const batch = contrastiveBatch(set, { examples: [3], epoch: 1, settings });
  // Columns are documents 3 (its positive), 9 and 10 (its negatives), and 11, which the teacher alone names.
  const values = Float64Array.of(0.9, 0.6, 0.5, -0.1);
  const loss = contrastiveLoss(batch, { values, stride: 4, rows: 1, columns: 4 }, settings);
  const masses = [0.9, 0.5, -0.1].map((score) => Math.exp(score / 0.5));
  const all = masses.reduce((sum, mass) => sum + mass, 0);
  const [positive, negative, other] = masses.map((mass) => mass / all);
  expect(batch.documents).toEqual([3, 9, 10, 11]);
  const slopes = [(positive! - 0.6) / 0.5, 0, (negative! - 0.4) / 0.5, other! / 0.5];
  expect(Math.max(...slopes.map((slope, column) => Math.abs(slope - values[column]!)))).toBeLessThan(1e-12);
  expect(loss).toBeCloseTo(0.6 * Math.log(0.6 / positive!) + 0.4 * Math.log(0.4 / negative!), 12);
});
