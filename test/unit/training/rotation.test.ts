import { expect, test } from "vitest";
import type { Adapter } from "#core/adapter/adapter";
import type { TrainingConfig } from "#core/config/trainingSchema";
import { plainKernel } from "#core/training/plainKernel";
import { trainBatches } from "#core/training/trainBatches";
import { adapterOf, initialState } from "#core/training/trainerState";
import type { AdapterShape, TrainerState } from "#core/training/trainer";
import type { TrainingSet } from "#core/training/trainingSet";
import { seededRandom, shuffledRange, type Random } from "#core/util/random";
import { example, scaleToUnit, settingsWith, unitVectors } from "../../support/trainingFixture";

const DIMENSIONS = 16;
const PAIRS = 320;
/** The rest is held out. */
const TRAINED = 240;
const ROWS = 24;
const EPOCHS = 40;

/** Queries are their documents, turned back by a rotation, with noise. W = R undoes it. */
function rotatedPairs(rotation: readonly (readonly number[])[]): TrainingSet {
  const random = seededRandom("pairs");
  const documents = unitVectors(PAIRS, DIMENSIONS, random);
  const queries = new Float32Array(documents.length);
  for (let row = 0; row < PAIRS; row += 1) {
    const query = queries.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS);
    query.forEach((_, i) => {
      const turned = rotation.reduce((sum, axis, j) => sum + axis[i]! * documents[row * DIMENSIONS + j]!, 0);
      query[i] = turned + 0.15 * (random() - 0.5);
    });
    scaleToUnit(query);
  }
  return { dimensions: DIMENSIONS, queries, documents, examples: Array.from({ length: TRAINED }, (_, i) => example(i, { barred: [i] })) };
}

/** Orthogonal axes from random ones, by Gram and Schmidt. */
function randomRotation(random: Random): readonly (readonly number[])[] {
  const axes: number[][] = [];
  while (axes.length < DIMENSIONS) {
    let axis = Array.from({ length: DIMENSIONS }, () => random() - 0.5);
    for (const other of axes) {
      const along = other.reduce((sum, value, i) => sum + value * axis[i]!, 0);
      axis = axis.map((value, i) => value - along * other[i]!);
    }
    const length = Math.hypot(...axis);
    axes.push(axis.map((value) => value / length));
  }
  return axes;
}

function trainAll(set: TrainingSet, shape: AdapterShape, changes: Partial<TrainingConfig>): TrainerState {
  const settings = settingsWith({ learning_rate: 0.01, temperature: 0.1, ...changes });
  let state = initialState(shape, 5);
  for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
    const order = [...shuffledRange(TRAINED, seededRandom(`order ${String(epoch)}`))];
    const batches = Array.from({ length: TRAINED / ROWS }, (_, batch) => order.slice(batch * ROWS, (batch + 1) * ROWS));
    const steps = trainBatches(state, { batches, epoch, totalSteps: EPOCHS * batches.length, settings }, set, plainKernel);
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    if (!step.value.ok) throw new Error(step.value.failure.message);
    state = step.value.value.state;
  }
  return state;
}

/** Mean of 1 / rank of the right document among all, over the held-out queries. */
function reciprocalRank(set: TrainingSet, { weight, sides }: Adapter): number {
  const moved = (vectors: Float32Array, row: number): Float32Array => {
    const vector = vectors.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS);
    const out = Float32Array.from(vector, (_, j) => vector.reduce((sum, value, i) => sum + weight[j * DIMENSIONS + i]! * value, 0));
    scaleToUnit(out);
    return out;
  };
  const documents = Array.from({ length: PAIRS }, (_, row) =>
    sides === "both" ? moved(set.documents, row) : set.documents.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS),
  );
  let total = 0;
  for (let row = TRAINED; row < PAIRS; row += 1) {
    const query = moved(set.queries, row);
    const scores = documents.map((document) => document.reduce((sum, value, i) => sum + value * query[i]!, 0));
    total += 1 / (1 + scores.filter((score) => score > scores[row]!).length);
  }
  return total / (PAIRS - TRAINED);
}

/** Cosine of two matrices as vectors of their elements: 1 where they are the same but for a factor. */
function cosine({ weight }: Adapter, rotation: readonly (readonly number[])[]): number {
  return (
    weight.reduce((sum, value, i) => sum + value * rotation[Math.floor(i / DIMENSIONS)]![i % DIMENSIONS]!, 0) /
    (Math.hypot(...weight) * Math.sqrt(DIMENSIONS))
  );
}

test("a rotation between queries and documents is found", () => {
  const rotation = randomRotation(seededRandom("rotation"));
  const set = rotatedPairs(rotation);
  const figures = (state: TrainerState) => {
    const adapter = adapterOf(state);
    return { cosine: cosine(adapter, rotation).toFixed(3), heldOutReciprocalRank: reciprocalRank(set, adapter).toFixed(3) };
  };
  const full: AdapterShape = { sides: "query", dimensions: DIMENSIONS, rank: null };
  expect({
    frozen: figures(initialState(full, 5)),
    full: figures(trainAll(set, full, {})),
    "full, held by the default penalty": figures(trainAll(set, full, { adapter: { sides: "query", rank: null, regularization: 0.001 } })),
    "rank 8": figures(trainAll(set, { ...full, rank: 8 }, {})),
    "rank 16": figures(trainAll(set, { ...full, rank: 16 }, {})),
  }).toMatchInlineSnapshot(`
    {
      "frozen": {
        "cosine": "0.036",
        "heldOutReciprocalRank": "0.057",
      },
      "full": {
        "cosine": "0.939",
        "heldOutReciprocalRank": "1.000",
      },
      "full, held by the default penalty": {
        "cosine": "0.932",
        "heldOutReciprocalRank": "1.000",
      },
      "rank 16": {
        "cosine": "0.960",
        "heldOutReciprocalRank": "1.000",
      },
      "rank 8": {
        "cosine": "0.816",
        "heldOutReciprocalRank": "0.910",
      },
    }
  `);
});
