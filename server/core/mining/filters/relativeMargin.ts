import { comparison, percent } from "../numbersInWords";
import type { Filter } from "./filter";

/**
 * Drops candidates with s > p - |p| m, p being the lowest positive score. The absolute value keeps the limit below p when p is negative,
 * where p (1 - m) would lie above it. An unknown score or anchor drops nothing.
 */
export const relativeMargin: Filter = ({ score }, { sampler: { relative_margin: margin }, anchor }) => {
  if (margin === null) {
    return undefined;
  }
  const limit = anchor - Math.abs(anchor) * margin;
  return score > limit ? `within ${percent(margin)} of the positive's score: ${comparison(score, ">", limit)}` : undefined;
};
