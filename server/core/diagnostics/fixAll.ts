import type { RowDocument } from "../jsonl/rowDocument";
import { applyEdits, overlap, type TextEdit } from "../jsonl/spanEdit";
import { severityOf, type SeverityOverrides } from "./catalogue";
import { diagnosticsOf } from "./checkRow";
import type { LineEdit } from "./diagnostic";
import { RowUnderCheck } from "./rowUnderCheck";
import { SharedQueries } from "./sharedQueries";

/** More rounds than any line needs: each removes at least one finding. */
const ROUNDS = 1000;

/**
 * All safe fixes of a document at once, as one edit for each line concerned. Fixes that touch each other, such as the removal of two
 * neighbours in a list, are carried out one after the other on the line's text.
 */
export function fixAll(document: RowDocument, overrides: SeverityOverrides): readonly LineEdit[] {
  const repaired = new Map<number, RowUnderCheck | "removed">();
  const shared = new SharedQueries();
  for (let line = 0; line < document.lineCount; line++) {
    const before = RowUnderCheck.of(document, line);
    const after = fixRow(before, overrides);
    if (after !== before) repaired.set(line, after);
    if (after !== "removed") shared.add(line, after.record);
  }
  // Only now, since a line that was not JSON may list positives once it is repaired.
  const rowOf = (line: number): RowUnderCheck | undefined => {
    const row = repaired.get(line) ?? RowUnderCheck.of(document, line);
    return row === "removed" ? undefined : row;
  };
  for (const { line, elsewhere } of shared.lines((at) => rowOf(at)?.record)) {
    const row = rowOf(line)?.comparedWith(elsewhere);
    if (row === undefined) continue;
    const after = fixRow(row, overrides);
    if (after !== row) repaired.set(line, after);
  }
  const last = rowOf(document.lineCount - 1);
  if (last !== undefined && last.row.kind !== "blank" && severityOf("HN003", overrides) !== undefined)
    repaired.set(last.line, last.withText(`${last.text}\n`));
  const lines = [...repaired].sort(([a], [b]) => a - b);
  return lines.map(([line, row]) =>
    row === "removed" ? { kind: "remove_line", line } : { kind: "replace", line, ...difference(document.line(line), row.text) },
  );
}

/** The row after all its safe fixes; the row itself where there are none. */
function fixRow(before: RowUnderCheck, overrides: SeverityOverrides): RowUnderCheck | "removed" {
  let row = before;
  for (let round = 0; round < ROUNDS; round++) {
    const wanted = safeEdits(row, overrides);
    if (wanted === "remove_line") return "removed";
    if (wanted.length === 0) break;
    row = row.withText(applyEdits(row.text, wanted));
  }
  return row;
}

/** The edits of as many safe fixes as can be carried out together, without the line feed that ends the file. */
function safeEdits(row: RowUnderCheck, overrides: SeverityOverrides): readonly TextEdit[] | "remove_line" {
  const chosen: TextEdit[] = [];
  for (const { fixes } of diagnosticsOf(row, overrides)) {
    const edits = fixes.find(({ safe }) => safe)?.edits ?? [];
    if (edits.some(({ kind }) => kind === "remove_line")) return "remove_line";
    const replacements = edits.filter((edit) => edit.kind === "replace").filter(({ text }) => text !== "\n");
    if (!replacements.some((edit) => chosen.some((other) => overlap(edit, other)))) chosen.push(...replacements);
  }
  return chosen;
}

/** The smallest single edit that turns one text into the other. */
function difference(before: string, after: string): TextEdit {
  const limit = Math.min(before.length, after.length);
  let start = 0;
  while (start < limit && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let tail = 0;
  while (tail < limit - start && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)) tail++;
  // Half of a surrogate pair cannot be replaced by itself: editors move such a range.
  if (isHigh(before.charCodeAt(start - 1))) start--;
  if (isHigh(before.charCodeAt(before.length - tail - 1)) && tail > 0) tail--;
  return { start, end: before.length - tail, text: after.slice(start, after.length - tail) };
}

function isHigh(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
