import { SymbolKind } from "vscode-languageserver";
import type { Connection, DocumentSymbol } from "vscode-languageserver";
import type { OpenDocument, OpenDocuments } from "../openDocuments";

/** More symbols than this make the outline slow and no more useful; JSON's own limit. */
const LIMIT = 5000;
/** Characters of a query that the outline shows. */
const NAME_LENGTH = 120;

/** One symbol a record, named by its query, or by its passage in a corpus. */
export function registerDocumentSymbols(connection: Connection, documents: OpenDocuments): void {
  connection.onDocumentSymbol(({ textDocument }) => {
    const document = documents.get(textDocument.uri);
    return document === undefined ? [] : recordSymbols(document);
  });
}

function recordSymbols(document: OpenDocument): DocumentSymbol[] {
  const symbols: DocumentSymbol[] = [];
  for (const { line, row } of document.rows.rows()) {
    if (symbols.length === LIMIT) break;
    const { record } = row;
    const named = record?.query ?? record?.documents[0];
    if (record === undefined || named === undefined) continue;
    const range = { start: document.rows.toPosition(line, 0), end: document.rows.toPosition(line, document.rows.line(line).length) };
    symbols.push({
      name: shortened(named.text) || "(empty)",
      detail: [
        named.id,
        ...(record.query === undefined ? [] : [`${String(record.positives.length)} pos, ${String(record.negatives.length)} neg`]),
      ]
        .filter(Boolean)
        .join(" · "),
      kind: record.query === undefined ? SymbolKind.String : SymbolKind.Event,
      range,
      selectionRange: range,
    });
  }
  return symbols;
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= NAME_LENGTH ? line : `${line.slice(0, NAME_LENGTH)}…`;
}
