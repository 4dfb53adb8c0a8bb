import { comparison } from "../numbersInWords";
import type { Filter } from "./filter";

/** Drops candidates above a score. */
export const maxScore: Filter = ({ score }, { sampler: { max_score: limit } }) =>
  limit !== null && score > limit ? `scores above max_score: ${comparison(score, ">", limit)}` : undefined;
