/** Which vectors an adapter moves: those of queries alone, or those of documents as well. */
export type AdapterSides = "query" | "both";

/** A linear map over the vectors of a frozen encoder: v' = W v / |W v|. The identity leaves every score as it is. */
export interface Adapter {
  readonly sides: AdapterSides;
  /** D, the length of the encoder's vectors. */
  readonly dimensions: number;
  /** W, [D, D], row after row: `weight[out * D + in]`, as torch.nn.Linear keeps it. */
  readonly weight: Float32Array;
}

export function identityAdapter(dimensions: number, sides: AdapterSides): Adapter {
  const weight = new Float32Array(dimensions * dimensions);
  for (let i = 0; i < dimensions; i += 1) weight[i * dimensions + i] = 1;
  return { sides, dimensions, weight };
}
