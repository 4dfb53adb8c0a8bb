import { replaceValue } from "../../jsonl/spanEdit";
import type { Rule } from "../rule";

export const wrongField: Rule = {
  code: "HN102",
  title: "Field missing or of the wrong type",
  severity: "error",
  explanation: "The format's trainers need this field in this type. A plain text where a list is wanted is taken apart into characters.",
  fixSafety: "safe",
  fixes(row, { path }) {
    const [key] = path ?? [];
    if (row.format?.id !== "flagembedding" || path?.length !== 1 || (key !== "pos" && key !== "neg")) return [];
    const node = row.node(path);
    if (node?.kind !== "string") return [];
    return [
      { title: "Wrap the text in a list", safe: true, edits: row.edits([replaceValue(node, `[${row.text.slice(node.start, node.end)}]`)]) },
    ];
  },
};
