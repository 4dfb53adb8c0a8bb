import type { Rule } from "../rule";

export const lineSeparator: Rule = {
  code: "HN005",
  title: "Raw line separator in a text",
  severity: "warning",
  explanation:
    "U+2028, U+2029 and U+0085 are allowed in JSON, but Python's splitlines() and other readers cut the record there. Escaped, the value is the same.",
  fixSafety: "safe",
  fixes(row, { span }) {
    if (span === undefined) return [];
    const escaped = `\\u${row.text.charCodeAt(span.start).toString(16).padStart(4, "0")}`;
    return [{ title: `Write it as ${escaped}`, safe: true, edits: row.edits([{ ...span, text: escaped }]) }];
  },
};
