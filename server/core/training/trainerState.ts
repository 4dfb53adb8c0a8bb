import type { Adapter } from "../adapter/adapter";
import { seededRandom } from "../util/random";
import type { AdapterShape, TrainerState } from "./trainer";

/**
 * The identity, before any step. A low rank has U = 0, so that W = I, and V drawn evenly from -1/sqrt(D) to 1/sqrt(D), as LoRA does (Hu et al.
 * 2021, section 4.1): were both 0, no gradient would ever move them.
 */
export function initialState(shape: AdapterShape, seed: number): TrainerState {
  return startOf(shape, shape.rank === null ? identity(shape.dimensions) : lowRankStart(shape.dimensions, shape.rank, seed));
}

/** Goes on from an adapter as a full matrix, whatever rank it was trained with: its factors are not kept. */
export function stateFromAdapter({ sides, dimensions, weight }: Adapter): TrainerState {
  return startOf({ sides, dimensions, rank: null }, weight.slice());
}

/** W of a state. */
export function adapterOf({ shape, parameters }: TrainerState): Adapter {
  const { sides, dimensions, rank } = shape;
  return { sides, dimensions, weight: rank === null ? parameters.slice() : lowRankWeight(parameters, dimensions, rank) };
}

/** Numbers that an adapter of this shape learns. */
export function parameterCount({ dimensions, rank }: AdapterShape): number {
  return rank === null ? dimensions * dimensions : 2 * dimensions * rank;
}

function startOf(shape: AdapterShape, parameters: Float32Array): TrainerState {
  return {
    shape,
    parameters,
    firstMoment: new Float32Array(parameters.length),
    secondMoment: new Float32Array(parameters.length),
    step: 0,
  };
}

function identity(dimensions: number): Float32Array {
  const weight = new Float32Array(dimensions * dimensions);
  for (let i = 0; i < dimensions; i += 1) weight[i * dimensions + i] = 1;
  return weight;
}

function lowRankStart(dimensions: number, rank: number, seed: number): Float32Array {
  const random = seededRandom(`${String(seed)}:adapter:V`);
  const bound = 1 / Math.sqrt(dimensions);
  const size = dimensions * rank;
  const parameters = new Float32Array(2 * size);
  for (let i = size; i < 2 * size; i += 1) parameters[i] = (2 * random() - 1) * bound;
  return parameters;
}

/** I + U V^T. */
function lowRankWeight(parameters: Float32Array, dimensions: number, rank: number): Float32Array {
  const weight = identity(dimensions);
  const u = parameters.subarray(0, dimensions * rank);
  const v = parameters.subarray(dimensions * rank);
  for (let row = 0; row < dimensions; row += 1) {
    for (let column = 0; column < dimensions; column += 1) {
      let sum = weight[row * dimensions + column] ?? 0;
      for (let k = 0; k < rank; k += 1) sum += (u[row * rank + k] ?? 0) * (v[column * rank + k] ?? 0);
      weight[row * dimensions + column] = sum;
    }
  }
  return weight;
}
