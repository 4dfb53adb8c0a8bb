import { comparison } from "../numbersInWords";
import { limitRule } from "./rule";

/** Drops candidates below a score, as a float32 number like theirs: see `float32`. */
export const minScore = limitRule({
  rule: "min_score",
  measure: "scores",
  side: "below",
  limit: ({ settings }) => (settings.min_score === null ? undefined : Math.fround(settings.min_score)),
  words: (score, limit) => `scores below min_score: ${comparison(score, "<", limit)}`,
});
