import { removePassage } from "../../formats/removePassage";
import type { Rule } from "../rule";

/** Found by `checkMarks`, since a line alone does not know its marks. */
export const markedNegative: Rule = {
  code: "HN208",
  title: "Negative that was marked as none",
  severity: "warning",
  explanation:
    "Somebody judged this listed negative to be relevant, a duplicate of the positive or undecidable. Mining and export leave it out; the file itself still lists it.",
  fixSafety: "unsafe",
  fixes(row, { path }) {
    const removal = path === undefined ? undefined : removePassage(row.root, path);
    // A mark is a person's opinion, so that the removal is offered and never part of a fix-all.
    return removal === undefined ? [] : [{ title: "Remove it from the negatives", safe: false, edits: row.edits(removal.edits) }];
  },
};
