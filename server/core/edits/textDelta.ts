import { normaliseText } from "../collection/textKey";
import type { RecordFormat, RecordPassage, RecordQuery, TrainingRecord } from "../formats/format";
import { readRow } from "../jsonl/readRecord";
import type { RowDocument } from "../jsonl/rowDocument";
import { changedLines } from "./changedLines";
import type { NumberedLine } from "./changedLines";
import { rowDelta } from "./rowDelta";
import type { RowContext, RowDelta } from "./rowDelta";

/** More changed rows than this are not looked into: a formatter or a script went over the file. */
const MOST_READ = 2000;

/** A row of the present text whose passages a person moved, took out or put in. */
export interface ChangedRow {
  /** 1-based, in the present text. */
  readonly line: number;
  readonly query: RecordQuery;
  readonly delta: RowDelta;
  /** Whether the row is again, to the letter, what it was at an earlier save: the change was undone. */
  readonly returned: boolean;
}

/** What the change from one text to another means. */
export interface TextDelta {
  readonly rows: readonly ChangedRow[];
  /** Number of changed lines, where they were too many to be looked into. */
  readonly unread: number;
  /** Lines of the text as it was that are not in it any more; none where they were too many. */
  readonly left: readonly string[];
  /** The text to compare the next one with: the present one, but for rows saved in the middle of a change. */
  readonly next: readonly string[];
}

export interface TextChange {
  /** The lines of the text as it was, without their endings. */
  readonly before: readonly string[];
  readonly after: RowDocument;
  readonly format: RecordFormat;
  readonly isKnown?: (text: string, line: number) => boolean;
  /** Lines that earlier changes replaced. */
  readonly former?: ReadonlySet<string>;
}

/**
 * What a person meant by changing a training file: row for row, see `rowDelta`. Rows are the same where their lines are; a changed row is
 * known by its query, and among several of one query by the passages it kept and by its place. A row that was deleted, put in or moved as
 * a whole says nothing of its passages, nor does one whose query became another.
 *
 * A row that cannot be read now is looked at again with the next text: it was saved in the middle of a change.
 */
export function textDelta({ before, after, format, isKnown, former }: TextChange): TextDelta {
  const lines = [...after.lines()];
  const { removed, added } = changedLines(before, lines);
  if (Math.min(removed.length, added.length) > MOST_READ) return { rows: [], unread: added.length, left: [], next: lines };
  const old = removed.flatMap((line) => recordOn(line, format));
  const now = added.flatMap((line) => recordOn(line, format));
  const passages = passagesByQuery(after, now);
  const pairs = paired(old, now, (query) => passages.get(query)?.length ?? 0);
  const rows = pairs
    .map(([was, { record, query, line, text }]): ChangedRow => {
      const others = (passages.get(normaliseText(query.text)) ?? []).filter((row) => row.line !== line);
      const context: RowContext = {
        elsewhere: others.flatMap((row) => row.passages),
        ...(isKnown === undefined ? {} : { isKnown: (text) => isKnown(text, line + 1) }),
      };
      return { line: line + 1, query, delta: rowDelta(was.record, record, context), returned: former?.has(text) === true };
    })
    .filter(({ delta }) => delta.judged.length > 0 || delta.arrived.length > 0 || delta.withheld.length > 0);
  return { rows, unread: 0, left: removed.map(({ text }) => text), next: waitingLines(lines, { added, old, pairs, format }) };
}

interface LineRecord extends NumberedLine {
  readonly record: TrainingRecord;
  readonly query: RecordQuery;
}

type Pair = readonly [was: LineRecord, is: LineRecord];

function recordOn(line: NumberedLine, format: RecordFormat): readonly LineRecord[] {
  const { record } = readRow(line.text, format);
  return record?.query === undefined ? [] : [{ ...line, record, query: record.query }];
}

