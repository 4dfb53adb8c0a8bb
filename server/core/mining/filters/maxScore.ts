import { comparison } from "../numbersInWords";
import { limitRule } from "./rule";

/** Drops candidates above a score. */
export const maxScore = limitRule({
  rule: "max_score",
  measure: "scores",
  side: "above",
  limit: ({ settings }) => settings.max_score ?? undefined,
  words: (score, limit) => `scores above max_score: ${comparison(score, ">", limit)}`,
});
