import { buildCollection, type CollectionFile, type FileRole, type Qrel } from "#core/collection/buildCollection";
import type { Collection } from "#core/collection/collection";
import type { RecordPassage } from "#core/formats/format";
import type { PassageFields } from "#core/formats/passageFields";
import { sha256 } from "./sha256";

/** A passage as a test writes it: a text, or an id and a text, with other fields or without. */
export type PassageSpec = string | readonly [id: string, text: string, fields?: PassageFields];

export interface RowSpec {
  readonly id?: string;
  readonly query?: string;
  readonly pos?: readonly PassageSpec[];
  readonly neg?: readonly PassageSpec[];
  readonly docs?: readonly PassageSpec[];
}

export function passage(spec: PassageSpec): RecordPassage {
  if (typeof spec === "string") return { text: spec, path: [] };
  const [id, text, fields] = spec;
  return { id, text, path: [], ...(fields === undefined ? {} : { fields }) };
}

export function file(name: string, role: FileRole, rows: readonly RowSpec[]): CollectionFile {
  return {
    name,
    role,
    rows: rows.map(({ id, query, pos, neg, docs }, index) => ({
      line: index + 1,
      record: {
        ...(query === undefined ? {} : { query: { text: query, path: [], ...(id === undefined ? {} : { id }) } }),
        positives: (pos ?? []).map(passage),
        negatives: (neg ?? []).map(passage),
        documents: (docs ?? []).map(passage),
      },
    })),
  };
}

export function training(rows: readonly RowSpec[]): Collection {
  return buildCollection({ files: [file("train.jsonl", "training", rows)] }, sha256);
}

export function withCorpus(rows: readonly RowSpec[], corpus: readonly PassageSpec[]): Collection {
  const files = [
    file("train.jsonl", "training", rows),
    file(
      "corpus.jsonl",
      "corpus",
      corpus.map((spec) => ({ docs: [spec] })),
    ),
  ];
  return buildCollection({ files }, sha256);
}

export function beir(queries: readonly RowSpec[], corpus: readonly PassageSpec[], qrels: readonly Qrel[]): Collection {
  const files = [
    file(
      "corpus.jsonl",
      "corpus",
      corpus.map((spec) => ({ docs: [spec] })),
    ),
    file("queries.jsonl", "queries", queries),
  ];
  return buildCollection({ files, qrels }, sha256);
}

/** The collection in short: documents by id, queries with the ids of their passages. */
export function inShort(collection: Collection): readonly string[] {
  const ids = (documents: readonly number[]): string => documents.map((document) => collection.documents[document]?.text ?? "?").join(", ");
  return [
    ...collection.documents.map(
      ({ text, group, file: at, line, minable }) =>
        `document ${JSON.stringify(text)} group ${String(group)} from ${collection.files[at] ?? "?"}:${String(line)}${minable ? "" : " not minable"}`,
    ),
    ...collection.queries.map(
      ({ text, positives, negatives, twinPositives, lines, group }) =>
        `query ${JSON.stringify(text)} on ${lines.join(", ")}: + ${ids(positives)} - ${ids(negatives)}${
          twinPositives.length === 0 ? "" : ` twin + ${ids(twinPositives)}`
        }${group === -1 ? "" : ` group ${String(group)}`}`,
    ),
  ];
}
