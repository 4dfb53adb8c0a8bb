import { shuffledRange, type Random } from "#core/util/random";
import { dot, normalise } from "./similarity";
import type { SlicedCalculation, SlicedWork } from "../process/taskQueue";

/** Unit vectors. */
export interface Points {
  readonly count: number;
  readonly dimensions: number;
  /** Not to be changed, nor kept. */
  readonly vector: (point: number) => Float32Array;
}

/** Unit vectors one after the other. */
export interface Centres {
  readonly count: number;
  readonly vectors: Float32Array;
}

/** For each point the centre with the highest `dot`; among equals the first. */
export type AssignPoints = (centres: Centres) => SlicedWork<Int32Array> | SlicedCalculation<Int32Array>;

export interface Clustering {
  readonly centreOf: Int32Array;
  readonly centres: number;
  /** Sum of the points' similarities to the centres of their clusters, after each iteration. It never falls but for rounding. */
  readonly objective: readonly number[];
}

export interface KMeansOptions {
  readonly random: Random;
  readonly assign: AssignPoints;
  readonly onIteration?: (done: number) => void;
}

/** The objective has risen by less than a ten-thousandth long before this on all data seen. */
export const MOST_ITERATIONS = 50;
/** Iterations end when the objective rises by a smaller share, or no point changes its cluster. */
const LEAST_GAIN = 1e-4;
/** Starting centres are chosen among so many points for each; more of them hardly change the result. */
const SAMPLE_PER_CENTRE = 32;
/** Vectors nearer than this to 1 have one direction: 32-bit floats tell them apart by rounding only. */
const SAME_DIRECTION = 1e-6;
/** Dot products in a slice: about 20 ms at 384 dimensions. */
const DOTS_PER_SLICE = 50_000;

/**
 * Spherical k-means (Dhillon and Modha 2001, "Concept Decompositions for Large Sparse Text Data using Clustering"): points go to the centre
 * with the highest cosine similarity, centres become the directions of their clusters' sums. It starts from `startingCentres`. A cluster
 * that loses all its points takes the point least similar to its own centre. Fewer clusters come out where there are fewer directions.
 *
 * All sums are made in doubles in the order of the points, and `assign` is exact, so that the result depends on points and seed alone.
 */
export async function* sphericalKMeans(points: Points, count: number, options: KMeansOptions): SlicedWork<Clustering> {
  let centres = yield* startingCentres(points, count, options.random);
  const objective: number[] = [];
  let centreOf: Int32Array = new Int32Array(0);
  while (points.count > 0 && objective.length < MOST_ITERATIONS) {
    const before = centreOf;
    // yield* takes work of either kind; named as one kind, its value has a type for every order in which files are checked.
    const assigning = options.assign(centres) as SlicedWork<Int32Array>;
    centreOf = yield* assigning;
    yield* fillEmpty(points, centres, centreOf);
    const sums = yield* sumsOf(points, centreOf, centres.count);
    centres = directionsOf(sums, centres);
    objective.push(sumOfLengths(sums, points.dimensions));
    options.onIteration?.(objective.length);
    const moved = centreOf;
    if (before.length > 0 && before.every((centre, point) => centre === moved[point])) break;
    if (gainOf(objective) < LEAST_GAIN) break;
  }
  return { centreOf, centres: centres.count, objective };
}

/**
 * The first centre is a random point, each next one a point drawn in proportion to 1 - s, where s is its highest similarity to a centre so
 * far: k-means++ (Arthur and Vassilvitskii 2007), since for unit vectors the squared distance is 2 (1 - s). Points are those of a random
 * sample. Ends early where all of these have the direction of a centre.
 */
export function* startingCentres(points: Points, count: number, random: Random): SlicedCalculation<Centres> {
  const sample = sampleOf(points.count, count * SAMPLE_PER_CENTRE, random);
  const { dimensions } = points;
  const vectors = new Float32Array(Math.min(count, sample.length) * dimensions);
  const distances = new Float64Array(sample.length).fill(Infinity);
  let chosen = 0;
  let dots = 0;
  // The sample is in random order.
  for (
    let pick: number | undefined = 0;
    pick !== undefined && (chosen + 1) * dimensions <= vectors.length;
    pick = drawn(distances, random)
  ) {
    const start = chosen++ * dimensions;
    vectors.set(points.vector(sample[pick] ?? 0), start);
    for (const [i, point] of sample.entries()) {
      const distance = 1 - dot(vectors, start, points.vector(point), 0, dimensions);
      if (distance < (distances[i] ?? 0)) distances[i] = distance < SAME_DIRECTION ? 0 : distance;
      if (++dots % DOTS_PER_SLICE === 0) yield undefined;
    }
  }
  return { count: chosen, vectors: vectors.subarray(0, chosen * dimensions) };
}

