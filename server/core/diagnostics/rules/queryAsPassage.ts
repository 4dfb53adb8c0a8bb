import { normaliseText } from "../../collection/textKey";
import { showPath } from "../../formats/fields";
import { isNegativeList, removePassage } from "../../formats/removePassage";
import type { Rule } from "../rule";
import { showText } from "../showText";

export const queryAsPassage: Rule = {
  code: "HN203",
  title: "Query used as a passage",
  severity: "warning",
  explanation: "A passage with the query's own text teaches nothing as a positive and is wrong as a negative.",
  fixSafety: "unsafe",
  *check(row) {
    const { record } = row;
    if (record?.query === undefined) return;
    const query = normaliseText(record.query.text);
    for (const [side, passages] of [
      ["positive", record.positives],
      ["negative", record.negatives],
    ] as const) {
      for (const passage of passages) {
        if (row.normalised(passage) === query)
          yield { message: `The ${side} ${showPath(passage.path)} is the query itself: ${showText(passage.text)}.`, path: passage.path };
      }
    }
  },
  fixes(row, { path }) {
    if (path === undefined) return [];
    const removal = removePassage(row.root, path);
    if (removal === undefined) return [];
    const title = isNegativeList(path[0]) ? "Remove it from the negatives" : "Remove it from the record";
    return [{ title, safe: false, edits: row.edits(removal.edits) }];
  },
};
