import type { Collection } from "../collection/collection";
import type { MinedForExport } from "./exportQuery";

/**
 * One query of `--detail` as a line of JSON without its line feed: its positives in force, and every candidate with its fate. Scores
 * have six decimals; one that is unknown is null, since JSON has no NaN.
 */
export function detailLine(mined: MinedForExport, collection: Collection): string {
  const { pool, decision } = mined;
  const query = collection.queries[mined.query];
  if (query === undefined) throw new RangeError(`no query ${String(mined.query)}`);
  const positives = pool.positives.map((document, i) => ({
    doc_id: collection.documents[document]?.id ?? "",
    score: rounded(decision.positiveScores[i] ?? Number.NaN),
  }));
  const candidates = decision.candidates.map(({ document, rank, score, source, kept, rule }) => {
    const { id, text } = collection.documents[document] ?? { id: "", text: "" };
    return { doc_id: id, text, rank, score: rounded(score), source, kept, rule };
  });
  return JSON.stringify({ query_id: query.id, query: query.text, positives, candidates });
}

/** Six decimals, and null for what is no number. */
export function rounded(score: number): number | null {
  return Number.isFinite(score) ? Number(score.toFixed(6)) + 0 : null;
}
