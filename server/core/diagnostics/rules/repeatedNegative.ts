import { showPath } from "../../formats/fields";
import type { RecordPassage } from "../../formats/format";
import { removePassage } from "../../formats/removePassage";
import type { Rule } from "../rule";
import { showText } from "../showText";

export const repeatedNegative: Rule = {
  code: "HN204",
  title: "Negative listed twice",
  severity: "warning",
  explanation: "A negative that stands twice counts twice in the loss and takes the place of another.",
  fixSafety: "both",
  *check(row) {
    const first = new Map<string, RecordPassage>();
    for (const negative of row.record?.negatives ?? []) {
      const text = row.normalised(negative);
      const earlier = first.get(text);
      if (earlier === undefined) first.set(text, negative);
      else yield { message: `The negative ${showText(negative.text)} stands at ${showPath(earlier.path)} already.`, path: negative.path };
    }
  },
  fixes(row, { path }) {
    const removal = path === undefined ? undefined : removePassage(row.root, path);
    return removal === undefined ? [] : [{ title: "Remove the repetition", safe: removal.safe, edits: row.edits(removal.edits) }];
  },
};
