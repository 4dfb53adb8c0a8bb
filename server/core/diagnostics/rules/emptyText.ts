import { isNegativeList, removePassage } from "../../formats/removePassage";
import type { Rule } from "../rule";

export const emptyText: Rule = {
  code: "HN401",
  title: "Empty text",
  severity: "error",
  explanation: "An empty text embeds to a vector that means nothing, and every comparison with it is noise.",
  fixSafety: "both",
  fixes(row, { path }) {
    if (path === undefined || !isNegativeList(path[0])) return [];
    const removal = removePassage(row.root, path);
    return removal === undefined ? [] : [{ title: "Remove the empty negative", safe: removal.safe, edits: row.edits(removal.edits) }];
  },
};
