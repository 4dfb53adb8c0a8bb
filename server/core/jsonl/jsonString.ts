import { characterName, isLineSeparator, isOddCharacter, type SyntaxProblem } from "./syntaxProblem";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A string literal as it was read. */
export interface ScannedString {
  readonly value: string;
  /** One past the closing quote, or the end of the text where there is none. */
  readonly end: number;
  readonly closed: boolean;
}

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

/**
 * Reads the string literal whose opening quote stands at `start`. Wrong escapes and raw control characters are reported and kept
 * as they stand, so that the rest of the string can still be read.
 */
export function scanString(text: string, start: number, problems: SyntaxProblem[]): ScannedString {
  const parts: string[] = [];
  const surrogates = new SurrogateWatch(problems);
  let from = start + 1;
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === QUOTE || Number.isNaN(code)) break;
    if (code === BACKSLASH) {
      parts.push(text.slice(from, at));
      const end = scanEscape(text, at, parts, problems);
      surrogates.see(parts.at(-1) ?? "", at, end);
      at = end;
      from = at;
      continue;
    }
    if (code < 0x20 || code > 0x7e) reportRaw(code, at, problems);
    if (code > 0x7e || surrogates.waiting) surrogates.see(text.charAt(at), at, at + 1);
    at++;
  }
  surrogates.finish();
  const closed = at < text.length;
  parts.push(text.slice(from, at));
  return { value: parts.length === 1 ? (parts[0] ?? "") : parts.join(""), end: closed ? at + 1 : at, closed };
}

/** Reads one escape, adds what it stands for to `parts`, and gives the place after it. */
function scanEscape(text: string, at: number, parts: string[], problems: SyntaxProblem[]): number {
  const letter = text.charAt(at + 1);
  const short = SHORT_ESCAPES.get(letter);
  if (short !== undefined) {
    parts.push(short);
    if (isOddCharacter(short.charCodeAt(0))) reportOdd(short.charCodeAt(0), at, at + 2, problems);
    return at + 2;
  }
  const digits = text.slice(at + 2, at + 6);
  if (letter === "u" && /^[0-9a-fA-F]{4}$/.test(digits)) {
    const code = Number.parseInt(digits, 16);
    parts.push(String.fromCharCode(code));
    if (isOddCharacter(code)) reportOdd(code, at, at + 6, problems);
    return at + 6;
  }
  const end = Math.min(at + 2, text.length);
  const shown = text.slice(at, end);
  const message = letter === "u" ? `"\\u" must be followed by four hexadecimal digits.` : `"${shown}" is not an escape that JSON knows.`;
  problems.push({ code: "HN001", reason: "syntax", start: at, end, message });
  parts.push(shown);
  return end;
}

function reportRaw(code: number, at: number, problems: SyntaxProblem[]): void {
  const name = characterName(code);
  const span = { start: at, end: at + 1 };
  if (code < 0x20) {
    problems.push({
      ...span,
      code: "HN001",
      reason: "unescaped-control",
      message: `The character ${name} must be escaped inside a string.`,
    });
  } else if (isLineSeparator(code)) {
    const message = `The string holds a raw ${name}; readers that split at every Unicode line end cut the record here.`;
    problems.push({ ...span, code: "HN005", reason: "line-separator", message });
  } else if (isOddCharacter(code)) {
    reportOdd(code, at, at + 1, problems);
  }
}

function reportOdd(code: number, start: number, end: number, problems: SyntaxProblem[]): void {
  problems.push({
    code: "HN010",
    reason: "odd-character",
    start,
    end,
    message: `The string holds ${characterName(code)}, which is invisible or a control character.`,
  });
}

/** Finds halves of surrogate pairs that stand alone, whether written raw or escaped. */
class SurrogateWatch {
  readonly #problems: SyntaxProblem[];
  #high: { readonly code: number; readonly start: number; readonly end: number } | undefined;

  constructor(problems: SyntaxProblem[]) {
    this.#problems = problems;
  }

  /** Whether a first half was seen and its second half must come next. */
  get waiting(): boolean {
    return this.#high !== undefined;
  }

  see(unit: string, start: number, end: number): void {
    const code = unit.charCodeAt(0);
    const isLow = code >= 0xdc00 && code <= 0xdfff;
    if (isLow && this.#high !== undefined) {
      this.#high = undefined;
      return;
    }
    this.finish();
    if (isLow) this.#report(code, start, end);
    if (code >= 0xd800 && code <= 0xdbff) this.#high = { code, start, end };
  }

  finish(): void {
    if (this.#high !== undefined) this.#report(this.#high.code, this.#high.start, this.#high.end);
    this.#high = undefined;
  }

  #report(code: number, start: number, end: number): void {
    const message = `The string holds the lone surrogate ${characterName(code)}, half of a character; it cannot be written as UTF-8.`;
    this.#problems.push({ code: "HN010", reason: "odd-character", start, end, message });
  }
}
