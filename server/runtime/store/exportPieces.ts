import path from "node:path";
import { documentWithId } from "#core/collection/lookups";
import { queriesByLine } from "#core/collection/usage";
import { newQrels, QrelsExport } from "#core/exporting/qrelsExport";
import { qrelsRows } from "#core/exporting/beirFiles";
import type { MinedSet } from "#core/exporting/mineForExport";
import { NativeExport, noRecords } from "#core/exporting/nativeExport";
import type { RecordCounts, SourceRow } from "#core/exporting/nativeExport";
import type { ExportQuery, NegativesMode } from "#core/exporting/exportQuery";
import { newRows } from "#core/exporting/newRows";
import type { NewRow } from "#core/exporting/newRows";
import { carriesScores, isMadeAnew, ownColumns } from "#core/exporting/rowLayout";
import type { OwnColumns, RowLayout } from "#core/exporting/rowLayout";
import { isRowFormat } from "#core/exporting/targets";
import type { RowFormat, TargetFormat } from "#core/exporting/targets";
import { isRelevant, parseQrels } from "#core/formats/qrels";
import { formatById } from "#core/formats/registry";
import { readRow } from "#core/jsonl/readRecord";
import type { LoadedDataset } from "#core/session/loadedDataset";
import type { Failure } from "#core/util/failure";
import { err } from "#core/util/result";
import { fileLines, readAllLines } from "./fileSource";
import type { FileFacts } from "./fileSource";

/** Stops a writing that has begun because of something expected, so that the half-written file is taken away again. */
export class WritingStopped extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** The mined data set as it is now, and what is known of its training file. */
export interface ExportSource {
  readonly dataset: LoadedDataset;
  readonly mined: MinedSet;
  readonly layout: RowLayout;
  readonly negatives: NegativesMode;
}

/** The content of one file, and what becomes known while it is written. */
export interface ExportContent {
  readonly pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;
  readonly counts: RecordCounts;
  /** Size and hash of the source file that was read for it, once everything is written. */
  facts?: FileFacts;
}

/** Whether the format is the training file's own, so that its records are kept and not made anew. */
export function isNative(dataset: LoadedDataset, format: TargetFormat): boolean {
  return dataset.kind === "beir" ? format === "beir" : isRowFormat(format) && dataset.files[0]?.format === format;
}

/** Whether the user's own records are kept and rewritten by span: the format is theirs, and nothing asks for rows of another layout. */
export function keepsRecords({ dataset, layout, negatives }: Omit<ExportSource, "mined">, format: TargetFormat): boolean {
  return isNative(dataset, format) && !isMadeAnew(format, layout, negatives);
}

/** The rows of a format that is one file. Pieces throw `WritingStopped`. */
export function rowContent(source: ExportSource, format: RowFormat): ExportContent {
  return keepsRecords(source, format) ? nativeContent(source) : newContent(source, format);
}

/** The rows of `qrels/<split>.tsv`: the user's own where there are some. */
export function qrelsContent(source: ExportSource): ExportContent {
  return source.dataset.kind === "beir" ? nativeQrels(source) : fromLines(newQrelsLines(source));
}

function newContent(source: ExportSource, format: RowFormat): ExportContent {
  const counts = noRecords();
  const pieces = async function* (): AsyncGenerator<string> {
    const columns = isMadeAnew(format, source.layout, source.negatives) ? await sourceColumns(source.dataset) : undefined;
    const layout = columns === undefined ? source.layout : { ...source.layout, columns };
    const wantsScores = layout.outputScores === true && carriesScores(format);
    // Records of FlagEmbedding can do without scores; a column cannot.
    const wantsAll = wantsScores && layout.teacherScores === true && format !== "flagembedding";
    for (const query of source.mined.queries) {
      const made = newRows(format, query, layout);
      const rows = wantsAll ? made.filter(({ isScored }) => isScored) : made;
      counts.records += rows.length;
      counts.added += rows.length;
      if (wantsAll) counts.negativesLeftOut += leftOutOf(query, rows);
      if (rows.length === 0) counts.dropped += 1;
      if (wantsScores) counts.scoresUnknown += made.filter(({ isScored }) => !isScored).length;
      for (const { text } of rows) yield `${text}\n`;
    }
  };
  return { counts, pieces: pieces() };
}

/** How many of a query's negatives stand in none of the rows. */
function leftOutOf({ leftOut, negatives }: ExportQuery, rows: readonly NewRow[]): number {
  const written = new Set(rows.flatMap(({ passages }) => passages));
  return leftOut === undefined ? negatives.filter((negative) => !written.has(negative)).length : 0;
}

/** The column names of the training file, from its first record, where its rows are columns of texts as sentence-transformers has them. */
async function sourceColumns({ files: [training] }: LoadedDataset): Promise<OwnColumns | undefined> {
  if (training?.format.startsWith("st-") !== true) return undefined;
  const format = formatById(training.format);
  const slices = fileLines(training.path);
  try {
    for (;;) {
      const next = await slices.next();
      if (next.done === true) {
        if (!next.value.ok) throw new WritingStopped(next.value.failure);
        return undefined;
      }
      const records = next.value.map(({ text }) => readRow(text, format).record);
      const first = records.find((record) => record?.query !== undefined && record.positives.length > 0);
      if (first !== undefined) return ownColumns(first);
    }
  } finally {
    await slices.return(err({ reason: "cancelled", message: "The first record is enough." }));
  }
}

