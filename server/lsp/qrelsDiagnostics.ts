import type { Diagnostic as LspDiagnostic } from "vscode-languageserver";
import { documentWithId } from "#core/collection/lookups";
import { checkQrels } from "#core/diagnostics/checkQrels";
import type { OpenDataset } from "./openDataset";
import { DIAGNOSTIC_SOURCE, toLspSeverity } from "./toLsp";

/** Beyond any row's end: the protocol takes a character past the end of a line as its end. */
const ROW_END = 1_000_000;

/** What is wrong with the judgements of a BEIR folder: rows that cannot be read or that point nowhere. */
export function qrelsDiagnostics({ loaded, session }: OpenDataset): readonly LspDiagnostic[] {
  if (loaded.qrels === undefined) return [];
  const queries = new Set(session.collection.queries.map(({ id }) => id));
  const known = {
    hasQuery: (id: string) => queries.has(id),
    hasDocument: (id: string) => documentWithId(session.collection, id) !== undefined,
  };
  return checkQrels(loaded.qrels.content, known, () => ROW_END, session.config.checks).map(({ line, span, severity, code, message }) => ({
    range: { start: { line, character: span.start }, end: { line, character: span.end } },
    severity: toLspSeverity(severity),
    code,
    source: DIAGNOSTIC_SOURCE,
    message,
  }));
}
