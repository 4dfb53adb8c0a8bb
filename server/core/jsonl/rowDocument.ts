import type { RecordFormat } from "../formats/format";
import { readRow, type Row } from "./readRecord";

/** A place in a text as the language server protocol counts it: zero-based line, UTF-16 units within the line. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** Which lines an edit replaced: `removed` lines from `firstLine` on gave way to `inserted` others. Zero-based. */
export interface RowDelta {
  readonly firstLine: number;
  readonly removed: number;
  readonly inserted: number;
}

/**
 * A JSON Lines text as an array of lines, so that an edit is a splice and only the lines it touches are read again.
 *
 * Lines are cut at line feeds only, as every reader of JSON Lines cuts them. The language server protocol also counts a carriage
 * return without a line feed as a line end; `toPosition` and edits translate between the two.
 */
export class RowDocument {
  /** Lines without their line feed, with the carriage return that may stand before it. */
  #lines: string[];
  /** What has been read so far. */
  #rows: (Row | undefined)[];
  #format: RecordFormat | undefined;
  /** Carriage returns that end a line for the protocol but not for JSON Lines. Zero in nearly every file. */
  #loneReturns: number;

  private constructor(lines: string[], format: RecordFormat | undefined) {
    this.#lines = lines;
    this.#rows = new Array<Row | undefined>(lines.length);
    this.#format = format;
    this.#loneReturns = countLoneReturns(lines, 0, lines.length, lines.length);
  }

  static fromText(text: string, format?: RecordFormat): RowDocument {
    return new RowDocument(text.split("\n"), format);
  }

  /**
   * A document of lines that were cut already, which the document takes over.
   *
   * @param lines without line feeds; an empty last line says that the text ends with a line feed
   */
  static fromLines(lines: string[], format?: RecordFormat): RowDocument {
    return new RowDocument(lines.length === 0 ? [""] : lines, format);
  }