/** Some points in random order. */
function sampleOf(points: number, most: number, random: Random): Int32Array {
  const sample = new Int32Array(Math.min(points, most));
  const order = shuffledRange(points, random);
  for (let i = 0; i < sample.length; i++) sample[i] = order.next().value ?? 0;
  return sample;
}

/** A position drawn in proportion to its weight; undefined where all weights are 0. */
function drawn(weights: Float64Array, random: Random): number | undefined {
  let left = random() * weights.reduce((sum, weight) => sum + weight, 0);
  let last: number | undefined;
  for (const [i, weight] of weights.entries()) {
    if (weight === 0) continue;
    last = i;
    left -= weight;
    if (left < 0) break;
  }
  return last;
}

/** Gives each empty cluster, in ascending order, the point least similar to its own centre, among equals the first, if it has company there. */
function* fillEmpty(points: Points, centres: Centres, centreOf: Int32Array): SlicedCalculation<void> {
  const sizes = new Int32Array(centres.count);
  for (const centre of centreOf) sizes[centre] = (sizes[centre] ?? 0) + 1;
  if (!sizes.includes(0)) return;
  const similarities = new Float32Array(points.count);
  for (const [point, centre] of centreOf.entries()) {
    similarities[point] = dot(centres.vectors, centre * points.dimensions, points.vector(point), 0, points.dimensions);
    if (point % DOTS_PER_SLICE === DOTS_PER_SLICE - 1) yield undefined;
  }
  for (let empty = sizes.indexOf(0); empty >= 0; empty = sizes.indexOf(0, empty + 1)) {
    let farthest: number | undefined;
    let least = 1 - SAME_DIRECTION;
    for (const [point, similarity] of similarities.entries()) {
      if (similarity >= least || (sizes[centreOf[point] ?? 0] ?? 0) < 2) continue;
      farthest = point;
      least = similarity;
    }
    if (farthest === undefined) return;
    const left = centreOf[farthest] ?? 0;
    sizes[left] = (sizes[left] ?? 0) - 1;
    sizes[empty] = 1;
    centreOf[farthest] = empty;
    similarities[farthest] = 1;
  }
}

/** Sum of each cluster's points, [centres, dimensions]. */
function* sumsOf({ dimensions, vector }: Points, centreOf: Int32Array, centres: number): SlicedCalculation<Float64Array> {
  const sums = new Float64Array(centres * dimensions);
  for (const [point, centre] of centreOf.entries()) {
    const start = centre * dimensions;
    const values = vector(point);
    for (let i = 0; i < dimensions; i++) sums[start + i] = (sums[start + i] ?? 0) + (values[i] ?? 0);
    if (point % DOTS_PER_SLICE === DOTS_PER_SLICE - 1) yield undefined;
  }
  return sums;
}

/** The sums scaled to length 1. A cluster whose sum has no direction, an empty one for example, keeps its centre. */
function directionsOf(sums: Float64Array, { count, vectors: old }: Centres): Centres {
  const vectors = Float32Array.from(sums);
  const dimensions = vectors.length / Math.max(1, count);
  for (let start = 0; start < vectors.length; start += dimensions) {
    if (!normalise(vectors.subarray(start, start + dimensions))) vectors.set(old.subarray(start, start + dimensions), start);
  }
  return { count, vectors };
}

/** What the points' similarities to their centres add up to: a sum's product with its own direction is its length. */
function sumOfLengths(sums: Float64Array, dimensions: number): number {
  let total = 0;
  for (let start = 0; start < sums.length; start += dimensions) {
    let squares = 0;
    for (let i = start; i < start + dimensions; i++) squares += (sums[i] ?? 0) ** 2;
    total += Math.sqrt(squares);
  }
  return total;
}

/** The last rise as a share of what was before. */
function gainOf(objective: readonly number[]): number {
  const [before, after] = objective.slice(-2);
  return before === undefined || after === undefined ? Infinity : (after - before) / before;
}
