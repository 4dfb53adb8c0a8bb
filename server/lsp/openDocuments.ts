import { TextDocuments } from "vscode-languageserver";
import type { Connection, TextDocumentContentChangeEvent } from "vscode-languageserver";
import type { CollectionRow } from "#core/collection/buildCollection";
import { beirQueries } from "#core/formats/beirQueries";
import type { RecordFormat } from "#core/formats/format";
import { recogniseLines } from "#core/formats/recogniseLines";
import { RowDocument } from "#core/jsonl/rowDocument";
import type { Failure } from "#core/util/failure";

/** A JSON Lines text that is open in the editor. */
export interface OpenDocument {
  readonly uri: string;
  readonly version: number;
  readonly rows: RowDocument;
  /** Why no format fits; the lines are still checked for syntax. */
  readonly refusal?: Failure;
}

/** What the documents' owner is told. */
export interface DocumentListener {
  readonly opened: (document: OpenDocument) => void;
  readonly changed: (document: OpenDocument) => void;
  readonly closed: (uri: string) => void;
  readonly willSave: (uri: string) => void;
  readonly saved: (document: OpenDocument) => void;
}

/** Texts open in the editor, kept as rows, so that a keystroke costs one line and not the whole text. */
export class OpenDocuments {
  readonly #documents: TextDocuments<OpenDocument>;

  constructor(connection: Connection, listener: DocumentListener) {
    this.#documents = new TextDocuments<OpenDocument>({
      create: (uri, _language, version, text) => recognise({ uri, version, rows: RowDocument.fromText(text) }),
      update: (document, changes, version) => recognise({ ...document, version, rows: applyChanges(document.rows, changes) }),
    });
    this.#documents.onDidOpen(({ document }) => {
      listener.opened(document);
    });
    this.#documents.onWillSave(({ document }) => {
      listener.willSave(document.uri);
    });
    this.#documents.onDidSave(({ document }) => {
      listener.saved(document);
    });
    this.#documents.onDidChangeContent(({ document }) => {
      listener.changed(document);
    });
    this.#documents.onDidClose(({ document }) => {
      listener.closed(document.uri);
    });
    this.#documents.listen(connection);
  }

  get(uri: string): OpenDocument | undefined {
    return this.#documents.get(uri);
  }

  all(): readonly OpenDocument[] {
    return this.#documents.all();
  }
}

/** Records of an open text, read as they are asked for. */
export function* collectionRows(document: OpenDocument): Generator<CollectionRow> {
  for (const { line, row } of document.rows.rows()) {
    if (row.record !== undefined) yield { line: line + 1, record: row.record };
  }
}

export function countProblems(document: OpenDocument): number {
  let problems = 0;
  for (const { row } of document.rows.rows()) problems += row.problems.length;
  return problems;
}

function applyChanges(rows: RowDocument, changes: readonly TextDocumentContentChangeEvent[]): RowDocument {
  for (const change of changes) rows.applyChange("range" in change ? change.range : undefined, change.text);
  return rows;
}

/** A text is recognised when it opens, and again as long as nothing in it could be read. */
function recognise(document: OpenDocument): OpenDocument {
  const { rows, uri, version } = document;
  if (rows.format !== undefined) return document;
  const found = formatOf(document);
  if ("reason" in found) return { uri, version, rows, refusal: found };
  rows.setFormat(found);
  return { uri, version, rows };
}

function formatOf(document: OpenDocument): RecordFormat | Failure {
  const recognised = recogniseLines(document.rows.lines());
  if (!recognised.ok) return recognised.failure;
  const isQueries = recognised.value.format.id === "corpus" && /\/queries\.jsonl$/.test(document.uri);
  return isQueries ? beirQueries : recognised.value.format;
}
