import { relativelyBelow } from "../float32";
import { comparison, percent } from "../numbersInWords";
import { limitRule } from "./rule";

/**
 * Drops candidates with s > p - |p| m, p being the score of the margin anchor. The absolute value keeps the limit below p when p is
 * negative, where p (1 - m) would lie above it. An unknown score or anchor drops nothing.
 */
export const relativeMargin = limitRule({
  rule: "relative_margin",
  measure: "scores",
  side: "above",
  limit: ({ settings: { relative_margin: margin }, anchor }) => (margin === null ? undefined : relativelyBelow(anchor, margin)),
  words: (score, limit, { settings }) =>
    `within ${percent(settings.relative_margin ?? 0)} of the positive's score: ${comparison(score, ">", limit)}`,
});
