import type { TopicAssignment } from "#core/ports";
import { seededRandom } from "#core/util/random";
import { wholeGroups } from "./groups";
import type { MatrixProduct } from "./matrixProduct";
import { dot, productError } from "./similarity";
import { MOST_ITERATIONS, sphericalKMeans, type AssignPoints, type Centres, type Clustering } from "./sphericalKMeans";
import type { SlicedWork } from "../process/taskQueue";
import { ABSENT, type VectorTable } from "./vectorTable";

/** 16 MB of scores. With 200 centres a slice takes about 20 ms. */
const SCORES_PER_PRODUCT = 1 << 22;

const POINTS_PER_SLICE = 1024;

export interface TopicOptions {
  readonly count: number;
  readonly seed: number;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** Gives the function that assigns the vectors of these slots. */
export type Assigner = (table: VectorTable, slots: Int32Array) => AssignPoints;

/**
 * Topics of the documents that have a vector now. A slot that is dropped meanwhile keeps its last vector to the end of the calculation, and
 * has no topic then.
 */
export async function* topicsOf(table: VectorTable, assigner: Assigner, options: TopicOptions): SlicedWork<TopicAssignment> {
  const slots = Int32Array.from(table.slots());
  const points = { count: slots.length, dimensions: table.dimensions, vector: (point: number) => table.lastVector(slots[point] ?? 0) };
  const clustering = yield* sphericalKMeans(points, Math.max(1, options.count), {
    random: seededRandom(`${String(options.seed)}:topics`),
    assign: assigner(table, slots),
    onIteration: (done) => options.onProgress?.({ done, total: MOST_ITERATIONS }),
  });
  options.onProgress?.({ done: MOST_ITERATIONS, total: MOST_ITERATIONS });
  return numbered(table, slots, clustering);
}

/** Topics by the order of their first slots; those without documents are left out. */
function numbered(table: VectorTable, slots: Int32Array, { centreOf, centres, objective }: Clustering): TopicAssignment {
  const topicOfSlot = new Int32Array((slots.at(-1) ?? -1) + 1).fill(-1);
  const numbers = new Int32Array(centres).fill(-1);
  let topics = 0;
  for (const [point, slot] of slots.entries()) {
    if (!table.has(slot)) continue;
    const centre = centreOf[point] ?? 0;
    if (numbers[centre] === -1) numbers[centre] = topics++;
    topicOfSlot[slot] = numbers[centre] ?? 0;
  }
  return { topicOfSlot, topics, cohesion: slots.length === 0 ? 0 : (objective.at(-1) ?? 0) / slots.length };
}

/** Assigns by matrix products; where these leave a doubt, `dot` decides. */
export function assignByProduct(product: MatrixProduct): Assigner {
  return (table, slots) =>
    async function* (centres) {
      const { dimensions } = table;
      const width = wholeGroups(centres.count);
      const vectors = new Float32Array(width * dimensions);
      vectors.set(centres.vectors);
      const bias = new Float32Array(width).fill(ABSENT, centres.count);
      const rowsAtOnce = Math.max(1, Math.floor(SCORES_PER_PRODUCT / width));
      const centreOf = new Int32Array(slots.length);
      let point = 0;
      for (const block of table.blocks()) {
        const rows = block.bias.length;
        for (let first = 0; first < rows; first += rowsAtOnce) {
          const end = Math.min(rows, first + rowsAtOnce);
          const part = block.vectors.subarray(first * dimensions, end * dimensions);
          const { scores } = await product.multiply(part, { vectors, bias }, dimensions);
          for (; point < slots.length && (slots[point] ?? 0) < block.firstSlot + end; point++) {
            const row = (slots[point] ?? 0) - block.firstSlot;
            const start = (row - first) * width;
            centreOf[point] = nearestCentre(scores.subarray(start, start + centres.count), centres, block.vectors, row * dimensions);
          }
          yield undefined;
        }
      }
      return centreOf;
    };
}

/** The centre with the highest `dot`, among equals the first. `scores` are off by at most `productError`. */
function nearestCentre(scores: Float32Array, centres: Centres, vectors: Float32Array, start: number): number {
  const dimensions = centres.vectors.length / centres.count;
  let highest = -Infinity;
  for (const score of scores) if (score > highest) highest = score;
  // The score of the best centre and that of the highest product may be off in opposite directions.
  const doubtful = highest - 2 * productError(dimensions);
  let nearest = -1;
  let nearestScore = Number.NaN;
  for (const [centre, score] of scores.entries()) {
    if (score < doubtful) continue;
    if (nearest === -1) {
      nearest = centre;
      continue;
    }
    if (Number.isNaN(nearestScore)) nearestScore = dot(centres.vectors, nearest * dimensions, vectors, start, dimensions);
    const exact = dot(centres.vectors, centre * dimensions, vectors, start, dimensions);
    if (exact <= nearestScore) continue;
    nearest = centre;
    nearestScore = exact;
  }
  return nearest;
}

/** Assigns by comparing each vector with each centre. */
export function assignByDot(table: VectorTable, slots: Int32Array): AssignPoints {
  return function* (centres) {
    const centreOf = new Int32Array(slots.length);
    for (const [point, slot] of slots.entries()) {
      const vector = table.lastVector(slot);
      let highest = -Infinity;
      for (let centre = 0; centre < centres.count; centre++) {
        const score = dot(centres.vectors, centre * table.dimensions, vector, 0, table.dimensions);
        if (score <= highest) continue;
        centreOf[point] = centre;
        highest = score;
      }
      if (point % POINTS_PER_SLICE === POINTS_PER_SLICE - 1) yield undefined;
    }
    return centreOf;
  };
}
