import { performance } from "node:perf_hooks";
import { defaultConfig } from "#core/config/config";
import type { TrainingConfig } from "#core/config/trainingSchema";
import type { Matrix, MatrixKernel, MatrixSize } from "#core/training/matrixKernel";
import { trainBatches } from "#core/training/trainBatches";
import { initialState } from "#core/training/trainerState";
import type { AdapterShape, TrainedStretch, TrainingWork } from "#core/training/trainer";
import type { TrainingSet } from "#core/training/trainingSet";
import { neverCancelled } from "#core/util/cancellation";
import { seededRandom } from "#core/util/random";
import type { Result } from "#core/util/result";
import { ProductKernel } from "../../server/runtime/training/productKernel";
import { TrainerClient } from "../../server/runtime/training/trainerClient";
import { buildTrainerProcess } from "../support/buildTrainerProcess";
import { quantile, type Bench } from "./figure";

const DIMENSIONS = 384;
const QUERIES = 2000;
const DOCUMENTS = 20_000;
const EPOCHS = 30;
/** Of these the whole training is reckoned. */
const EPOCHS_MEASURED = 3;
const settings: TrainingConfig = { ...defaultConfig.training, batch_size: 64 };

export const trainingBench: Bench = {
  name: "training",
  run: async () => {
    const set = inventedSet();
    const query = stepMilliseconds(new ProductKernel(), set, { sides: "query", dimensions: DIMENSIONS, rank: null });
    const both = stepMilliseconds(new ProductKernel(), set, { sides: "both", dimensions: DIMENSIONS, rank: null });
    const lowRank = stepMilliseconds(new ProductKernel(), set, { sides: "query", dimensions: DIMENSIONS, rank: 32 });
    const products = productsMilliseconds(new ProductKernel());
    const { load, epochs } = await throughProcess(set);
    const whole = load + EPOCHS * quantile(epochs, 0.5);
    return [
      { name: "training step, 64 queries with 7 negatives each, 384 x 384", value: query, unit: "ms", goal: 40 },
      { name: "its four matrix products alone", value: products, unit: "ms" },
      { name: "step / products", value: query / products, unit: "x" },
      { name: "the same, rank 32", value: lowRank, unit: "ms" },
      { name: "the same, documents moved as well", value: both, unit: "ms" },
      { name: "both sides / queries alone", value: both / query, unit: "x" },
      { name: "2,000 queries x 30 epochs, reckoned from 3 epochs in its process", value: whole / 60, unit: "min", goal: 3 },
      { name: "of which sending the set", value: load, unit: "s" },
    ];
  },
};

/** Median over the steps of an epoch, after one that warms the code up. */
function stepMilliseconds(kernel: MatrixKernel, set: TrainingSet, shape: AdapterShape): number {
  const epoch = workOf(0);
  const steps = trainBatches(initialState(shape, 1), { ...epoch, batches: [...epoch.batches, ...epoch.batches] }, set, kernel);
  const times: number[] = [];
  for (let start = performance.now(), step = steps.next(); step.done !== true; step = steps.next()) {
    times.push(performance.now() - start);
    start = performance.now();
  }
  return quantile(times.slice(epoch.batches.length), 0.5);
}

/** Median of the products that no step can do without: Q W^T, scores, their way back to the queries, and to W. */
function productsMilliseconds(kernel: MatrixKernel): number {
  const vectors = (rows: number): MatrixSize => ({ rows, columns: DIMENSIONS });
  const columns = 8 * settings.batch_size;
  const sizes = [vectors(settings.batch_size), vectors(settings.batch_size), vectors(columns), vectors(DIMENSIONS), vectors(DIMENSIONS)];
  const matrices = kernel.allocate([...sizes, { rows: settings.batch_size, columns }]);
  matrices.forEach(({ values }, i) => values.fill(1 / (i + 1)));
  const [queries, moved, documents, weight, gradient, scores] = matrices as readonly [Matrix, Matrix, Matrix, Matrix, Matrix, Matrix];
  const times = Array.from({ length: 30 }, () => {
    const start = performance.now();
    kernel.addABt(queries, weight, moved);
    kernel.addABt(moved, documents, scores);
    kernel.addAB(scores, documents, moved);
    kernel.addAtB(moved, queries, gradient);
    // Kept small, so that no number runs over.
    for (const { values } of [moved, scores, gradient]) values.fill(0);
    return performance.now() - start;
  });
  return quantile(times, 0.5);
}

/** Seconds for loading and for each epoch, messages included. */
async function throughProcess(set: TrainingSet): Promise<{ readonly load: number; readonly epochs: readonly number[] }> {
  const client = new TrainerClient({ processFile: await buildTrainerProcess(), log: () => undefined });
  try {
    const start = performance.now();
    value(await client.load(set));
    const load = (performance.now() - start) / 1000;
    const epochs: number[] = [];
    let state = initialState({ sides: "query", dimensions: DIMENSIONS, rank: null }, 1);
    for (let epoch = 0; epoch < EPOCHS_MEASURED; epoch++) {
      const begun = performance.now();
      state = value<TrainedStretch>(await client.advance(state, workOf(epoch), { cancellation: neverCancelled })).state;
      epochs.push((performance.now() - begun) / 1000);
    }
    return { load, epochs };
  } finally {
    await client.dispose();
  }
}

function workOf(epoch: number): TrainingWork {
  const batches = Array.from({ length: Math.ceil(QUERIES / settings.batch_size) }, (_, batch) =>
    Array.from({ length: settings.batch_size }, (__, row) => (batch * settings.batch_size + row) % QUERIES),
  );
  return { batches, epoch, totalSteps: EPOCHS * batches.length, settings };
}

/** Random unit vectors; every document is named by few queries, so that a batch has close to 512 distinct ones. */
function inventedSet(): TrainingSet {
  const random = seededRandom("training bench");
  return {
    dimensions: DIMENSIONS,
    queries: unitVectors(QUERIES, random),
    documents: unitVectors(DOCUMENTS, random),
    examples: Array.from({ length: QUERIES }, (_, query) => ({
      query,
      positives: [query],
      negatives: Array.from({ length: 7 }, () => ({ document: QUERIES + Math.floor(random() * (DOCUMENTS - QUERIES)), weight: 1 })),
      barred: [query],
    })),
  };
}

function unitVectors(count: number, random: () => number): Float32Array {
  const vectors = Float32Array.from({ length: count * DIMENSIONS }, () => random() - 0.5);
  for (let row = 0; row < count; row++) {
    const vector = vectors.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS);
    const length = Math.sqrt(vector.reduce((sum, component) => sum + component * component, 0));
    vector.forEach((component, i) => (vector[i] = component / length));
  }
  return vectors;
}

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}
