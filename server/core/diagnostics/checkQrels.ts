import type { Qrels } from "../formats/qrels";
import { relevanceOf } from "../formats/relevance";
import { severityOf, type SeverityOverrides } from "./catalogue";
import type { Diagnostic } from "./diagnostic";
import { showText } from "./showText";

/** What a data set has, for judgements to point at. */
export interface KnownIds {
  hasQuery(id: string): boolean;
  hasDocument(id: string): boolean;
}

/** Checks a qrels file against its data set. Spans cover the whole row. */
export function checkQrels(
  qrels: Qrels,
  known: KnownIds,
  lineLength: (line: number) => number,
  overrides: SeverityOverrides,
): readonly Diagnostic[] {
  const severity = severityOf("HN302", overrides);
  if (severity === undefined) return [];
  const found: Diagnostic[] = [];
  const report = (line: number, message: string, as = severity): void => {
    found.push({ code: "HN302", severity: as, message, line, span: { start: 0, end: lineLength(line) }, related: [], fixes: [] });
  };
  for (const { line, message } of qrels.problems) report(line, message);
  for (const { line, queryId, docId } of qrels.rows) {
    if (!known.hasQuery(queryId)) report(line, `The query ${showText(queryId)} is not in the data set.`);
    if (!known.hasDocument(docId)) report(line, `The document ${showText(docId)} is not in the corpus.`);
  }
  const neither = qrels.rows.find(({ score }) => relevanceOf(score) === "neither");
  if (neither !== undefined) {
    const rows = qrels.neither === 1 ? "1 row has" : `${String(qrels.neither)} rows have`;
    const message = `${rows} a score that says neither relevant (1 and above) nor not relevant (0), such as ${String(neither.score)} here; they are left out.`;
    report(neither.line, message, overrides.HN302 === undefined ? "information" : severity);
  }
  return found.sort((a, b) => a.line - b.line);
}
