import { CodeActionKind } from "vscode-languageserver";
import type { CodeAction, CodeActionParams, Connection, Range } from "vscode-languageserver";
import type { SeverityOverrides } from "#core/diagnostics/catalogue";
import type { Diagnostic, Fix } from "#core/diagnostics/diagnostic";
import { fixAll } from "#core/diagnostics/fixAll";
import type { Diagnostics } from "../diagnostics";
import type { OpenDocument, OpenDocuments } from "../openDocuments";
import { toLspDiagnostic, toRange, toTextEdit } from "../toLsp";

/** Kind of the code action that applies every safe fix of a file. */
export const FIX_ALL = `${CodeActionKind.SourceFixAll}.nearmiss`;

export interface ActionSources {
  readonly documents: OpenDocuments;
  readonly diagnostics: Diagnostics;
}

/** Quick fixes for the findings at the cursor, and one action for all safe fixes of the file. */
export function registerCodeActions(connection: Connection, { documents, diagnostics }: ActionSources): void {
  connection.onCodeAction((params) => {
    const document = documents.get(params.textDocument.uri);
    if (document === undefined) return [];
    const found = diagnostics.of(document.uri);
    return [...quickFixes(document, found, params), ...fixAllAction(document, found, diagnostics.severities(document.uri), params)];
  });
}

function quickFixes(document: OpenDocument, found: readonly Diagnostic[], { context, range }: CodeActionParams): readonly CodeAction[] {
  if (!wanted(context.only, CodeActionKind.QuickFix)) return [];
  return found
    .filter(({ line, span }) => line < document.rows.lineCount && touches(toRange(document.rows, line, span.start, span.end), range))
    .flatMap((diagnostic) =>
      diagnostic.fixes.map((fix, i) => ({
        title: fix.safe ? fix.title : `${fix.title} (look at the result)`,
        kind: CodeActionKind.QuickFix,
        diagnostics: [toLspDiagnostic(diagnostic, document)],
        isPreferred: fix.safe && i === 0,
        edit: editOf(document, fix.edits),
      })),
    );
}

function fixAllAction(
  document: OpenDocument,
  found: readonly Diagnostic[],
  severities: SeverityOverrides,
  { context }: CodeActionParams,
): readonly CodeAction[] {
  const safe = found.filter(({ fixes }) => fixes.some((fix) => fix.safe));
  const asked = context.only?.some((kind) => FIX_ALL === kind || FIX_ALL.startsWith(`${kind}.`)) ?? safe.length > 1;
  if (!asked || safe.length === 0) return [];
  const edits = fixAll(document.rows, severities);
  return edits.length === 0 ? [] : [{ title: `Apply all ${String(safe.length)} safe fixes`, kind: FIX_ALL, edit: editOf(document, edits) }];
}

function editOf({ uri, version, rows }: OpenDocument, edits: Fix["edits"]): NonNullable<CodeAction["edit"]> {
  return { documentChanges: [{ textDocument: { uri, version }, edits: edits.map((edit) => toTextEdit(edit, rows)) }] };
}

function wanted(only: readonly string[] | undefined, kind: string): boolean {
  return only === undefined || only.some((asked) => kind === asked || kind.startsWith(`${asked}.`));
}

function touches(a: Range, b: Range): boolean {
  return !before(a.end, b.start) && !before(b.end, a.start);
}

function before(a: Range["start"], b: Range["start"]): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}
