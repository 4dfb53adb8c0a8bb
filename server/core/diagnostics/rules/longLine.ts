import type { Rule } from "../rule";

export const longLine: Rule = {
  code: "HN013",
  title: "Very long line",
  severity: "warning",
  explanation:
    "Lines above 16 million characters stall editors and exceed the limits of common readers. Usually a record was written without line feeds between its parts.",
  fixSafety: "none",
};