function newQrelsLines(source: ExportSource): { readonly counts: RecordCounts; readonly lines: Iterable<string> } {
  const counts = noRecords();
  const rows = source.mined.queries.map(qrelsRows);
  counts.added = counts.records = rows.reduce((sum, group) => sum + group.length, 0);
  return { counts, lines: newQrels(rows) };
}

function fromLines({ counts, lines }: { readonly counts: RecordCounts; readonly lines: Iterable<string> }): ExportContent {
  const pieces = function* (): Generator<string> {
    for (const line of lines) yield `${line}\n`;
  };
  return { counts, pieces: pieces() };
}

function nativeContent(source: ExportSource): ExportContent {
  const { dataset, mined } = source;
  const { collection } = mined;
  const [training] = dataset.files;
  if (training === undefined) throw new Error("a data set without a file");
  const byLine = queriesByLine(collection, collection.files.indexOf(training.path));
  const exporter = new NativeExport({
    format: formatById(training.format),
    queryAtLine: (line) => byLine.get(line),
    linesOf: (query) => collection.queries[query]?.lines ?? [],
    exported: (query) => mined.queries[query],
    outputScores: source.layout.outputScores ?? false,
    teacherScores: source.layout.teacherScores ?? false,
  });
  const check = (facts: FileFacts): void => {
    const stale = !training.open && training.sha256 !== facts.sha256;
    if (stale || exporter.mismatch !== undefined || exporter.matched !== byLine.size)
      throw new WritingStopped(changed(training.path, exporter.mismatch));
  };
  return fromSource(training.path, (row) => exporter.row(row), exporter.counts, check);
}

function nativeQrels(source: ExportSource): ExportContent {
  const { dataset, mined } = source;
  const { qrels } = dataset;
  if (qrels === undefined) throw new Error("a BEIR data set without qrels");
  const content: ExportContent = { counts: noRecords(), pieces: [] };
  const pieces = async function* (): AsyncGenerator<string | Uint8Array> {
    const lines = await readAllLines(qrels.path);
    if (!lines.ok) throw new WritingStopped(lines.failure);
    const exporter = new QrelsExport(qrelsSource(lines.value.lines, mined));
    const inner = fromSource(
      qrels.path,
      (row) => exporter.row(row),
      exporter.counts,
      (facts) => {
        if (facts.sha256 !== qrels.sha256) throw new WritingStopped(changed(qrels.path, undefined));
      },
    );
    yield* inner.pieces;
    Object.assign(content.counts, exporter.counts);
    if (inner.facts !== undefined) content.facts = inner.facts;
  };
  return Object.assign(content, { pieces: pieces() });
}

function qrelsSource(lines: readonly SourceRow[], mined: MinedSet): ConstructorParameters<typeof QrelsExport>[0] {
  const { collection } = mined;
  const queryOfId = new Map(collection.queries.map(({ id }, index) => [id, index]));
  const judgements = new Map<number, { readonly query: number; readonly document: string; readonly relevant: boolean }>();
  const lastLines = new Map<number, number>();
  for (const row of parseQrels(lines.map(({ text }) => text)).rows) {
    const query = queryOfId.get(row.queryId);
    const document = documentWithId(collection, row.docId);
    if (query === undefined || document === undefined) continue;
    judgements.set(row.line + 1, { query, document: collection.documents[document]?.text ?? "", relevant: isRelevant(row) });
    lastLines.set(query, row.line + 1);
  }
  return {
    judgementAtLine: (line) => judgements.get(line),
    lastLineOf: (query) => lastLines.get(query),
    exported: (query) => mined.queries[query],
  };
}

/** Runs a source file through `row`. A line feed goes before each line but the first, so that the last line ends as it did. */
function fromSource(
  file: string,
  row: (row: SourceRow) => readonly (string | Uint8Array)[],
  counts: RecordCounts,
  check: (facts: FileFacts) => void,
): ExportContent {
  const content: ExportContent = { counts, pieces: [] };
  const pieces = async function* (): AsyncGenerator<string | Uint8Array> {
    let first = true;
    const slices = fileLines(file);
    for (;;) {
      const next = await slices.next();
      if (next.done === true) {
        if (!next.value.ok) throw new WritingStopped(next.value.failure);
        check(next.value.value);
        content.facts = next.value.value;
        if (next.value.value.finalNewline && !first) yield "\n";
        return;
      }
      for (const source of next.value) {
        for (const line of row(source)) {
          if (!first) yield "\n";
          first = false;
          yield line;
        }
      }
    }
  };
  return Object.assign(content, { pieces: pieces() });
}

function changed(file: string, line: number | undefined): Failure {
  return {
    reason: "superseded",
    message: `${path.basename(file)} on disk is not what was mined: it has unsaved changes, or was changed meanwhile.`,
    nextStep: "Save it, then export again.",
    place: line === undefined ? { file } : { file, line },
  };
}
