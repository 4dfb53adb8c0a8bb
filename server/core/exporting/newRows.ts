import { bodyOf } from "./exportQuery";
import type { ExportPassage, ExportQuery } from "./exportQuery";
import { arrayText, objectText, quoted } from "./jsonText";
import type { RowLayout } from "./rowLayout";
import { scoreText } from "./scoreText";
import type { TargetFormat } from "./targets";

/**
 * The rows of one query in a format, each one line of JSON without its line feed, in sentence-transformers' order. None where the format
 * cannot carry the query. A score that is not known is null; FlagEmbedding's scores are all there or not at all.
 */
export function newRows(format: Exclude<TargetFormat, "beir">, query: ExportQuery, layout: RowLayout): readonly string[] {
  if (query.leftOut !== undefined || query.positives.length === 0) return [];
  return rowMakers[format](query, layout);
}

/** Whether every passage of a query has a score. */
export function hasAllScores({ positives, negatives }: Pick<ExportQuery, "positives" | "negatives">): boolean {
  return [...positives, ...negatives].every(({ score }) => Number.isFinite(score));
}

type RowMaker = (query: ExportQuery, layout: RowLayout) => readonly string[];
type Member = readonly [name: string, json: string];

const rowMakers: Readonly<Record<Exclude<TargetFormat, "beir">, RowMaker>> = {
  flagembedding: (query, { outputScores = false }) => {
    const { text, positives, negatives } = query;
    const scores: readonly Member[] = [
      ["pos_scores", scoreList(positives)],
      ["neg_scores", scoreList(negatives)],
    ];
    return [
      objectText([
        ["query", quoted(text)],
        ["pos", texts(positives)],
        ["neg", texts(negatives)],
        ...(outputScores && hasAllScores(query) ? scores : []),
      ]),
    ];
  },
  "st-pair": ({ text, positives }, layout) => positives.map((positive) => objectText(pairOf(text, positive, layout))),
  "st-triplet": ({ text, positives, negatives }, layout) =>
    positives.flatMap((positive) =>
      negatives.map((negative) =>
        objectText([...pairOf(text, positive, layout), ["negative", quoted(negative.text)], ...scoresColumn(layout, [positive, negative])]),
      ),
    ),
  "st-n-tuple": ({ text, positives, negatives }, layout) => {
    const taken = negatives.slice(0, layout.numNegatives);
    if (taken.length < layout.numNegatives) return [];
    const columns = taken.map((negative, i): Member => [`negative_${String(i + 1)}`, quoted(negative.text)]);
    return positives.map((positive) =>
      objectText([...pairOf(text, positive, layout), ...columns, ...scoresColumn(layout, [positive, ...taken])]),
    );
  },
  "st-labeled-pair": ({ text, positives, negatives }, layout) => {
    const { anchor = "anchor", positive = layout.compat === true ? "positive" : "passage" } = layout.columns ?? {};
    const row = (passage: ExportPassage, label: string): string =>
      objectText([
        [anchor, quoted(text)],
        [positive, quoted(passage.text)],
        layout.outputScores === true ? ["score", scoreText(passage.score)] : ["label", label],
      ]);
    return [...positives.map((passage) => row(passage, "1")), ...negatives.map((passage) => row(passage, "0"))];
  },
  "st-labeled-list": (query, layout) => {
    const { positives, negatives } = query;
    if (negatives.length === 0) return [];
    const lists = layout.compat === true ? positives.map((positive) => [positive]) : [positives];
    return lists.map((listed) => labeledList(query, listed, layout));
  },
  tevatron: ({ id, text, positives, negatives }) => [
    objectText([
      ["query_id", quoted(id)],
      ["query", quoted(text)],
      ["positive_passages", arrayText(positives.map((passage) => tevatronPassage(passage, quoted)))],
      ["negative_passages", arrayText(negatives.map((passage) => tevatronPassage(passage, quoted)))],
    ]),
  ],
};

function labeledList({ text, negatives }: ExportQuery, positives: readonly ExportPassage[], layout: RowLayout): string {
  const { columns = {}, compat = false, outputScores = false } = layout;
  const passages = [...positives, ...negatives];
  const labels = arrayText([...positives.map(() => "1"), ...negatives.map(() => "0")]);
  return objectText([
    [columns.anchor ?? (compat ? "anchor" : "query"), quoted(text)],
    [columns.passages ?? (compat ? (columns.positive ?? "positive") : "docs"), texts(passages)],
    outputScores ? ["scores", scoreList(passages)] : ["labels", labels],
  ]);
}

/** A passage as Tevatron's inline format has it, with title and text apart. */
export function tevatronPassage(passage: ExportPassage, quote: (text: string) => string): string {
  return objectText([
    ["docid", quote(passage.id)],
    ["title", quote(passage.title ?? "")],
    ["text", quote(bodyOf(passage))],
  ]);
}

function pairOf(text: string, positive: ExportPassage, { columns = {} }: RowLayout): readonly Member[] {
  return [
    [columns.anchor ?? "anchor", quoted(text)],
    [columns.positive ?? "positive", quoted(positive.text)],
  ];
}

function scoresColumn({ outputScores = false }: RowLayout, passages: readonly ExportPassage[]): readonly Member[] {
  return outputScores ? [["scores", scoreList(passages)]] : [];
}

/** Scores as a JSON list. */
export function scoreList(passages: readonly { readonly score: number }[]): string {
  return arrayText(passages.map(({ score }) => scoreText(score)));
}

function texts(passages: readonly ExportPassage[]): string {
  return arrayText(passages.map(({ text }) => quoted(text)));
}
