import type { Adapter } from "#core/adapter/adapter";
import type { Side } from "#core/ports";
import { DotKernel } from "./dotKernel";
import { dot, normalise } from "./similarity";

/** Moves vectors by an adapter, W v / |W v|: each component of W v is a `dot` with a row of W, so that no vector depends on its neighbours. */
export class VectorMover {
  readonly #kernel: DotKernel;
  readonly #dimensions: number;

  constructor({ dimensions, weight }: Adapter) {
    this.#dimensions = dimensions;
    this.#kernel = new DotKernel(dimensions);
    this.#kernel.loadRows(weight);
  }

  /** Overwritten by the next call. Undefined where W v has no direction. */
  moved(vector: Float32Array): Float32Array | undefined {
    const product = this.#kernel.scores(vector, this.#dimensions);
    return normalise(product) ? product : undefined;
  }
}

/** The very bits that `VectorMover` gives, one component after the other. */
export function movedByDot({ dimensions, weight }: Adapter, vector: Float32Array): Float32Array | undefined {
  const product = Float32Array.from({ length: dimensions }, (_, row) => dot(vector, 0, weight, row * dimensions, dimensions));
  return normalise(product) ? product : undefined;
}

/** Which vectors are other ones under this adapter. The identity moves none, not even by a rounding of their lengths. */
export function movedSides(adapter: Adapter): readonly Side[] {
  if (isIdentity(adapter)) return [];
  return adapter.sides === "both" ? ["query", "document"] : ["query"];
}

function isIdentity({ dimensions, weight }: Adapter): boolean {
  return weight.every((value, place) => value === (place % (dimensions + 1) === 0 ? 1 : 0));
}
