import type { TrainingConfig } from "../config/trainingSchema";
import { itemAt } from "../util/itemAt";
import { seededRandom } from "../util/random";
import type { TrainingExample, TrainingSet } from "./trainingSet";

/** A teacher's distribution over columns of a batch. */
export interface TeacherRow {
  readonly columns: readonly number[];
  readonly probabilities: readonly number[];
}

/** What one step compares: rows are examples, columns the distinct documents that they name. */
export interface ContrastiveBatch {
  /** Rows of `TrainingSet.queries`. */
  readonly queries: readonly number[];
  /** Rows of `TrainingSet.documents`. */
  readonly documents: readonly number[];
  /** Column of each row's positive. */
  readonly positives: readonly number[];
  /** What is added to the logit of each row and column: the logarithm of its weight, -Infinity where the document is masked. */
  readonly logWeights: Float64Array;
  /** Factor of the score, taken as a constant, that is added to the logit besides: alpha for negatives that hardness counts for, else 0. */
  readonly hardness: Float64Array;
  /** Undefined for rows without a teacher. */
  readonly teachers: readonly (TeacherRow | undefined)[];
}

export interface BatchRequest {
  /** Positions in `TrainingSet.examples`. */
  readonly examples: readonly number[];
  readonly epoch: number;
  readonly settings: TrainingConfig;
}

/**
 * Puts a batch together. Masked for a row: its barred documents, its other positives, with `in_batch_negatives` off all documents that are not its
 * own, and documents that only a teacher names, for they are no negatives. Its own positive never is, and a document counts once, however many rows
 * name it. A row that is left without negatives has a loss of 0 and moves nothing, but counts in the mean.
 */
export function contrastiveBatch(set: TrainingSet, request: BatchRequest): ContrastiveBatch {
  const { settings } = request;
  const examples = request.examples.map((position) => itemAt(set.examples, position));
  const drawn = request.examples.map((position, row) => drawPositive(itemAt(examples, row), position, request));
  const columns = columnsOf(examples, drawn);
  const width = columns.all.size;
  const logWeights = new Float64Array(examples.length * width).fill(Number.NEGATIVE_INFINITY);
  const hardness = new Float64Array(examples.length * width);
  const fallback = settings.in_batch_negatives ? 0 : Number.NEGATIVE_INFINITY;
  const [ownHardness, otherHardness] = hardnessOf(settings);
  const columnOf = (document: number): number => columns.all.get(document) ?? -1;
  const positives = drawn.map(columnOf);
  examples.forEach((example, row) => {
    const weights = logWeights.subarray(row * width, (row + 1) * width);
    const factors = hardness.subarray(row * width, (row + 1) * width);
    weights.fill(fallback, 0, columns.pushing);
    factors.fill(otherHardness);
    for (const { document, weight } of example.negatives) {
      weights[columnOf(document)] = Math.log(weight);
      factors[columnOf(document)] = ownHardness;
    }
    for (const document of [...example.barred, ...example.positives]) {
      const column = columns.all.get(document);
      if (column !== undefined) weights[column] = Number.NEGATIVE_INFINITY;
    }
    weights[itemAt(positives, row)] = 0;
    factors[itemAt(positives, row)] = 0;
  });
  return {
    queries: examples.map(({ query }) => query),
    documents: [...columns.all.keys()],
    positives,
    logWeights,
    hardness,
    teachers: examples.map(({ teacher }) => teacher && { columns: teacher.documents.map(columnOf), probabilities: teacher.probabilities }),
  };
}

/** Most rows and columns that any of these batches has. */
export function batchBounds(
  set: TrainingSet,
  batches: readonly (readonly number[])[],
): { readonly rows: number; readonly columns: number } {
  let [rows, columns] = [0, 0];
  for (const batch of batches) {
    rows = Math.max(rows, batch.length);
    let named = 0;
    for (const position of batch) {
      const { negatives, teacher } = itemAt(set.examples, position);
      named += 1 + negatives.length + (teacher?.documents.length ?? 0);
    }
    columns = Math.max(columns, named);
  }
  return { rows, columns };
}

/** The positive of an example in an epoch: the same whichever batch it is in. */
function drawPositive({ positives }: TrainingExample, position: number, { epoch, settings }: BatchRequest): number {
  if (positives.length === 1) return itemAt(positives, 0);
  const random = seededRandom(`${String(settings.seed)}:positive:${String(epoch)}:${String(position)}`);
  return itemAt(positives, Math.floor(random() * positives.length));
}

/** Columns by document: first those that can push, positives before negatives, then those that only teachers name. */
function columnsOf(
  examples: readonly TrainingExample[],
  drawn: readonly number[],
): { readonly all: ReadonlyMap<number, number>; readonly pushing: number } {
  const all = new Map<number, number>();
  const add = (document: number): void => {
    if (!all.has(document)) all.set(document, all.size);
  };
  drawn.forEach(add);
  for (const { negatives } of examples) for (const { document } of negatives) add(document);
  const pushing = all.size;
  for (const { teacher } of examples) teacher?.documents.forEach(add);
  return { all, pushing };
}

/**
 * alpha for a row's own negatives and for the other rows' documents, as MultipleNegativesRankingLoss of sentence-transformers gives it by
 * `hardness_mode` (after Lan et al. 2025, LLaVE, equation 5).
 */
function hardnessOf({ hardness_mode: mode, hardness_strength: alpha }: TrainingConfig): readonly [own: number, other: number] {
  switch (mode) {
    case null:
      return [0, 0];
    case "hard_negatives":
      return [alpha, 0];
    case "in_batch_negatives":
      return [0, alpha];
    case "all_negatives":
      return [alpha, alpha];
  }
}
