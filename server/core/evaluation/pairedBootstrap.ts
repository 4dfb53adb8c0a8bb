import { itemAt } from "../util/itemAt";
import { seededRandom } from "../util/random";
import type { Random } from "../util/random";

/** A mean and the ends of its interval. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface BootstrapSettings {
  readonly seed: number;
  /** Samples drawn; `resamplesFor` where it is not set. */
  readonly resamples?: number;
  /** Share of the samples' means that the interval holds. */
  readonly level?: number;
}

const MOST_RESAMPLES = 10_000;
/** Draws in all, which take about a tenth of a second: a run's end must not hold up typing. */
const MOST_DRAWS = 5e6;

/** 10,000 samples up to 500 queries, fewer with more: 2,500 with 2,000 queries, and never fewer than 1,000. */
export function resamplesFor(queries: number): number {
  return Math.min(MOST_RESAMPLES, Math.max(1000, Math.floor(MOST_DRAWS / Math.max(1, queries))));
}

/**
 * Mean of each column of differences over the queries, with its percentile bootstrap interval (Efron and Tibshirani 1993, section 13.3): as
 * many queries as there are, drawn anew with replacement, and the mean of each such sample. All columns are as long as there are queries
 * and share the samples. At least one query. Depends on the numbers, their order and the seed alone.
 */
export function pairedBootstrap(columns: readonly (readonly number[])[], settings: BootstrapSettings): readonly Interval[] {
  const queries = columns[0]?.length ?? 0;
  if (queries === 0 || columns.some(({ length }) => length !== queries))
    throw new RangeError("Every column needs one number for each query.");
  const { seed, resamples = resamplesFor(queries), level = 0.95 } = settings;
  const means = columns.map(() => new Float64Array(resamples));
  // One query's differences side by side, so that a draw reads one stretch of memory.
  const width = columns.length;
  const values = new Float64Array(queries * width);
  for (const [column, own] of columns.entries()) for (const [i, value] of own.entries()) values[i * width + column] = value;
  const random = seededRandom(`${String(seed)}:bootstrap`);
  const sums = new Float64Array(width);
  for (let sample = 0; sample < resamples; sample += 1) {
    drawSums(values, queries, random, sums);
    for (const [column, sum] of sums.entries()) itemAt(means, column)[sample] = sum / queries;
  }
  return columns.map((column, i) => {
    const sorted = itemAt(means, i).sort();
    const mean = column.reduce((sum, value) => sum + value, 0) / queries;
    return { mean, low: quantile(sorted, (1 - level) / 2), high: quantile(sorted, (1 + level) / 2) };
  });
}

/** Adds up as many rows as there are, drawn with replacement. */
function drawSums(values: Float64Array, rows: number, random: Random, sums: Float64Array): void {
  const width = sums.length;
  sums.fill(0);
  for (let i = 0; i < rows; i += 1) {
    const start = Math.floor(random() * rows) * width;
    for (let column = 0; column < width; column += 1) sums[column] = (sums[column] ?? 0) + (values[start + column] ?? 0);
  }
}

/** Between the two nearest of the sorted values, as numpy's default does. */
function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const [from = 0, to = from] = sorted.subarray(below, below + 2);
  return from + (to - from) * (position - below);
}