/** @param rowsOf number of present rows of a normalised query */
function paired(old: readonly LineRecord[], now: readonly LineRecord[], rowsOf: (query: string) => number): readonly Pair[] {
  const open = new Map<string, LineRecord[]>();
  for (const was of old) {
    const name = normaliseText(was.query.text);
    open.set(name, [...(open.get(name) ?? []), was]);
  }
  const several = new Set([...open].filter(([name, rows]) => rows.length > 1 || rowsOf(name) > 1).map(([name]) => name));
  return now.flatMap((is): readonly Pair[] => {
    const name = normaliseText(is.query.text);
    const candidates = open.get(name) ?? [];
    const was = closest(is, several.has(name) ? candidates.filter((row) => isSameRow(row.record, is.record)) : candidates);
    if (was === undefined) return [];
    candidates.splice(candidates.indexOf(was), 1);
    return [[was, is]];
  });
}

/** Among several rows of one query, a row is still itself where a passage kept its part, or where its passages only changed theirs. */
function isSameRow(was: TrainingRecord, is: TrainingRecord): boolean {
  const keeps = (a: readonly RecordPassage[], b: readonly RecordPassage[]): boolean => shared(a, b) > 0;
  if (keeps(was.positives, is.positives) || keeps(was.negatives, is.negatives)) return true;
  const [all, others] = [passagesOf(was), passagesOf(is)];
  return shared(all, others) === all.length && all.length === others.length;
}

/** The former row that shares most passages, then the one at the same place among the lines that stayed, then the first. */
function closest(is: LineRecord, candidates: readonly LineRecord[]): LineRecord | undefined {
  const present = passagesOf(is.record);
  const ranked = candidates.map((was) => ({
    was,
    kept: shared(passagesOf(was.record), present),
    distance: Math.abs(was.anchor - is.anchor),
  }));
  return ranked.sort((a, b) => b.kept - a.kept || a.distance - b.distance)[0]?.was;
}

/** How many of these passages are among the others. */
function shared(passages: readonly RecordPassage[], others: readonly RecordPassage[]): number {
  const texts = new Set(others.map(({ text }) => normaliseText(text)));
  return passages.filter(({ text }) => texts.has(normaliseText(text))).length;
}

/** The present lines, with the former row in place of each line that cannot be read now. */
function waitingLines(
  lines: readonly string[],
  change: {
    readonly added: readonly NumberedLine[];
    readonly old: readonly LineRecord[];
    readonly pairs: readonly Pair[];
    readonly format: RecordFormat;
  },
): readonly string[] {
  const taken = new Set(change.pairs.map(([was]) => was));
  const waiting = change.old.filter((was) => !taken.has(was));
  const broken = change.added.filter(({ text }) => readRow(text, change.format).kind === "broken");
  if (waiting.length === 0 || broken.length === 0) return lines;
  const next = [...lines];
  for (const { line, anchor } of broken) {
    const was = waiting.find((row) => row.anchor === anchor) ?? waiting[0];
    if (was === undefined) break;
    next[line] = was.text;
    waiting.splice(waiting.indexOf(was), 1);
  }
  return next;
}

interface RowPassages {
  readonly line: number;
  readonly passages: readonly RecordPassage[];
}

/** The passages of all present rows of these rows' queries, by normalised query. */
function passagesByQuery(after: RowDocument, rows: readonly LineRecord[]): ReadonlyMap<string, readonly RowPassages[]> {
  const found = new Map<string, RowPassages[]>(rows.map(({ query }) => [normaliseText(query.text), []]));
  if (found.size === 0) return found;
  for (const { line, row } of after.rows()) {
    const { record } = row;
    if (record?.query !== undefined) found.get(normaliseText(record.query.text))?.push({ line, passages: passagesOf(record) });
  }
  return found;
}

function passagesOf({ positives, negatives, documents }: TrainingRecord): readonly RecordPassage[] {
  return [...positives, ...negatives, ...documents];
}
