import type { CodeLens, Connection } from "vscode-languageserver";
import { normaliseText } from "#core/collection/textKey";
import { beirQueries } from "#core/formats/beirQueries";
import type { Verdict } from "#core/marks/mark";
import type { Datasets } from "../datasets";
import type { Diagnostics } from "../diagnostics";
import { isHomeFile } from "../markDiagnostics";
import type { OpenDataset } from "../openDataset";
import type { OpenDocument, OpenDocuments } from "../openDocuments";
import type { ServerHost } from "../serverHost";
import { counted } from "../words";

export interface LensSources {
  readonly documents: OpenDocuments;
  readonly datasets: Datasets;
  readonly diagnostics: Diagnostics;
  readonly host: ServerHost;
}

/** Line 1 says what the file is and leads to the review; records with marks say which. */
export function registerCodeLens(connection: Connection, sources: LensSources): void {
  connection.onCodeLens(({ textDocument }) => {
    const document = sources.documents.get(textDocument.uri);
    return document === undefined || isHomeFile(document.uri) ? [] : lenses(document, sources);
  });
}

function lenses(document: OpenDocument, { datasets, diagnostics, host }: LensSources): CodeLens[] {
  const { format } = document.rows;
  if (format === undefined) return [lens(0, `Nearmiss cannot read this file: ${document.refusal?.message ?? "no format fits."}`)];
  const problems = diagnostics.count(document.uri);
  const found = problems === 0 ? [] : [lens(0, counted(problems, "problem"), "workbench.actions.view.problems")];
  const { queries, documents } = textCounts(document);
  if (queries === 0) return [lens(0, `${format.label}, ${counted(documents, "passage")}`), ...found];
  const path = host.toPath(document.uri);
  const dataset = path === undefined ? undefined : datasets.withQueriesIn(path);
  const review = (line: number): readonly [string, unknown] => ["nearmiss.review", { dataset: document.uri, line }];
  const reviewed =
    dataset === undefined || dataset.counts().marks === 0 ? [] : [lens(0, counted(dataset.counts().marks, "mark"), ...review(1))];
  return [
    lens(0, `${format.label}, ${counted(queries, "query", "queries")}`, ...review(1)),
    lens(0, "Review hard negatives", ...review(1)),
    ...reviewed,
    ...(dataset === undefined ? [] : goneLens(dataset)),
    ...found,
    ...(dataset === undefined ? [] : markLenses(dataset, review)),
  ];
}

/** Marks whose text is not in the data any more hold again when it comes back. What an edit took out is gone on purpose. */
function goneLens(dataset: OpenDataset): readonly CodeLens[] {
  const { collection } = dataset.session;
  const gone = dataset.journal.folded.inForce().filter(({ query, document, file, origin }) => {
    if (file !== dataset.fileInMarks || origin === "edit") return false;
    return dataset.queryWithKey(query.key) === undefined || (document !== undefined && !collection.groupOfKey.has(document.key));
  });
  return gone.length === 0 ? [] : [lens(0, `${counted(gone.length, "mark")} on texts that changed or are gone`)];
}

/** A lens above each record that has verdicts, with their number by kind. */
function markLenses(dataset: OpenDataset, review: (line: number) => readonly [string, unknown]): CodeLens[] {
  const { folded } = dataset.journal;
  return folded.markedQueries().flatMap((key) => {
    const index = dataset.queryWithKey(key);
    const query = index === undefined ? undefined : dataset.session.collection.queries[index];
    if (query === undefined) return [];
    const counts = new Map<Verdict, number>();
    for (const { verdict } of folded.ofQuery(key)) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
    const words = [...counts].map(([verdict, count]) => `${String(count)} ${verdict.replaceAll("_", " ")}`).join(", ");
    const line = query.lines[0] ?? 1;
    return [lens(line - 1, `Marked: ${words}`, ...review(line))];
  });
}

interface TextCounts {
  readonly version: number;
  readonly queries: number;
  readonly documents: number;
}

/** Lenses are asked for after each mark, texts change less often. */
const counts = new WeakMap<OpenDocument["rows"], TextCounts>();

function textCounts(document: OpenDocument): TextCounts {
  const known = counts.get(document.rows);
  if (known?.version === document.version) return known;
  const found = countTexts(document);
  counts.set(document.rows, found);
  return found;
}

function countTexts(document: OpenDocument): TextCounts {
  const queries = new Set<string>();
  let documents = 0;
  // Lines of a training file with one text are one query; in a queries file the ids tell them apart.
  const isQueriesFile = document.rows.format === beirQueries;
  for (const { row } of document.rows.rows()) {
    const query = row.record?.query;
    if (query !== undefined) queries.add(isQueriesFile && query.id !== undefined ? query.id : normaliseText(query.text));
    documents += row.record?.documents.length ?? 0;
  }
  return { version: document.version, queries: queries.size, documents };
}

/** A lens without a command is plain text. */
function lens(line: number, title: string, command = "", argument?: unknown): CodeLens {
  const range = { start: { line, character: 0 }, end: { line, character: 0 } };
  return { range, command: { title, command, ...(argument === undefined ? {} : { arguments: [argument] }) } };
}
