import { comparison, percent } from "../numbersInWords";
import { limitRule, testRule } from "./rule";

/** Drops candidates that say the same as a positive by their vectors. */
export const nearDuplicateByVector = limitRule({
  rule: "near_duplicate",
  measure: "positiveSimilarity",
  side: "at_least",
  limit: ({ settings }) => settings.near_duplicate_similarity ?? undefined,
  words: (similarity, limit) => `nearly the same as a positive: similarity ${comparison(similarity, ">=", limit)}`,
});

/** Drops candidates that say the same as a positive by the three-word runs they share. */
export const nearDuplicateByWords = testRule({
  rule: "near_duplicate",
  isOn: ({ settings }) => settings.near_duplicate_overlap !== null,
  drops: (row, _rank, { settings, facts }) => facts.positiveOverlap(row, settings.near_duplicate_overlap ?? 1) >= 0,
  words: (row, _rank, { settings, facts }) => {
    const least = settings.near_duplicate_overlap ?? 1;
    return `shares ${percent(facts.positiveOverlap(row, least))} of its three-word runs with a positive, at least ${percent(least)}`;
  },
});
