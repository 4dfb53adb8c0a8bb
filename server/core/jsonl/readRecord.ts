import type { JsonPath, RecordFormat, RecordProblem, TrainingRecord } from "../formats/format";
import { isObject } from "../formats/jsonObject";
import { nodeAt, type Span } from "./jsonNode";
import { scanJson } from "./jsonScanner";
import type { SyntaxProblem } from "./syntaxProblem";

/** What one line holds, without the line's text and without spans. */
export interface Row {
  /** "blank": white space only. "broken": not JSON. "other": JSON, but not an object. */
  readonly kind: "object" | "blank" | "other" | "broken";
  /** Undefined where the line is no object, or no format is known. */
  readonly record: TrainingRecord | undefined;
  readonly problems: readonly RowProblem[];
}

/** Something wrong with a line, found by reading that line alone. */
export type RowProblem = SyntaxProblem | RecordProblem | ShapeProblem;

/** The line as a whole has the wrong shape. */
export interface ShapeProblem {
  readonly code: "HN002" | "HN013";
  readonly message: string;
  readonly path: JsonPath;
}

/** A line as JSON. `value` is undefined where the line is blank or broken. */
export interface ParsedLine {
  readonly value: unknown;
  readonly problems: readonly SyntaxProblem[];
}

/** Longer lines are still read, but reported: most tools refuse or stall on them. 16 MiB, counted in UTF-16 units. */
export const LONG_LINE = 16 * 1024 * 1024;

const BYTE_ORDER_MARK = "\uFEFF";
const NO_PROBLEMS: readonly never[] = [];
const BLANK: Row = { kind: "blank", record: undefined, problems: NO_PROBLEMS };

/** Reads one line. Never throws. A broken line gives no record, so that what we use is what any reader of the file would get. */
export function readRow(line: string, format: RecordFormat | undefined): Row {
  if (isBlank(line)) return BLANK;
  const { value, problems } = parseLine(line);
  const shape = line.length > LONG_LINE ? [...problems, longLine(line)] : problems;
  if (value === undefined) return { kind: "broken", record: undefined, problems: shape };
  if (!isObject(value)) return { kind: "other", record: undefined, problems: [...shape, notAnObject(value)] };
  if (format === undefined) return { kind: "object", record: undefined, problems: shape };
  const reading = format.read(value);
  if (reading.problems.length === 0) return { kind: "object", record: reading.record, problems: shape };
  return { kind: "object", record: reading.record, problems: [...shape, ...reading.problems] };
}

/** Reads one line as JSON, with the problems of its text. A line with NaN or Infinity keeps its value, as in Python. */
export function parseLine(line: string): ParsedLine {
  const text = line.startsWith(BYTE_ORDER_MARK) ? line.slice(1) : line;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return scanLine(line);
  }
  if (text.length !== line.length || mayHoldTrouble(text, value)) return { value, problems: scanLine(line).problems };
  return { value, problems: NO_PROBLEMS };
}

/** Where the value at `path` stands in the line, in UTF-16 units; undefined where there is no such value. Reads the whole line. */
export function locate(line: string, path: JsonPath): Span | undefined {
  const node = nodeAt(scanJson(line, textStart(line)).root, path);
  return node === undefined ? undefined : { start: node.start, end: node.end };
}

/** Index of a line's first unit after a byte order mark. */
export function textStart(line: string): 0 | 1 {
  return line.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
}

/** Whether the line holds nothing but JSON's white space. */
export function isBlank(line: string): boolean {
  for (let at = 0; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (code !== 0x20 && code !== 0x09 && code !== 0x0d && code !== 0x0a) return false;
  }
  return true;
}

function scanLine(line: string): ParsedLine {
  const start = textStart(line);
  const { root, problems } = scanJson(line, start);
  const usable = problems.every(({ code }) => code !== "HN001");
  return { value: usable ? root?.value : undefined, problems: start === 0 ? problems : [byteOrderMark(), ...problems] };
}

/**
 * A cheap look for what `JSON.parse` passes over in silence, at well under the cost of the parse. False alarms only cost a scan.
 * The one known miss is a duplicate key whose name ends in a backslash.
 */