  /** The text as it is now, which later edits leave alone. Rows that have been read are shared, not read again. */
  snapshot(): RowDocument {
    const copy = new RowDocument(this.#lines.slice(), this.#format);
    copy.#rows = this.#rows.slice();
    return copy;
  }

  /** Number of lines, counting the empty one after a line feed at the end of the text. */
  get lineCount(): number {
    return this.#lines.length;
  }

  /** Whether the last line is complete. True for an empty text. */
  get endsWithLineFeed(): boolean {
    return this.#lines.at(-1) === "";
  }

  get format(): RecordFormat | undefined {
    return this.#format;
  }

  /** Reads all rows anew with another format. */
  setFormat(format: RecordFormat | undefined): void {
    if (format === this.#format) return;
    this.#format = format;
    this.#rows = new Array<Row | undefined>(this.#lines.length);
  }

  /** A line without its ending. */
  line(line: number): string {
    const raw = this.#raw(line);
    return raw.endsWith("\r") && line + 1 < this.#lines.length ? raw.slice(0, -1) : raw;
  }

  /** What a line holds, read at the first request and kept until the line changes. */
  row(line: number): Row {
    const known = this.#rows[line];
    if (known !== undefined) return known;
    const row = readRow(this.line(line), this.#format);
    this.#rows[line] = row;
    return row;
  }

  /** All rows but the blank ones, in order. */
  *rows(): Generator<{ readonly line: number; readonly row: Row }, void> {
    for (let line = 0; line < this.#lines.length; line++) {
      const row = this.row(line);
      if (row.kind !== "blank") yield { line, row };
    }
  }

  /** The lines without their endings, from the first on. */
  *lines(): Generator<string, void> {
    for (let line = 0; line < this.#lines.length; line++) yield this.line(line);
  }

  text(): string {
    return this.#lines.join("\n");
  }

  /**
   * Replaces a range by a text, as the protocol's change events say; a change without a range replaces everything.
   * Positions beyond a line or the text stand for its end.
   */
  applyChange(range: Range | undefined, text: string): RowDelta {
    if (range === undefined) return this.#replaceAll(text);
    const a = this.#locate(range.start);
    const b = this.#locate(range.end);
    const [start, end] = a.line < b.line || (a.line === b.line && a.offset <= b.offset) ? [a, b] : [b, a];
    const joined = this.#raw(start.line).slice(0, start.offset) + text + this.#raw(end.line).slice(end.offset);
    const lines = text.includes("\n") ? joined.split("\n") : [joined];
    return this.#splice(start.line, end.line - start.line + 1, lines);
  }

  /** The protocol's position of an offset in a line of this document. */
  toPosition(line: number, offset: number): Position {
    if (this.#loneReturns === 0) return { line, character: offset };
    let before = 0;
    for (let index = 0; index < line; index++) before += loneReturns(this.#raw(index), false);
    const head = this.#raw(line).slice(0, offset);
    const breaks = loneReturns(head, true);
    return { line: line + before + breaks, character: breaks === 0 ? offset : offset - head.lastIndexOf("\r") - 1 };
  }

  /** The line of this document and the offset in it that a position of the protocol stands for. */
  fromPosition(position: Position): { readonly line: number; readonly offset: number } {
    return this.#locate(position);
  }

  #raw(line: number): string {
    const raw = this.#lines[line];
    if (raw === undefined) throw new RangeError(`line ${String(line)} of ${String(this.#lines.length)}`);
    return raw;
  }

  #locate({ line, character }: Position): { readonly line: number; readonly offset: number } {
    if (this.#loneReturns > 0) return this.#locateAmongReturns(line, character);
    if (line >= this.#lines.length) return { line: this.#lines.length - 1, offset: this.#raw(this.#lines.length - 1).length };
    return { line, offset: Math.min(character, this.line(line).length) };
  }

  /** Walks the whole text: slow, but a text with lone carriage returns is rare. */
  #locateAmongReturns(target: number, character: number): { readonly line: number; readonly offset: number } {
    let reached = 0;
    for (let line = 0; line < this.#lines.length; line++) {
      const segments = this.line(line).split("\r");
      if (reached + segments.length > target) {
        const before = segments.slice(0, target - reached);
        const start = before.reduce((sum, segment) => sum + segment.length + 1, 0);
        return { line, offset: start + Math.min(character, segments[before.length]?.length ?? 0) };
      }
      reached += segments.length;
    }
    const last = this.#lines.length - 1;
    return { line: last, offset: this.#raw(last).length };
  }

  #replaceAll(text: string): RowDelta {
    const removed = this.#lines.length;
    this.#lines = text.split("\n");
    this.#rows = new Array<Row | undefined>(this.#lines.length);
    this.#loneReturns = countLoneReturns(this.#lines, 0, this.#lines.length, this.#lines.length);
    return { firstLine: 0, removed, inserted: this.#lines.length };
  }

  #splice(first: number, removed: number, lines: readonly string[]): RowDelta {
    const before = this.#lines.length;
    this.#loneReturns -= countLoneReturns(this.#lines, first, first + removed, before);
    // Lines that come out as they were keep their rows: a line inserted below another leaves that other alone.
    const kept = commonEnds(this.#lines, first, removed, lines);
    const firstLine = first + kept.head;
    const taken = removed - kept.head - kept.tail;
    const given = lines.slice(kept.head, lines.length - kept.tail);
    if (taken === given.length) {
      for (const [offset, line] of given.entries()) {
        this.#lines[firstLine + offset] = line;
        this.#rows[firstLine + offset] = undefined;
      }
    } else {
      this.#lines = spliced(this.#lines, firstLine, taken, given);
      this.#rows = spliced(this.#rows, firstLine, taken, new Array<Row | undefined>(given.length).fill(undefined));
    }
    this.#loneReturns += countLoneReturns(this.#lines, first, first + lines.length, this.#lines.length);
    return { firstLine, removed: taken, inserted: given.length };
  }
}

/** Above this, the arguments of `splice` could overflow the stack. */
const SPLICE_LIMIT = 10_000;

function spliced<T>(items: T[], first: number, removed: number, inserted: readonly T[]): T[] {
  if (inserted.length > SPLICE_LIMIT) return items.slice(0, first).concat(inserted, items.slice(first + removed));
  items.splice(first, removed, ...inserted);
  return items;
}

/** How many of the replaced lines come back unchanged at the start and at the end. */
function commonEnds(
  old: readonly string[],
  first: number,
  removed: number,
  lines: readonly string[],
): { readonly head: number; readonly tail: number } {
  const limit = Math.min(removed, lines.length);
  const count = old.length - removed + lines.length;
  let head = 0;
  while (head < limit && old[first + head] === lines[head]) {
    // A carriage return belongs to the record at the end of the text, and to the line's ending once a line follows.
    const moved = (first + head + 1 === old.length) !== (first + head + 1 === count);
    if (moved && lines[head]?.endsWith("\r") === true) break;
    head++;
  }
  let tail = 0;
  while (tail < limit - head && old[first + removed - 1 - tail] === lines[lines.length - 1 - tail]) tail++;
  return { head, tail };
}

function countLoneReturns(lines: readonly string[], from: number, to: number, count: number): number {
  let lone = 0;
  for (let line = from; line < to; line++) lone += loneReturns(lines[line] ?? "", line + 1 === count);
  return lone;
}

/** Carriage returns of a line without those that belong to a line feed behind it. */
function loneReturns(line: string, isLast: boolean): number {
  let at = line.indexOf("\r");
  if (at === -1) return 0;
  let count = 0;
  while (at !== -1) {
    if (isLast || at + 1 < line.length) count++;
    at = line.indexOf("\r", at + 1);
  }
  return count;
}
