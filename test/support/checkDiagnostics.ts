import { expect } from "vitest";
import { checkDocument, type CheckOptions } from "#core/diagnostics/checkFile";
import type { Diagnostic, LineEdit } from "#core/diagnostics/diagnostic";
import { recogniseLines } from "#core/formats/recogniseLines";
import { RowDocument } from "#core/jsonl/rowDocument";
import { parseFixture, renderMarks, withAskedMessages } from "./fixture";

/** Checks that each file of a fixture has exactly the findings marked in it. */
export function checkDiagnostics(fixture: string, options: Partial<CheckOptions> = {}): void {
  for (const { text, marks } of parseFixture(fixture)) {
    const document = documentOf(text);
    const found = diagnose(document, options).map(({ line, span, severity, code, message }) => ({
      line,
      ...span,
      severity,
      code,
      message,
    }));
    expect(renderMarks(text, withAskedMessages(found, marks))).toBe(renderMarks(text, marks));
  }
}

/** A document in the format that its records have. */
export function documentOf(text: string): RowDocument {
  const document = RowDocument.fromText(text);
  const detection = recogniseLines(document.lines());
  if (detection.ok) document.setFormat(detection.value.format);
  return document;
}

/** All findings in the order of their places. */
export function diagnose(document: RowDocument, options: Partial<CheckOptions> = {}): readonly Diagnostic[] {
  const detection = recogniseLines(document.lines());
  const failure = detection.ok ? {} : { formatFailure: detection.failure };
  const found = [...checkDocument(document, { severities: {}, ...failure, ...options })].flat();
  return found.sort((a, b) => a.line - b.line || a.span.start - b.span.start || a.code.localeCompare(b.code));
}

/** The text after carrying out edits of its lines. */
export function applyLineEdits(text: string, edits: readonly LineEdit[]): string {
  const document = RowDocument.fromText(text);
  const backwards = [...edits].sort((a, b) => b.line - a.line || (b.kind === "replace" && a.kind === "replace" ? b.start - a.start : 0));
  for (const edit of backwards) {
    const { line } = edit;
    if (edit.kind === "remove_line") document.applyChange({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } }, "");
    else document.applyChange({ start: { line, character: edit.start }, end: { line, character: edit.end } }, edit.text);
  }
  return document.text();
}

/** The text after the first fix of the first finding with this code, and what that fix is called. */
export function afterFix(
  text: string,
  code: string,
): { readonly title: string; readonly safe: boolean; readonly text: string } | undefined {
  const fix = diagnose(documentOf(text)).find((diagnostic) => diagnostic.code === code)?.fixes[0];
  return fix === undefined ? undefined : { title: fix.title, safe: fix.safe, text: applyLineEdits(text, fix.edits) };
}
