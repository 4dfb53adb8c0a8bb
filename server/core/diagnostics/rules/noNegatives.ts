import type { Rule } from "../rule";

export const noNegatives: Rule = {
  code: "HN106",
  title: "No negatives",
  severity: "warning",
  explanation: "FlagEmbedding divides by the number of negatives and fails on an empty list. Mine negatives for the query before training.",
  fixSafety: "none",
};
