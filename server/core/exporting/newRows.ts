import { bodyOf } from "./exportQuery";
import type { ExportPassage, ExportQuery } from "./exportQuery";
import { arrayText, objectText, quoted } from "./jsonText";
import type { RowLayout } from "./rowLayout";
import { scoreText } from "./scoreText";
import type { RowFormat } from "./targets";

/** One row of an export. */
export interface NewRow {
  /** One line of JSON without its line feed. */
  readonly text: string;
  readonly passages: readonly ExportPassage[];
  /** Whether the score of every passage in it is known. */
  readonly isScored: boolean;
}

/**
 * The rows of one query in a format, in sentence-transformers' order. None where the format cannot carry the query. A score that is not known
 * is null; FlagEmbedding's scores are all there or not at all.
 */
export function newRows(format: RowFormat, query: ExportQuery, layout: RowLayout): readonly NewRow[] {
  if (query.leftOut !== undefined || query.positives.length === 0) return [];
  return rowMakers[format](query, layout).map(([passages, members]) => ({
    text: objectText(members),
    passages,
    isScored: areScored(passages),
  }));
}

function areScored(passages: readonly ExportPassage[]): boolean {
  return passages.every(({ score }) => Number.isFinite(score));
}

type Member = readonly [name: string, json: string];
/** A row's passages, and what it is made of. */
type Row = readonly [passages: readonly ExportPassage[], members: readonly Member[]];
type RowMaker = (query: ExportQuery, layout: RowLayout) => readonly Row[];

const rowMakers: Readonly<Record<RowFormat, RowMaker>> = {
  flagembedding: ({ text, positives, negatives }, { outputScores = false }) => {
    const passages = [...positives, ...negatives];
    const scores: readonly Member[] = [
      ["pos_scores", scoreList(positives)],
      ["neg_scores", scoreList(negatives)],
    ];
    const members: readonly Member[] = [
      ["query", quoted(text)],
      ["pos", texts(positives)],
      ["neg", texts(negatives)],
    ];
    return [[passages, outputScores && areScored(passages) ? [...members, ...scores] : members]];
  },
  "st-pair": ({ text, positives }, layout) => positives.map((positive) => [[positive], pairOf(text, positive, layout)]),
  "st-triplet": ({ text, positives, negatives }, layout) =>
    positives.flatMap((positive) =>
      negatives.map((negative): Row => {
        const passages = [positive, negative];
        return [passages, [...pairOf(text, positive, layout), ["negative", quoted(negative.text)], ...scoresColumn(layout, passages)]];
      }),
    ),
  "st-n-tuple": ({ text, positives, negatives }, layout) => {
    const taken = negatives.slice(0, layout.numNegatives);
    if (taken.length < layout.numNegatives) return [];
    const columns = taken.map((negative, i): Member => [`negative_${String(i + 1)}`, quoted(negative.text)]);
    return positives.map((positive) => {
      const passages = [positive, ...taken];
      return [passages, [...pairOf(text, positive, layout), ...columns, ...scoresColumn(layout, passages)]];
    });
  },
  "st-labeled-pair": ({ text, positives, negatives }, layout) => {
    const { anchor = "anchor", positive = layout.compat === true ? "positive" : "passage" } = layout.columns ?? {};
    const row = (passage: ExportPassage, label: string): Row => [
      [passage],
      [
        [anchor, quoted(text)],
        [positive, quoted(passage.text)],
        layout.outputScores === true ? ["score", scoreText(passage.score)] : ["label", label],
      ],
    ];
    return [...positives.map((passage) => row(passage, "1")), ...negatives.map((passage) => row(passage, "0"))];
  },
  "st-labeled-list": (query, layout) => {
    const { positives, negatives } = query;
    if (negatives.length === 0) return [];
    const lists = layout.compat === true ? positives.map((positive) => [positive]) : [positives];
    return lists.map((listed) => labeledList(query, listed, layout));
  },
  tevatron: ({ id, text, positives, negatives }) => [
    [
      [...positives, ...negatives],
      [
        ["query_id", quoted(id)],
        ["query", quoted(text)],
        ["positive_passages", arrayText(positives.map((passage) => tevatronPassage(passage, quoted)))],
        ["negative_passages", arrayText(negatives.map((passage) => tevatronPassage(passage, quoted)))],
      ],
    ],
  ],
};

function labeledList({ text, negatives }: ExportQuery, positives: readonly ExportPassage[], layout: RowLayout): Row {
  const { columns = {}, compat = false, outputScores = false } = layout;
  const passages = [...positives, ...negatives];
  const labels = arrayText([...positives.map(() => "1"), ...negatives.map(() => "0")]);
  return [
    passages,
    [
      [columns.anchor ?? (compat ? "anchor" : "query"), quoted(text)],
      [columns.passages ?? (compat ? (columns.positive ?? "positive") : "docs"), texts(passages)],
      outputScores ? ["scores", scoreList(passages)] : ["labels", labels],
    ],
  ];
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
