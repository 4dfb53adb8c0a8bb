import type { Rule } from "../rule";

export const blankLine: Rule = {
  code: "HN003",
  title: "Blank line or missing last line feed",
  severity: "information",
  explanation: "Some readers stop at an empty line, and lines appended to a file without a last line feed run into the last record.",
  fixSafety: "safe",
  *check({ row, text, isLast }) {
    if (row.kind === "blank") {
      if (!isLast || text !== "") yield { message: "The line holds no record.", span: { start: 0, end: text.length } };
    } else if (isLast) {
      yield { message: "The last line does not end with a line feed.", span: { start: text.length, end: text.length } };
    }
  },
  fixes(row) {
    const { line, text, isLast } = row;
    if (row.row.kind !== "blank")
      return [{ title: "Add a line feed", safe: true, edits: row.edits([{ start: text.length, end: text.length, text: "\n" }]) }];
    if (isLast) return [{ title: "Remove the white space", safe: true, edits: row.edits([{ start: 0, end: text.length, text: "" }]) }];
    return [{ title: "Remove the line", safe: true, edits: [{ kind: "remove_line", line }] }];
  },
};
