import { bodyOf } from "./exportQuery";
import type { ExportPassage, ExportQuery } from "./exportQuery";
import { arrayText, objectText, quoted } from "./jsonText";
import type { TargetFormat } from "./targets";

export interface NewRowOptions {
  /** Number of negatives wanted for each query: the n of n-tuples. */
  readonly numNegatives: number;
}

/** The rows of one query in a format, each one line of JSON without its line feed. None where the format cannot carry the query. */
export function newRows(format: Exclude<TargetFormat, "beir">, query: ExportQuery, options: NewRowOptions): readonly string[] {
  if (query.leftOut !== undefined || query.positives.length === 0) return [];
  return rowMakers[format](query, options);
}

type RowMaker = (query: ExportQuery, options: NewRowOptions) => readonly string[];

const rowMakers: Readonly<Record<Exclude<TargetFormat, "beir">, RowMaker>> = {
  flagembedding: ({ text, positives, negatives }) => [
    objectText([
      ["query", quoted(text)],
      ["pos", texts(positives)],
      ["neg", texts(negatives)],
    ]),
  ],
  "st-pair": ({ text, positives }) =>
    positives.map((positive) =>
      objectText([
        ["anchor", quoted(text)],
        ["positive", quoted(positive.text)],
      ]),
    ),
  "st-triplet": ({ text, positives, negatives }) =>
    positives.flatMap((positive) =>
      negatives.map((negative) =>
        objectText([
          ["anchor", quoted(text)],
          ["positive", quoted(positive.text)],
          ["negative", quoted(negative.text)],
        ]),
      ),
    ),
  "st-n-tuple": ({ text, positives, negatives }, { numNegatives }) =>
    negatives.length < numNegatives
      ? []
      : positives.map((positive) =>
          objectText([
            ["anchor", quoted(text)],
            ["positive", quoted(positive.text)],
            ...negatives.slice(0, numNegatives).map((negative, i) => [`negative_${String(i + 1)}`, quoted(negative.text)] as const),
          ]),
        ),
  "st-labeled-pair": ({ text, positives, negatives }) => {
    const row = (passage: ExportPassage, label: string): string =>
      objectText([
        ["anchor", quoted(text)],
        ["passage", quoted(passage.text)],
        ["label", label],
      ]);
    return [...positives.map((passage) => row(passage, "1")), ...negatives.map((passage) => row(passage, "0"))];
  },
  "st-labeled-list": ({ text, positives, negatives }) =>
    negatives.length === 0
      ? []
      : [
          objectText([
            ["query", quoted(text)],
            ["docs", texts([...positives, ...negatives])],
            ["labels", arrayText([...positives.map(() => "1"), ...negatives.map(() => "0")])],
          ]),
        ],
  tevatron: ({ id, text, positives, negatives }) => [
    objectText([
      ["query_id", quoted(id)],
      ["query", quoted(text)],
      ["positive_passages", arrayText(positives.map((passage) => tevatronPassage(passage, quoted)))],
      ["negative_passages", arrayText(negatives.map((passage) => tevatronPassage(passage, quoted)))],
    ]),
  ],
};

/** A passage as Tevatron's inline format has it, with title and text apart. */
export function tevatronPassage(passage: ExportPassage, quote: (text: string) => string): string {
  return objectText([
    ["docid", quote(passage.id)],
    ["title", quote(passage.title ?? "")],
    ["text", quote(bodyOf(passage))],
  ]);
}

function texts(passages: readonly ExportPassage[]): string {
  return arrayText(passages.map(({ text }) => quoted(text)));
}
