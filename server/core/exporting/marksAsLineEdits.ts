import { lineDifference } from "../jsonl/lineDifference";
import type { RowDocument } from "../jsonl/rowDocument";
import { NativeExport } from "./nativeExport";
import type { NativeSource, RecordCounts } from "./nativeExport";

/** A change of one line of a text. Lines are zero-based, offsets UTF-16 units within the line. */
export type MarkedLineEdit =
  /** Other passages in the record, or records of promoted positives behind it. */
  | { readonly kind: "rewrite" | "add"; readonly line: number; readonly start: number; readonly end: number; readonly text: string }
  /** The line goes with its ending. */
  | { readonly kind: "remove"; readonly line: number };

export interface MarksAsLineEdits {
  readonly edits: readonly MarkedLineEdit[];
  readonly counts: RecordCounts;
  /** The first 1-based line that holds another query than the data had there. */
  readonly mismatch?: number;
}

/** What an export with the file's own format and negatives would change in a text, as edits of the text itself. */
export function marksAsLineEdits(rows: RowDocument, source: Omit<NativeSource, "outputScores">): MarksAsLineEdits {
  const exporter = new NativeExport(source);
  const edits: MarkedLineEdit[] = [];
  for (let line = 0; line < rows.lineCount; line++) {
    const text = rows.line(line);
    const written = exporter.row({ line: line + 1, text }).filter((piece) => typeof piece === "string");
    edits.push(...editsOf(line, text, written));
  }
  const { counts, mismatch } = exporter;
  return { edits, counts, ...(mismatch === undefined ? {} : { mismatch }) };
}

function editsOf(line: number, text: string, [first, ...more]: readonly string[]): readonly MarkedLineEdit[] {
  if (first === undefined) return [{ kind: "remove", line }];
  const added = more.map((row) => `\n${row}`).join("");
  const edits = lineDifference(text, first).map((edit): MarkedLineEdit => ({ kind: "rewrite", line, ...edit }));
  return added === "" ? edits : [...edits, { kind: "add", line, start: text.length, end: text.length, text: added }];
}
