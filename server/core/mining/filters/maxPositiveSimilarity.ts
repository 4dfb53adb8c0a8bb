import { comparison } from "../numbersInWords";
import { limitRule } from "./rule";

/** Drops candidates whose highest similarity to a positive, max s(d+, d), is above a ceiling: score limits see the query's side only. */
export const maxPositiveSimilarity = limitRule({
  rule: "max_positive_similarity",
  measure: "positiveSimilarity",
  side: "above",
  limit: ({ settings }) => settings.max_positive_similarity ?? undefined,
  words: (similarity, limit) => `too similar to a positive: ${comparison(similarity, ">", limit)}`,
});
