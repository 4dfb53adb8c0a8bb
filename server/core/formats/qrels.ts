import { relevanceOf } from "./relevance";

/** One judgement of a qrels file. */
export interface QrelsRow {
  readonly queryId: string;
  readonly docId: string;
  /** 1 and above is relevant, 0 is not relevant, below 0 says neither. */
  readonly score: number;
  /** Zero-based. */
  readonly line: number;
}

export interface QrelsProblem {
  /** Zero-based. */
  readonly line: number;
  readonly message: string;
}

export interface Qrels {
  /** In the order of the file. */
  readonly rows: readonly QrelsRow[];
  /** Lines that could not be read. */
  readonly problems: readonly QrelsProblem[];
  /** How many rows are neither relevant nor not relevant: their score is below 0, or between 0 and 1. */
  readonly neither: number;
}

/**
 * Reads qrels: BEIR's table `query-id corpus-id score` with its header, and TREC's four columns `query iteration document
 * relevance` without one. Columns are cut at tabs, in TREC's form at any white space.
 */
export function parseQrels(lines: Iterable<string>): Qrels {
  const rows: QrelsRow[] = [];
  const problems: QrelsProblem[] = [];
  let neither = 0;
  let line = -1;
  for (const text of lines) {
    line++;
    const content = line === 0 ? text.replace(/^\uFEFF/, "") : text;
    if (content.trim() === "" || (line === 0 && isHeader(content))) continue;
    const row = readRow(content, line);
    if (typeof row === "string") {
      problems.push({ line, message: row });
    } else {
      rows.push(row);
      if (relevanceOf(row.score) === "neither") neither++;
    }
  }
  return { rows, problems, neither };
}

/** Whether a row says that the document answers the query. */
export function isRelevant(row: QrelsRow): boolean {
  return relevanceOf(row.score) === "positive";
}

function isHeader(text: string): boolean {
  return /^["']?query[-_]?id\b/i.test(text);
}

/** The row, or what is wrong with it. */
function readRow(text: string, line: number): QrelsRow | string {
  const cells = splitCells(text);
  if (cells.length !== 3 && cells.length !== 4) {
    return `The row has ${String(cells.length)} columns; qrels have three (query, document, score) or four (query, iteration, document, relevance).`;
  }
  const [queryId, docId, score] = cells.length === 3 ? cells : [cells[0], cells[2], cells[3]];
  if (queryId === undefined || queryId === "") return "The row names no query.";
  if (docId === undefined || docId === "") return "The row names no document.";
  const number = score === undefined || score === "" ? Number.NaN : Number(score);
  if (!Number.isFinite(number)) return `The score ${JSON.stringify((score ?? "").slice(0, 40))} is not a number.`;
  return { queryId, docId, score: number, line };
}

function splitCells(text: string): readonly string[] {
  const cells = text.split("\t").map((cell) => cell.trim());
  return cells.length > 1 ? cells : text.trim().split(/\s+/);
}
