import type { Rule } from "../rule";

export const oddCharacter: Rule = {
  code: "HN010",
  title: "Invisible, control or broken character",
  severity: "warning",
  explanation:
    "NUL and other controls, zero-width marks and halves of surrogate pairs are leftovers of a conversion; tokenizers see them, people do not.",
  fixSafety: "unsafe",
  fixes: (row, { span }) =>
    span === undefined ? [] : [{ title: "Remove the character", safe: false, edits: row.edits([{ ...span, text: "" }]) }],
};
