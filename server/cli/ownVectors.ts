import { normaliseText } from "#core/collection/textKey";
import { showText } from "#core/diagnostics/showText";
import type { RecordPassage, TrainingRecord } from "#core/formats/format";
import type { Side } from "#core/ports";
import type { LoadedDataset, LoadedFile } from "#core/session/loadedDataset";
import type { Failure } from "#core/util/failure";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { NpyFile } from "../runtime/vectors/npyFile";
import type { OwnVectors } from "./cliHost";

/**
 * Ties rows of vector files to texts: row i of the query vectors belongs to record i of the queries (lines that hold no record do not
 * count), row i of the corpus vectors to record i of the corpus. A passage of the training file has the row of the corpus record with
 * the same text, with or without its title. Without a separate corpus the corpus records are the passages of the training file, each
 * once, in the order in which they first appear.
 */
export function matchOwnVectors(dataset: LoadedDataset, files: Readonly<Record<Side, string>>): Result<OwnVectors> {
  const queryFile = dataset.files.find(({ path }) => path === dataset.queryFile);
  const corpusFile = dataset.files.find(({ role }) => role === "corpus");
  const queries = [...(queryFile?.rows ?? [])].map(({ record }) => [record.query?.text ?? ""]);
  const documents = corpusFile === undefined ? passagesOf(queryFile) : [...corpusFile.rows].map(({ record }) => namesOf(record));
  const named = corpusFile === undefined ? "different passages in the training file" : "records in the corpus";
  for (const [side, wanted, what] of [
    ["query", queries.length, "queries"],
    ["document", documents.length, named],
  ] as const) {
    const file = NpyFile.open(files[side]);
    if (!file.ok) return file;
    file.value.close();
    if (file.value.rows !== wanted) return err(wrongCount(files[side], file.value.rows, `${String(wanted)} ${what}`));
  }
  const rows = { query: firstPlaces(queries), document: firstPlaces(documents) };
  const rowless = firstRowless(queryFile, rows.document);
  if (rowless !== undefined) return err(rowless);
  return ok({ files, rowOf: (side, text) => rows[side].get(normaliseText(text)) });
}

/** A corpus record's text with its title, and without. */
function namesOf({ documents: [document] }: TrainingRecord): readonly string[] {
  if (document === undefined) return [];
  const { text, title } = document;
  return title !== undefined && text.startsWith(`${title} `) ? [text, text.slice(title.length + 1)] : [text];
}

function passagesOf(file: LoadedFile | undefined): readonly (readonly string[])[] {
  const texts = new Set<string>();
  for (const { record } of file?.rows ?? []) for (const { text } of passagesIn(record)) texts.add(text);
  return [...texts].map((text) => [text]);
}

function passagesIn(record: TrainingRecord): readonly RecordPassage[] {
  return [...record.positives, ...record.negatives, ...record.documents];
}

/** Whole names go before the shorter ones of earlier records. */
function firstPlaces(names: readonly (readonly string[])[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const position of [0, 1]) {
    for (const [i, own] of names.entries()) {
      const name = own[position];
      if (name === undefined) continue;
      const key = normaliseText(name);
      if (!places.has(key)) places.set(key, i);
    }
  }
  return places;
}

function firstRowless(file: LoadedFile | undefined, rows: ReadonlyMap<string, number>): Failure | undefined {
  for (const { line, record } of file?.rows ?? []) {
    for (const { text } of passagesIn(record)) {
      if (rows.has(normaliseText(text))) continue;
      return {
        reason: "bad-vectors",
        message: `The passage ${showText(text)} is not in the corpus, so the corpus vectors have no row for it.`,
        nextStep: "Add every passage of the training file to the corpus and its vectors.",
        place: { file: file?.path ?? "", line },
      };
    }
  }
  return undefined;
}

function wrongCount(file: string, rows: number, wanted: string): Failure {
  return {
    reason: "bad-vectors",
    message: `The file has ${String(rows)} ${rows === 1 ? "row" : "rows"}, but there are ${wanted}.`,
    nextStep: "Give one row for each record, in the order of the records.",
    place: { file },
  };
}
