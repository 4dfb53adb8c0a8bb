import type { Rule } from "../rule";

export const noPositives: Rule = {
  code: "HN107",
  title: "No positives",
  severity: "error",
  explanation: "A query without a positive cannot be trained on, and margins have nothing to be measured against.",
  fixSafety: "none",
};