function mayHoldTrouble(text: string, value: unknown): boolean {
  return hasOddCharacters(text) || hasOddEscapes(text) || countKeys(value) !== countColons(text);
}

/** Raw characters that are worth a scan; a raw control character below U+0020 never gets past `JSON.parse`. */
function hasOddCharacters(text: string): boolean {
  // Each line is the quickest way that V8 has: a search of memory, a pattern that a Latin-1 string cannot match, a scan of wide strings.
  return (
    text.includes("\u007F") ||
    text.includes("\u0085") ||
    text.includes("\uFEFF") ||
    (GENERAL_PUNCTUATION.test(text) && ODD_PUNCTUATION.test(text)) ||
    !text.isWellFormed()
  );
}

/** One range is tested several times quicker than the four characters in it that count. */
const GENERAL_PUNCTUATION = /[\u200B-\u2060]/;
const ODD_PUNCTUATION = /[\u200B\u2028\u2029\u2060]/;

/** Whether an escape stands for a control character, a surrogate or an invisible mark. */
function hasOddEscapes(text: string): boolean {
  let at = text.indexOf("\\");
  while (at !== -1) {
    const letter = text.charCodeAt(at + 1);
    if (letter === 0x75) {
      if (isOddEscape(text, at + 2)) return true;
      at += 6;
    } else {
      if (letter === 0x62 || letter === 0x66) return true;
      at += 2;
    }
    // Escapes come in runs where a file escapes all of a script; a search for each would cost more than the parse.
    if (text.charCodeAt(at) !== 0x5c) at = text.indexOf("\\", at);
  }
  return false;
}

/** Whether the four digits at `at` may name such a character: 00[017]., d[89a-f].., 200b, 2060, fe.. */
function isOddEscape(text: string, at: number): boolean {
  const first = text.charCodeAt(at) | 0x20;
  const second = text.charCodeAt(at + 1) | 0x20;
  if (first === 0x64) return second > 0x37;
  if (first === 0x66) return second === 0x65;
  if (second !== 0x30) return false;
  const third = text.charCodeAt(at + 2);
  const fourth = text.charCodeAt(at + 3) | 0x20;
  // \u200c and \u2019, which are common, are not among them.
  if (first === 0x32) return (third === 0x30 && fourth === 0x62) || (third === 0x36 && fourth === 0x30);
  return first === 0x30 && (third === 0x30 || third === 0x31 || third === 0x37);
}

/** Keys of a value at all depths, counted on an explicit stack. */
function countKeys(value: unknown): number {
  const open: unknown[] = [value];
  let keys = 0;
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    if (Array.isArray(item)) {
      for (const element of item) if (typeof element === "object" && element !== null) open.push(element);
    } else if (isObject(item)) {
      for (const key in item) {
        keys++;
        const field = item[key];
        if (typeof field === "object" && field !== null) open.push(field);
      }
    }
  }
  return keys;
}

/** Colons that stand behind a quote, which those between a key and its value do. */
function countColons(text: string): number {
  let colons = 0;
  for (let at = text.indexOf(":"); at !== -1; at = text.indexOf(":", at + 1)) {
    let before = at - 1;
    while (text.charCodeAt(before) <= 0x20) before--;
    if (text.charCodeAt(before) === 0x22 && text.charCodeAt(before - 1) !== 0x5c) colons++;
  }
  return colons;
}

function byteOrderMark(): SyntaxProblem {
  const message = "The line begins with a UTF-8 byte order mark; Python's json module and others refuse it.";
  return { code: "HN004", reason: "byte-order-mark", start: 0, end: 1, message };
}

function longLine(line: string): ShapeProblem {
  const size = (line.length / (1024 * 1024)).toFixed(1);
  return { code: "HN013", message: `The line is ${size} million characters long; many readers stop at 16.`, path: [] };
}

function notAnObject(value: unknown): ShapeProblem {
  const kind = Array.isArray(value) ? "an array" : value === null ? "null" : `a ${typeof value}`;
  return { code: "HN002", message: `The line holds ${kind}, not an object; each line must be one record in braces.`, path: [] };
}
