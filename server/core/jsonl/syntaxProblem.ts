import type { Span } from "./jsonNode";

/** What kind of trouble a line's text has, for the fixes that depend on it. */
export type SyntaxReason =
  | "trailing-comma"
  | "byte-order-mark"
  | "not-finite"
  | "duplicate-key"
  | "line-separator"
  | "unescaped-control"
  | "odd-character"
  | "syntax";

/** Trouble in the text of a line, with the units at fault. */
export interface SyntaxProblem extends Span {
  readonly code: "HN001" | "HN004" | "HN005" | "HN006" | "HN007" | "HN010";
  readonly reason: SyntaxReason;
  readonly message: string;
}

/** "U+2028 (line separator)": a character as messages name it, since most of those at fault cannot be seen. */
export function characterName(code: number): string {
  const name = CHARACTER_NAMES.get(code);
  const number = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  return name === undefined ? number : `${number} (${name})`;
}

const CHARACTER_NAMES: ReadonlyMap<number, string> = new Map([
  [0x00, "null"],
  [0x08, "backspace"],
  [0x09, "tab"],
  [0x0a, "line feed"],
  [0x0c, "form feed"],
  [0x0d, "carriage return"],
  [0x1b, "escape"],
  [0x7f, "delete"],
  [0x85, "next line"],
  [0x200b, "zero width space"],
  [0x2028, "line separator"],
  [0x2029, "paragraph separator"],
  [0x2060, "word joiner"],
  [0xfeff, "byte order mark"],
]);

/** Characters at which some readers of lines cut, although JSON allows them raw in a string. */
export function isLineSeparator(code: number): boolean {
  return code === 0x2028 || code === 0x2029 || code === 0x85;
}

/**
 * Characters that nobody means to train on: NUL and the other controls but tab, line feed and carriage return, and invisible marks.
 * The zero-width joiner and non-joiner are absent: Persian, Indic scripts and emoji need them.
 */
export function isOddCharacter(code: number): boolean {
  if (code < 0x20) return code !== 0x09 && code !== 0x0a && code !== 0x0d;
  return code === 0x7f || code === 0x200b || code === 0x2060 || code === 0xfeff;
}
