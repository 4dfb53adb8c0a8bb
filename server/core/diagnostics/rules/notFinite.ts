import type { Rule } from "../rule";

export const notFinite: Rule = {
  code: "HN006",
  title: "NaN or Infinity",
  severity: "error",
  explanation: "Python writes NaN and Infinity, but JSON has no such values and other readers refuse the whole line.",
  fixSafety: "unsafe",
  fixes: (row, { span }) =>
    span === undefined ? [] : [{ title: "Replace by null", safe: false, edits: row.edits([{ ...span, text: "null" }]) }],
};
