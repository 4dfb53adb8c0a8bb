import { DiagnosticSeverity } from "vscode-languageserver";
import type { Diagnostic as LspDiagnostic, Range, TextEdit } from "vscode-languageserver";
import type { Diagnostic, LineEdit, Severity } from "#core/diagnostics/diagnostic";
import type { RowDocument } from "#core/jsonl/rowDocument";
import type { OpenDocument } from "./openDocuments";

/** Name under which the Problems panel groups our findings. */
export const DIAGNOSTIC_SOURCE = "nearmiss";

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

export function toLspSeverity(severity: Severity): DiagnosticSeverity {
  return SEVERITIES[severity];
}

export function toLspDiagnostic(diagnostic: Diagnostic, { uri, rows }: OpenDocument): LspDiagnostic {
  const { line, span, severity, code, message, related } = diagnostic;
  return {
    range: toRange(rows, line, span.start, span.end),
    severity: toLspSeverity(severity),
    code,
    source: DIAGNOSTIC_SOURCE,
    message,
    relatedInformation: related.map((other) => ({
      location: { uri, range: toRange(rows, other.line, 0, rows.line(other.line).length) },
      message: other.message,
    })),
  };
}

export function tooManyDiagnostic(found: number, shown: number): LspDiagnostic {
  const start = { line: 0, character: 0 };
  const message = `${found.toLocaleString("en-US")} problems in this file; the first ${shown.toLocaleString("en-US")} are shown. "nearmiss check" lists all of them.`;
  return { range: { start, end: start }, severity: DiagnosticSeverity.Information, source: DIAGNOSTIC_SOURCE, message };
}

/** An edit of lines as an edit of the protocol. A removed line goes with its ending. */
export function toTextEdit(edit: LineEdit, rows: RowDocument): TextEdit {
  if (edit.kind === "replace") return { range: toRange(rows, edit.line, edit.start, edit.end), newText: edit.text };
  const isLast = edit.line + 1 >= rows.lineCount;
  const end = isLast ? rows.toPosition(edit.line, rows.line(edit.line).length) : rows.toPosition(edit.line + 1, 0);
  return { range: { start: rows.toPosition(edit.line, 0), end }, newText: "" };
}

export function toRange(rows: RowDocument, line: number, start: number, end: number): Range {
  return { start: rows.toPosition(line, start), end: rows.toPosition(line, end) };
}
