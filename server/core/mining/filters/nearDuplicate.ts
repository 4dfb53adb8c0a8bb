import { comparison, percent } from "../numbersInWords";
import { groupOverlap } from "../overlapTable";
import type { Filter } from "./filter";

/** Drops candidates that say the same as a positive: by their vectors, or by the three-word runs they share. */
export const nearDuplicate: Filter = (hit, { collection, sampler, pool }) => {
  const { near_duplicate_similarity: similarity, near_duplicate_overlap: overlap } = sampler;
  if (similarity !== null && hit.positiveSimilarity >= similarity) {
    return `nearly the same as a positive: similarity ${comparison(hit.positiveSimilarity, ">=", similarity)}`;
  }
  if (overlap === null) {
    return undefined;
  }
  for (const positive of pool.positives) {
    const shared = groupOverlap(collection, hit.group, collection.documents[positive]?.group ?? -1, overlap);
    if (shared >= 0) {
      return `shares ${percent(shared)} of its three-word runs with a positive, at least ${percent(overlap)}`;
    }
  }
  return undefined;
};
