import { comparison, percent } from "../numbersInWords";
import { limitRule, testRule } from "./rule";

/** Drops candidates that repeat the query by their vectors. */
export const nearQueryByVector = limitRule({
  rule: "near_query",
  measure: "scores",
  side: "at_least",
  limit: ({ settings, pool }) => (pool.retrieval === "lexical" ? undefined : (settings.near_query_similarity ?? undefined)),
  words: (score, limit) => `nearly the same as the query: similarity ${comparison(score, ">=", limit)}`,
});

/** Drops candidates that repeat the query by the three-word runs they share. */
export const nearQueryByWords = testRule({
  rule: "near_query",
  isOn: ({ settings }) => settings.near_query_overlap !== null,
  drops: (row, _rank, { settings, facts }) => facts.queryOverlap(row, settings.near_query_overlap ?? 1) >= 0,
  words: (row, _rank, { settings, facts }) => {
    const least = settings.near_query_overlap ?? 1;
    return `shares ${percent(facts.queryOverlap(row, least))} of its three-word runs with the query, at least ${percent(least)}`;
  },
});
