import type { Collection } from "../collection/collection";
import { bodyOf } from "./exportQuery";
import type { ExportQuery } from "./exportQuery";
import { objectText, quoted } from "./jsonText";

/** Lines of `corpus.jsonl` for a data set that is not a BEIR folder: every passage with a text, in the order of the data. */
export function* beirCorpusLines(collection: Collection): Generator<string> {
  for (const document of collection.documents) {
    const { id, text, title } = document;
    if (!document.minable) continue;
    const body = bodyOf({ id, text, score: Number.NaN, ...(title === undefined ? {} : { title }) });
    yield objectText([
      ["_id", quoted(id)],
      ["title", quoted(title ?? "")],
      ["text", quoted(body)],
    ]);
  }
}

/** The line of `queries.jsonl` for a query. */
export function beirQueryLine(query: Pick<ExportQuery, "id" | "text">): string {
  return objectText([
    ["_id", quoted(query.id)],
    ["text", quoted(query.text)],
  ]);
}

export const QRELS_HEADER = "query-id\tcorpus-id\tscore";

/** Rows of `qrels/<split>.tsv` for a query: positives with score 1, negatives with score 0, which evaluation reads as not relevant. */
export function qrelsRows(query: ExportQuery): readonly string[] {
  if (query.leftOut !== undefined) return [];
  return [...query.positives.map(({ id }) => qrelsRow(query.id, id, 1)), ...query.negatives.map(({ id }) => qrelsRow(query.id, id, 0))];
}

export function qrelsRow(query: string, document: string, score: 0 | 1): string {
  return `${idField(query)}\t${idField(document)}\t${String(score)}`;
}

/** A tab or line end inside an id would move the columns; ids in the data that hold one cannot have come from a qrels file. */
export function idField(id: string): string {
  return id.replace(/[\t\r\n]/g, " ");
}
