import type { TrainingConfig } from "#core/config/trainingSchema";
import type { TrainingSet } from "#core/training/trainingSet";

/** W, [D][D]. */
export type Weight = readonly (readonly number[])[];

export interface NaiveCase {
  readonly set: TrainingSet;
  /** Positions of the batch's examples. */
  readonly batch: readonly number[];
  /** The positive that each row has drawn. */
  readonly positives: readonly number[];
  readonly sides: "query" | "both";
  readonly settings: TrainingConfig;
}

/**
 * The loss as it is written on paper, one query and one document at a time. `constant` is the W from which the hardness weights are taken, through
 * which no gradient flows.
 */
export function naiveLoss(given: NaiveCase, weight: Weight, constant: Weight = weight): number {
  const rows = given.batch.map((_, row) => rowLoss(given, row, { weight, constant }));
  const penalty = weight.flatMap((values, out) => values.map((value, i) => (value - (out === i ? 1 : 0)) ** 2));
  return sum(rows) / rows.length + given.settings.adapter.regularization * sum(penalty);
}

/** U V^T + I for factors of `rank` columns. */
export function lowRankWeight(u: readonly number[], v: readonly number[], dimensions: number, rank: number): Weight {
  return range(dimensions).map((out) =>
    range(dimensions).map((i) => (out === i ? 1 : 0) + sum(range(rank).map((k) => u[out * rank + k]! * v[i * rank + k]!))),
  );
}

function rowLoss(given: NaiveCase, row: number, { weight, constant }: { readonly weight: Weight; readonly constant: Weight }): number {
  const { set, batch, positives, settings } = given;
  const example = set.examples[batch[row]!]!;
  const positive = positives[row]!;
  const tau = settings.temperature;
  const score = (document: number, by: Weight): number => cosine(given, { query: example.query, document, by });
  const named = batch.flatMap((position, other) => [
    positives[other]!,
    ...set.examples[position]!.negatives.map(({ document }) => document),
  ]);
  const own = new Map(example.negatives.map(({ document, weight: pairWeight }) => [document, pairWeight]));
  let denominator = Math.exp(score(positive, weight) / tau);
  for (const document of new Set(named)) {
    if (document === positive || example.barred.includes(document) || example.positives.includes(document)) continue;
    if (!own.has(document) && !settings.in_batch_negatives) continue;
    const mode = settings.hardness_mode;
    const counts = mode === "all_negatives" || mode === (own.has(document) ? "hard_negatives" : "in_batch_negatives");
    const hardness = counts ? Math.exp(settings.hardness_strength * score(document, constant)) : 1;
    denominator += (own.get(document) ?? 1) * hardness * Math.exp(score(document, weight) / tau);
  }
  const contrastive = -score(positive, weight) / tau + Math.log(denominator);
  if (example.teacher === undefined) return contrastive;
  const { documents, probabilities } = example.teacher;
  const all = sum(documents.map((document) => Math.exp(score(document, weight) / tau)));
  const divergence = documents.map((document, i) => {
    const [target, model] = [probabilities[i]!, Math.exp(score(document, weight) / tau) / all];
    return target === 0 ? 0 : target * Math.log(target / model);
  });
  return (1 - settings.distillation_weight) * contrastive + settings.distillation_weight * sum(divergence);
}

function cosine({ set, sides }: NaiveCase, pair: { readonly query: number; readonly document: number; readonly by: Weight }): number {
  const vector = (vectors: Float32Array, row: number): readonly number[] => [
    ...vectors.subarray(row * set.dimensions, (row + 1) * set.dimensions),
  ];
  const query = unit(times(pair.by, vector(set.queries, pair.query)));
  const document = vector(set.documents, pair.document);
  return dot(query, sides === "both" ? unit(times(pair.by, document)) : document);
}

function times(weight: Weight, vector: readonly number[]): readonly number[] {
  return weight.map((row) => dot(row, vector));
}

function unit(vector: readonly number[]): readonly number[] {
  const length = Math.sqrt(dot(vector, vector));
  return vector.map((value) => value / length);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return sum(a.map((value, i) => value * b[i]!));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i);
}
