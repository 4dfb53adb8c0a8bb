import { textKey } from "../collection/textKey";
import type { RowDocument } from "../jsonl/rowDocument";
import type { Verdict } from "../marks/mark";
import type { Sha256 } from "../ports";
import type { SeverityOverrides } from "./catalogue";
import { diagnosticOf } from "./checkRow";
import type { Diagnostic } from "./diagnostic";
import { RowUnderCheck } from "./rowUnderCheck";
import { markedNegative } from "./rules/markedNegative";
import { showText } from "./showText";

/** For each 1-based line, the text keys that marks keep out of the query's negatives, and on which verdict. */
export type ExcludedByLine = ReadonlyMap<number, ReadonlyMap<string, Verdict>>;

/** Listed negatives that somebody has marked as none. Only lines of marked queries are looked at. */
export function checkMarks(
  document: RowDocument,
  excluded: ExcludedByLine,
  sha256: Sha256,
  severities: SeverityOverrides,
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const [line, verdicts] of [...excluded].sort(([a], [b]) => a - b)) {
    if (line > document.lineCount) continue;
    const row = RowUnderCheck.of(document, line - 1);
    for (const negative of row.record?.negatives ?? []) {
      const verdict = verdicts.get(textKey(negative.text, sha256));
      if (verdict === undefined) continue;
      const message = `The negative ${showText(negative.text)} is marked "${verdict.replaceAll("_", " ")}".`;
      const diagnostic = diagnosticOf(row, markedNegative, { message, path: negative.path }, severities);
      if (diagnostic !== undefined) found.push(diagnostic);
    }
  }
  return found;
}
