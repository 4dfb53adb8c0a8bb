import type { Rule } from "../rule";

export const invalidJson: Rule = {
  code: "HN001",
  title: "Not valid JSON",
  severity: "error",
  explanation: "Trainers stop at a line that is not JSON, or leave it out. The line is not used for mining until it is repaired.",
  fixSafety: "safe",
  fixes(row, { span, reason }) {
    if (span === undefined) return [];
    if (reason === "trailing-comma") return [{ title: "Remove the comma", safe: true, edits: row.edits([{ ...span, text: "" }]) }];
    if (reason === "unescaped-control") {
      const escaped = JSON.stringify(row.text.slice(span.start, span.end)).slice(1, -1);
      return [{ title: `Write it as ${escaped}`, safe: true, edits: row.edits([{ ...span, text: escaped }]) }];
    }
    return [];
  },
};
