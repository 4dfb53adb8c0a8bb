import { createReadStream } from "node:fs";
import path from "node:path";
import { beirCorpusLines, beirQueryLine, qrelsRow, QRELS_HEADER } from "#core/exporting/beirFiles";
import type { ExportQuery } from "#core/exporting/exportQuery";
import { hardNegativesLine, marginRows, shuffledRows } from "#core/exporting/marginRows";
import { noRecords } from "#core/exporting/nativeExport";
import type { FolderFormat } from "#core/exporting/targets";
import type { Pieces } from "./atomicWrite";
import { qrelsContent, WritingStopped } from "./exportPieces";
import type { ExportContent, ExportSource } from "./exportPieces";

/** The files of an export that is a folder. */
export interface FolderContent {
  /** Of the file whose records are counted. */
  readonly content: ExportContent;
  /** Names within the folder, in the order in which they are written. */
  readonly files: readonly (readonly [name: string, pieces: Pieces])[];
}

/** The files of a format that is a folder. Pieces throw `WritingStopped`. */
export function folderContent(source: ExportSource, format: FolderFormat): FolderContent {
  return format === "beir" ? beirFolder(source) : marginFolder(source);
}

/** Corpus and queries of a BEIR folder are copied as they are; those of another data set are made. */
function beirFolder(source: ExportSource): FolderContent {
  const { dataset, mined } = source;
  const content = qrelsContent(source);
  const corpus = dataset.files.find(({ role }) => role === "corpus");
  if (dataset.kind === "beir" && corpus !== undefined) {
    const qrels = path.basename(dataset.qrels?.path ?? "").replace(/\.gz$/i, "");
    const files = [
      [path.basename(corpus.path), createReadStream(corpus.path)],
      [path.basename(dataset.queryFile), createReadStream(dataset.queryFile)],
      [path.join("qrels", qrels), content.pieces],
    ] as const;
    return { content, files };
  }
  const files = [
    ["corpus.jsonl", withLineFeeds(beirCorpusLines(mined.collection))],
    ["queries.jsonl", withLineFeeds(keptQueries(source).map(beirQueryLine))],
    [path.join("qrels", "train.tsv"), content.pieces],
  ] as const;
  return { content, files };
}

/**
 * The folder that GPL trains from (`gpl.train --path_to_generated_data`), under the names that it looks for: what it finds there it does not make
 * itself. All ids are those of the corpus and the queries beside them.
 */
function marginFolder(source: ExportSource): FolderContent {
  const queries = keptQueries(source);
  const counts = noRecords();
  const rows: string[] = [];
  for (const query of queries) {
    const margins = marginRows(query);
    rows.push(...margins.rows);
    counts.scoresUnknown += margins.unknown;
    counts.negativesLeftOut += margins.negativesLeftOut;
  }
  if (rows.length === 0) throw new WritingStopped(noMargins);
  counts.records = counts.added = rows.length;
  const positives = queries.flatMap(({ id, positives: ofQuery }) => ofQuery.map((positive) => qrelsRow(id, positive.id, 1)));
  const content = { counts, pieces: withLineFeeds(shuffledRows(rows)) };
  const files = [
    ["corpus.jsonl", withLineFeeds(beirCorpusLines(source.mined.collection))],
    ["qgen-queries.jsonl", withLineFeeds(queries.map(beirQueryLine))],
    [path.join("qgen-qrels", "train.tsv"), withLineFeeds([QRELS_HEADER, ...positives])],
    ["hard-negatives.jsonl", withLineFeeds(queries.filter(({ negatives }) => negatives.length > 0).map(hardNegativesLine))],
    ["gpl-training-data.tsv", content.pieces],
  ] as const;
  return { content, files };
}

const noMargins = {
  reason: "not-ready",
  message: "No emitted pair of a positive and a negative has two scores, so that there is no margin to write.",
  nextStep: 'Ask a model about more queries in the view "Second opinions" or by nearmiss label.',
} as const;

function keptQueries({ mined }: ExportSource): readonly ExportQuery[] {
  return mined.queries.filter(({ leftOut, positives }) => leftOut === undefined && positives.length > 0);
}

function* withLineFeeds(lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield `${line}\n`;
}
