import { comparison } from "../numbersInWords";
import { limitRule } from "./rule";

/** Drops candidates below a score. */
export const minScore = limitRule({
  rule: "min_score",
  measure: "scores",
  side: "below",
  limit: ({ settings }) => settings.min_score ?? undefined,
  words: (score, limit) => `scores below min_score: ${comparison(score, "<", limit)}`,
});
