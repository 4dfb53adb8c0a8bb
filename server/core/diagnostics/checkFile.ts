import type { RowDocument } from "../jsonl/rowDocument";
import { neverCancelled, type Cancellation } from "../util/cancellation";
import type { Failure } from "../util/failure";
import { severityOf, type SeverityOverrides } from "./catalogue";
import { checkRow, diagnosticOf } from "./checkRow";
import type { Diagnostic } from "./diagnostic";
import type { PositiveIndex } from "./positiveIndex";
import { RowUnderCheck } from "./rowUnderCheck";
import { byteOrderMark } from "./rules/byteOrderMark";
import { positiveAmongNegatives } from "./rules/positiveAmongNegatives";
import { SharedQueries } from "./sharedQueries";

export interface CheckOptions {
  /** The config's `checks`. */
  readonly severities: SeverityOverrides;
  readonly cancellation?: Cancellation;
  /** Why no format could be told, where the document has none. */
  readonly formatFailure?: Failure;
  /** Zero-based lines whose bytes are not UTF-8, known only to who read the file from disk. */
  readonly undecodable?: readonly number[];
}

/** Rows in one slice: a few milliseconds of work. */
const SLICE = 1000;

/**
 * Checks every line by itself and then the file as a whole. Yields after each slice, so that the caller can let other work in or stop;
 * ends early, with what was found so far, once cancelled.
 */
export function* checkDocument(document: RowDocument, options: CheckOptions): Generator<readonly Diagnostic[], void> {
  const { severities, cancellation = neverCancelled } = options;
  for (let first = 0; first < document.lineCount; first += SLICE) {
    if (cancellation.requested) return;
    const found: Diagnostic[] = [];
    const end = Math.min(first + SLICE, document.lineCount);
    for (let line = first; line < end; line++) found.push(...checkRow(document, line, severities));
    yield found;
  }
  yield* checkFile(document, options);
}

/** The checks that need more than one line. Yields after each slice, as `checkDocument`. */
export function* checkFile(document: RowDocument, options: CheckOptions): Generator<readonly Diagnostic[], void> {
  const { severities, cancellation = neverCancelled } = options;
  yield [...checkFormat(document, options), ...checkBytes(document, options)];
  if (severityOf("HN201", severities) === undefined) return;
  const shared = new SharedQueries();
  for (let line = 0; line < document.lineCount; line++) {
    if (line % SLICE === 0) {
      if (cancellation.requested) return;
      yield [];
    }
    shared.add(line, document.row(line).record);
  }
  let found: Diagnostic[] = [];
  for (const { line, elsewhere } of shared.lines((line) => document.row(line).record)) {
    if (cancellation.requested) return;
    found.push(...checkAgainst(document, line, elsewhere, severities));
    if (found.length < SLICE) continue;
    yield found;
    found = [];
  }
  yield found;
}

/** The findings that rest on another line; those of the line alone are `checkRow`'s. */
function* checkAgainst(
  document: RowDocument,
  line: number,
  elsewhere: PositiveIndex,
  severities: SeverityOverrides,
): Generator<Diagnostic, void> {
  const row = RowUnderCheck.of(document, line, elsewhere);
  for (const finding of positiveAmongNegatives.check?.(row) ?? []) {
    if (finding.related === undefined) continue;
    const diagnostic = diagnosticOf(row, positiveAmongNegatives, finding, severities);
    if (diagnostic !== undefined) yield diagnostic;
  }
}

function checkFormat(document: RowDocument, { formatFailure, severities }: CheckOptions): readonly Diagnostic[] {
  const severity = severityOf("HN101", severities);
  if (document.format !== undefined || formatFailure === undefined || severity === undefined) return [];
  const { message, nextStep } = formatFailure;
  const span = { start: 0, end: document.line(0).length };
  return [
    {
      code: "HN101",
      severity,
      message: nextStep === undefined ? message : `${message} ${nextStep}`,
      line: 0,
      span,
      related: [],
      fixes: [],
    },
  ];
}

function checkBytes(document: RowDocument, { undecodable = [], severities }: CheckOptions): readonly Diagnostic[] {
  return undecodable.flatMap((line) => {
    const row = RowUnderCheck.of(document, line);
    const start = Math.max(0, row.text.indexOf("\uFFFD"));
    const message =
      "The line holds bytes that are not UTF-8, shown as U+FFFD; readers stop here. Write the file as UTF-8 again from its source.";
    const diagnostic = diagnosticOf(
      row,
      byteOrderMark,
      { message, span: { start, end: Math.min(start + 1, row.text.length) } },
      severities,
    );
    // Unlike a byte order mark, such bytes stop every reader.
    return diagnostic === undefined
      ? []
      : [{ ...diagnostic, severity: severities.HN004 === undefined ? ("error" as const) : diagnostic.severity }];
  });
}
