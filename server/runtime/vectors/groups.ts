/** Neighbouring vectors whose highest score with another search.onnx gives as one number. */
export const GROUP_SIZE = 16;

/** The next multiple of `GROUP_SIZE`. */
export function wholeGroups(vectors: number): number {
  return Math.ceil(vectors / GROUP_SIZE) * GROUP_SIZE;
}
