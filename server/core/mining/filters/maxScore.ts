import { comparison } from "../numbersInWords";
import { limitRule } from "./rule";

/** Drops candidates above a score, as a float32 number like theirs: see `float32`. */
export const maxScore = limitRule({
  rule: "max_score",
  measure: "scores",
  side: "above",
  limit: ({ settings }) => (settings.max_score === null ? undefined : Math.fround(settings.max_score)),
  words: (score, limit) => `scores above max_score: ${comparison(score, ">", limit)}`,
});
