import { seededRandom, shuffledRange } from "../util/random";
import { itemAt } from "../util/itemAt";
import { idField } from "./beirFiles";
import type { ExportQuery } from "./exportQuery";
import { arrayText, objectText, quoted } from "./jsonText";
import { scoreText } from "./scoreText";

/** Margins of one query. */
export interface MarginRows {
  readonly rows: readonly string[];
  /** Pairs of a positive and a negative that have no margin, since the score of one is not known. */
  readonly unknown: number;
  /** Negatives that are in no row. */
  readonly negativesLeftOut: number;
}

/**
 * Rows of GPL's `gpl-training-data.tsv` (Wang et al. 2022): query, positive, negative and score(positive) - score(negative), parted by tabs,
 * without a header. MarginMSE makes the model's difference of scores the same.
 */
export function marginRows({ id, positives, negatives, leftOut }: ExportQuery): MarginRows {
  if (leftOut !== undefined) return { rows: [], unknown: 0, negativesLeftOut: 0 };
  const margins = positives.flatMap((positive) =>
    negatives.map((negative) => ({ ids: [id, positive.id, negative.id].map(idField), negative, margin: positive.score - negative.score })),
  );
  const known = margins.filter(({ margin }) => Number.isFinite(margin));
  return {
    rows: known.map(({ ids, margin }) => [...ids, scoreText(margin)].join("\t")),
    unknown: margins.length - known.length,
    negativesLeftOut: negatives.length - new Set(known.map(({ negative }) => negative)).size,
  };
}

/** Rows in an order drawn always in the same way: GPL takes them as they come, and rows of one query must not fill a batch. */
export function shuffledRows(rows: readonly string[]): readonly string[] {
  return Array.from(shuffledRange(rows.length, seededRandom("margins")), (i) => itemAt(rows, i));
}

/** A line of GPL's `hard-negatives.jsonl`: ids of the positives and of the negatives, by what found them. */
export function hardNegativesLine({ id, positives, negatives }: ExportQuery): string {
  const ids = (passages: ExportQuery["positives"]): string => arrayText(passages.map((passage) => quoted(passage.id)));
  return objectText([
    ["qid", quoted(id)],
    ["pos", ids(positives)],
    ["neg", objectText([["nearmiss", ids(negatives)]])],
  ]);
}
