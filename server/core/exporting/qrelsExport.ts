import { qrelsRow, QRELS_HEADER } from "./beirFiles";
import type { ExportQuery } from "./exportQuery";
import type { RecordCounts, SourceRow } from "./nativeExport";
import { noRecords } from "./nativeExport";

/** A judgement on a line of the user's qrels. */
export interface QrelsSource {
  /** The query and the document's text on a line; undefined for a header and for lines that point nowhere. */
  readonly judgementAtLine: (line: number) => { readonly query: number; readonly document: string; readonly relevant: boolean } | undefined;
  readonly lastLineOf: (query: number) => number | undefined;
  readonly exported: (query: number) => ExportQuery | undefined;
}

/**
 * Writes the user's qrels again: judgements stay byte-identical, but for bad positives, passages that marks bar from the negatives,
 * and queries that are left out; promoted positives are added with score 1 and emitted negatives with score 0, behind the query's
 * last row.
 */
export class QrelsExport {
  readonly counts: RecordCounts = noRecords();
  readonly #source: QrelsSource;
  readonly #seen = new Map<number, Set<string>>();

  constructor(source: QrelsSource) {
    this.#source = source;
  }

  row(row: SourceRow): readonly (string | Uint8Array)[] {
    const judgement = this.#source.judgementAtLine(row.line);
    const query = judgement === undefined ? undefined : this.#source.exported(judgement.query);
    if (judgement === undefined || query === undefined) {
      if (row.line > 1 && row.text.trim() !== "") this.counts.skipped += 1;
      return [row.bytes ?? row.text];
    }
    const seen = this.#seen.get(judgement.query) ?? new Set();
    this.#seen.set(judgement.query, seen);
    const stays = query.leftOut === undefined && !(judgement.relevant ? query.removedPositives : query.barred).has(judgement.document);
    if (stays) {
      seen.add(judgement.document);
      this.counts.records += 1;
      this.counts.unchanged += 1;
    } else {
      this.counts.dropped += 1;
    }
    const kept = stays ? [row.bytes ?? row.text] : [];
    return this.#source.lastLineOf(judgement.query) === row.line
      ? [...kept, ...this.#added(query, seen, row.text.endsWith("\r") ? "\r" : "")]
      : kept;
  }

  #added(query: ExportQuery, seen: ReadonlySet<string>, ending: string): readonly string[] {
    if (query.leftOut !== undefined) return [];
    const rows = [
      ...query.promoted.filter(({ text }) => !seen.has(text)).map(({ id }) => qrelsRow(query.id, id, 1)),
      ...(query.mode === "listed" ? [] : query.negatives).filter(({ text }) => !seen.has(text)).map(({ id }) => qrelsRow(query.id, id, 0)),
    ];
    this.counts.records += rows.length;
    this.counts.added += rows.length;
    return rows.map((row) => row + ending);
  }
}

/** A qrels file made from nothing but the exported queries. */
export function* newQrels(rows: Iterable<readonly string[]>): Generator<string> {
  yield QRELS_HEADER;
  for (const group of rows) yield* group;
}
