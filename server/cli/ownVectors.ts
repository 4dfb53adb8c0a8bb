import type { Side } from "#core/ports";
import type { LoadedDataset, LoadedFile } from "#core/session/loadedDataset";
import { err, ok } from "#core/util/result";
import type { Result } from "#core/util/result";
import { readNpyFile } from "../runtime/vectors/npyFile";
import type { OwnVectors } from "./cliHost";

/**
 * Ties rows of vector files to texts: row i of the query vectors belongs to record i of the queries (lines that hold no record do not
 * count), row i of the corpus vectors to record i of the corpus. Without a separate corpus the corpus records are the passages of the
 * training file, each once, in the order in which they first appear.
 */
export async function matchOwnVectors(dataset: LoadedDataset, files: Readonly<Record<Side, string>>): Promise<Result<OwnVectors>> {
  const queryFile = dataset.files.find(({ path }) => path === dataset.queryFile);
  const corpusFile = dataset.files.find(({ role }) => role === "corpus");
  const texts: Readonly<Record<Side, readonly string[]>> = { query: queryTexts(queryFile), document: corpusFile === undefined ? passageTexts(queryFile) : documentTexts(corpusFile) };
  const rows = { query: firstPlaces(texts.query), document: firstPlaces(texts.document) };
  for (const side of ["query", "document"] as const) {
    const matrix = await readNpyFile(files[side]);
    if (!matrix.ok) return matrix;
    if (matrix.value.rows === texts[side].length) continue;
    const records = side === "query" ? "queries" : corpusFile === undefined ? "different passages" : "corpus records";
    return err({
      reason: "bad-vectors",
      message: `The file has ${String(matrix.value.rows)} rows, but there are ${String(texts[side].length)} ${records}.`,
      nextStep: "Give one row for each record, in the order of the records.",
      place: { file: files[side] },
    });
  }
  return ok({ files, rowOf: (side, text) => rows[side].get(text) });
}

function queryTexts(file: LoadedFile | undefined): readonly string[] {
  return [...(file?.rows ?? [])].map(({ record }) => record.query?.text ?? "");
}

function documentTexts(file: LoadedFile): readonly string[] {
  return [...file.rows].map(({ record }) => record.documents[0]?.text ?? "");
}

function passageTexts(file: LoadedFile | undefined): readonly string[] {
  const texts = new Set<string>();
  for (const { record } of file?.rows ?? []) for (const { text } of [...record.documents, ...record.positives, ...record.negatives]) texts.add(text);
  return [...texts];
}

function firstPlaces(texts: readonly string[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const [i, text] of texts.entries()) if (!places.has(text)) places.set(text, i);
  return places;
}
