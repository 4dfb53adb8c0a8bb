import { defaultConfig } from "#core/config/config";
import type { TrainingConfig } from "#core/config/trainingSchema";
import type { TrainingExample, TrainingSet } from "#core/training/trainingSet";
import { seededRandom, type Random } from "#core/util/random";

/** The configuration's defaults with some values of one's own, and without penalty where nothing else is said. */
export function settingsWith(changes: Partial<TrainingConfig> = {}): TrainingConfig {
  return { ...defaultConfig.training, adapter: { ...defaultConfig.training.adapter, regularization: 0 }, ...changes };
}

export function example(query: number, parts: Partial<TrainingExample>): TrainingExample {
  return { query, positives: [query], negatives: [], barred: [], ...parts };
}

export function weighted(...negatives: readonly (number | readonly [document: number, weight: number])[]): TrainingExample["negatives"] {
  return negatives.map((negative) =>
    typeof negative === "number" ? { document: negative, weight: 1 } : { document: negative[0], weight: negative[1] },
  );
}

/** Unit vectors with components drawn evenly around 0, one after the other. */
export function unitVectors(count: number, dimensions: number, random: Random): Float32Array {
  const vectors = Float32Array.from({ length: count * dimensions }, () => random() - 0.5);
  for (let row = 0; row < count; row += 1) scaleToUnit(vectors.subarray(row * dimensions, (row + 1) * dimensions));
  return vectors;
}

export function scaleToUnit(vector: Float32Array): void {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  vector.forEach((value, i) => (vector[i] = value / length));
}

/**
 * Five dimensions, four queries, twelve documents: several positives (query 0), weights (0 and 1), barred documents among the own and the other rows'
 * (2), a teacher with a document that nobody else names (3).
 */
export function smallSet(): TrainingSet {
  const random = seededRandom("small set");
  return {
    dimensions: 5,
    queries: unitVectors(4, 5, random),
    documents: unitVectors(12, 5, random),
    examples: [
      example(0, { positives: [0, 4], negatives: weighted([5, 0.7], 6), barred: [0, 4] }),
      example(1, { negatives: weighted([5, 0], [7, 0.25]), barred: [1] }),
      example(2, { negatives: weighted(8, 9, 3), barred: [2, 8, 6] }),
      example(3, { negatives: weighted(9, 10), barred: [3], teacher: { documents: [3, 10, 11], probabilities: [0.6, 0.4, 0] } }),
    ],
  };
}
