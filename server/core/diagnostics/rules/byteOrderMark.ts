import type { Rule } from "../rule";

export const byteOrderMark: Rule = {
  code: "HN004",
  title: "Byte order mark or bytes that are not UTF-8",
  severity: "warning",
  explanation:
    "JSON Lines is UTF-8 without a byte order mark. Python's json module refuses a text that begins with the mark, and readers stop at bytes that are not UTF-8.",
  fixSafety: "safe",
  fixes: (row, { span, reason }) =>
    span === undefined || reason !== "byte-order-mark"
      ? []
      : [{ title: "Remove the byte order mark", safe: true, edits: row.edits([{ ...span, text: "" }]) }],
};
