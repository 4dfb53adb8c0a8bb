import type { Failure } from "../util/failure";
import { itemAt } from "../util/itemAt";
import type { TrainerState, TrainingWork } from "./trainer";
import { parameterCount } from "./trainerState";
import type { TrainingExample, TrainingSet } from "./trainingSet";

/** How far the sum of a teacher's probabilities may be from 1. */
const SUM_TOLERANCE = 1e-3;

/** What makes a set unfit to learn from, the first thing found; undefined where nothing does. */
export function trainingSetFailure(set: TrainingSet): Failure | undefined {
  if (set.examples.length === 0) {
    return bad("There is no query to train on.", "Add queries with positives, or make validation_share and test_share smaller.");
  }
  return (
    vectorFailure("query", set.queries, set.dimensions) ??
    vectorFailure("document", set.documents, set.dimensions) ??
    firstOf(set.examples, (example, position) => exampleFailure(set, example, position))
  );
}

/** What keeps a stretch from beginning; `set` is known to be good. */
export function trainingWorkFailure(state: TrainerState, work: TrainingWork, set: TrainingSet): Failure | undefined {
  const { temperature } = work.settings;
  if (!(temperature > 0) || !Number.isFinite(temperature)) {
    return {
      reason: "bad-config",
      message: `The temperature is ${String(temperature)}.`,
      nextStep: "Set training.temperature above 0, for example 0.05.",
    };
  }
  return stateFailure(state, set) ?? firstOf(work.batches, (batch, index) => batchFailure(batch, index, set));
}

function stateFailure({ shape, parameters, firstMoment, secondMoment }: TrainerState, set: TrainingSet): Failure | undefined {
  if (shape.dimensions !== set.dimensions) {
    return bad(
      `The adapter is for vectors of ${String(shape.dimensions)} dimensions, the vectors have ${String(set.dimensions)}.`,
      "Train a new adapter for this model.",
    );
  }
  const count = parameterCount(shape);
  const wrong = [parameters, firstMoment, secondMoment].find(({ length }) => length !== count);
  if (wrong !== undefined) {
    return bad(`The state of the adapter has ${String(wrong.length)} numbers where ${String(count)} belong.`, "Train from the beginning.");
  }
  if (parameters.every(Number.isFinite)) return undefined;
  return bad("The adapter to begin with has a number that is not finite.", "Train from the beginning.");
}

function batchFailure(batch: readonly number[], index: number, set: TrainingSet): Failure | undefined {
  const stranger = batch.find((position) => set.examples[position] === undefined);
  if (batch.length > 0 && stranger === undefined) return undefined;
  const found = stranger === undefined ? "is empty" : `names query ${String(stranger)} of ${String(set.examples.length)}`;
  return bad(`Batch ${String(index + 1)} ${found}.`, "Plan the batches again for the present data.");
}

function vectorFailure(side: "query" | "document", vectors: Float32Array, dimensions: number): Failure | undefined {
  if (vectors.length % dimensions !== 0) {
    return badVectors(`The ${side} vectors are ${String(vectors.length)} numbers, which is no multiple of ${String(dimensions)}.`);
  }
  const wrong = vectors.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return undefined;
  const row = Math.floor(wrong / dimensions);
  return badVectors(`The ${side} vector in row ${String(row)}, counted from 0, has the component ${String(vectors[wrong])}.`);
}

function exampleFailure(set: TrainingSet, example: TrainingExample, position: number): Failure | undefined {
  const who = `Training query ${String(position)}, counted from 0,`;
  if (outside(example.query, set.queries, set.dimensions))
    return bad(`${who} names query vector ${String(example.query)}, which is not there.`);
  if (example.positives.length === 0) return bad(`${who} has no positive.`, "Leave it out, or give it a positive.");
  const { teacher } = example;
  const named = [...example.positives, ...example.negatives.map(({ document }) => document), ...(teacher?.documents ?? [])];
  const stranger = named.find((document) => outside(document, set.documents, set.dimensions));
  if (stranger !== undefined) return bad(`${who} names document vector ${String(stranger)}, which is not there.`);
  const weightless = example.negatives.find(({ weight }) => !(weight >= 0 && weight <= 1));
  if (weightless !== undefined) {
    return bad(`${who} has a negative of weight ${String(weightless.weight)}; weights are from 0 to 1.`);
  }
  if (teacher === undefined) return undefined;
  const { documents, probabilities } = teacher;
  const sum = probabilities.reduce((total, probability) => total + probability, 0);
  const sound = probabilities.every((probability) => probability >= 0) && Math.abs(sum - 1) <= SUM_TOLERANCE;
  return sound && documents.length === probabilities.length
    ? undefined
    : bad(`${who} has soft targets that are no distribution over its documents.`);
}

function outside(row: number, vectors: Float32Array, dimensions: number): boolean {
  return !Number.isInteger(row) || row < 0 || (row + 1) * dimensions > vectors.length;
}

function firstOf<T>(items: readonly T[], failureOf: (item: T, index: number) => Failure | undefined): Failure | undefined {
  for (let index = 0; index < items.length; index += 1) {
    const failure = failureOf(itemAt(items, index), index);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

function bad(message: string, nextStep = "Report this as an error of Nearmiss."): Failure {
  return { reason: "bad-arguments", message, nextStep };
}

function badVectors(message: string): Failure {
  return { reason: "bad-vectors", message, nextStep: "Embed the texts again, or correct the file of vectors." };
}
