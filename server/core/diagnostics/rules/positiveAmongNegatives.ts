import { showPath } from "../../formats/fields";
import { removePassage } from "../../formats/removePassage";
import { PositiveIndex } from "../positiveIndex";
import type { Rule } from "../rule";
import { showText } from "../showText";

export const positiveAmongNegatives: Rule = {
  code: "HN201",
  title: "Positive listed as a negative",
  severity: "error",
  explanation:
    "The same passage is a positive and a negative of one query, so the loss pulls it in both directions. Passages are the same when their ids or their normalised texts are.",
  fixSafety: "both",
  *check(row) {
    const { record } = row;
    if (record === undefined || record.negatives.length === 0) return;
    const own = new PositiveIndex();
    for (const positive of record.positives) own.add(row.line, positive);
    for (const negative of record.negatives) {
      const positive = own.find(negative)?.passage;
      if (positive !== undefined) {
        yield {
          message: `The negative ${showText(negative.text)} is also ${showPath(positive.path)}, a positive of this query.`,
          path: negative.path,
        };
        continue;
      }
      const other = row.elsewhere?.find(negative, row.line);
      if (other === undefined) continue;
      const related = [{ line: other.line, message: `${showText(other.passage.text)} is a positive here.` }];
      const message = `The negative ${showText(negative.text)} is a positive of the same query on line ${String(other.line + 1)}.`;
      yield { message, path: negative.path, related };
    }
  },
  fixes(row, { path }) {
    const removal = path === undefined ? undefined : removePassage(row.root, path);
    return removal === undefined ? [] : [{ title: "Remove it from the negatives", safe: removal.safe, edits: row.edits(removal.edits) }];
  },
};
