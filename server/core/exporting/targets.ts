import type { FormatId } from "../formats/format";

/** A format that an export can write. A plain corpus is none: it has no queries. */
export type TargetFormat = Exclude<FormatId, "corpus"> | "margin-mse";

export type FolderFormat = "beir" | "margin-mse";
/** A format that is one file of rows. */
export type RowFormat = Exclude<TargetFormat, FolderFormat>;

export interface ExportTarget {
  readonly id: TargetFormat;
  readonly label: string;
  /** What a row is, in one line. */
  readonly detail: string;
  /** Ending of a suggested file name; a folder where it is empty. */
  readonly extension: string;
}

export const exportTargets: readonly ExportTarget[] = [
  { id: "flagembedding", label: "FlagEmbedding", detail: "One row a query: query, pos, neg.", extension: ".jsonl" },
  {
    id: "st-triplet",
    label: "sentence-transformers triplet",
    detail: "One row for each positive and negative: anchor, positive, negative.",
    extension: ".jsonl",
  },
  {
    id: "st-n-tuple",
    label: "sentence-transformers n-tuple",
    detail: "One row a positive: anchor, positive, negative_1 to negative_n. Queries with fewer than n negatives are left out and counted.",
    extension: ".jsonl",
  },
  {
    id: "st-labeled-pair",
    label: "sentence-transformers labeled pair",
    detail: "One row a passage: anchor, passage, label 1 or 0.",
    extension: ".jsonl",
  },
  {
    id: "st-labeled-list",
    label: "sentence-transformers labeled list",
    detail: "One row a query: query, docs, labels.",
    extension: ".jsonl",
  },
  {
    id: "st-pair",
    label: "sentence-transformers pair",
    detail: "One row a positive: anchor, positive. Carries no negatives.",
    extension: ".jsonl",
  },
  {
    id: "tevatron",
    label: "Tevatron inline",
    detail: "One row a query: query_id, query, positive_passages, negative_passages.",
    extension: ".jsonl",
  },
  {
    id: "beir",
    label: "BEIR folder",
    detail: "corpus.jsonl, queries.jsonl, qrels/<split>.tsv; negatives are rows with score 0.",
    extension: "",
  },
  {
    id: "margin-mse",
    label: "MarginMSE folder, as GPL has it",
    detail:
      "gpl-training-data.tsv (query, positive, negative, margin of a teacher's scores) with the corpus and queries that its ids name.",
    extension: "",
  },
];

export function isRowFormat(format: TargetFormat): format is RowFormat {
  return format !== "beir" && format !== "margin-mse";
}

export function isTarget(format: string): format is TargetFormat {
  return exportTargets.some(({ id }) => id === format);
}

/** The format an export has where nobody asks for another: the data set's own, and FlagEmbedding for a BEIR folder. */
export function defaultTarget(format: FormatId): TargetFormat {
  return format === "beir" || format === "corpus" ? "flagembedding" : format;
}
