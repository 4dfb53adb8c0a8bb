import { isObject } from "../formats/jsonObject";
import type { SamplerConfig } from "./samplerSchema";

/** The defaults of sentence-transformers' `mine_hard_negatives` 6.1, and what switches off the rules that it does not know. */
export const compatDefaults = {
  sampling_strategy: "top",
  num_negatives: 3,
  range_min: 0,
  range_max: null,
  range_after_filters: true,
  max_score: null,
  min_score: null,
  margin_anchor: "lowest",
  absolute_margin: null,
  relative_margin: null,
  max_positive_similarity: null,
  max_fn_probability: null,
  near_duplicate_similarity: null,
  near_duplicate_overlap: null,
  near_query_similarity: null,
  near_query_overlap: null,
  diversity_similarity: null,
  diversity_overlap: null,
} as const satisfies Partial<SamplerConfig>;

/**
 * What a configuration holds before its own defaults are filled in: where it asks for sentence-transformers' way, everything else of the
 * sampler that it does not set is that library's default. Whatever it sets counts. Anything else is given back as it is.
 */
export function withCompatDefaults(written: unknown): unknown {
  const sampler = isObject(written) ? written["sampler"] : undefined;
  if (!isObject(written) || !isObject(sampler) || sampler["compat"] !== "sentence-transformers") {
    return written;
  }
  return { ...written, sampler: { ...compatDefaults, ...sampler } };
}
