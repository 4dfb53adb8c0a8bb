import { comparison } from "../numbersInWords";
import type { Filter } from "./filter";

/** Drops candidates below a score. */
export const minScore: Filter = ({ score }, { sampler: { min_score: limit } }) =>
  limit !== null && score < limit ? `scores below min_score: ${comparison(score, "<", limit)}` : undefined;
