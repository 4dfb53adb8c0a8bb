import type { JsonMember, JsonNode, JsonScalarNode } from "./jsonNode";
import { scanString } from "./jsonString";
import { characterName, type SyntaxProblem } from "./syntaxProblem";

/** A line read as JSON, as far as it could be. */
export interface JsonScan {
  /** The value with its spans; the part before the trouble where the text is broken. Undefined where there is no value at all. */
  readonly root: JsonNode | undefined;
  /** In the order in which they were met. */
  readonly problems: readonly SyntaxProblem[];
}

/**
 * Reads one JSON value with the place of everything in it. Never throws, whatever the text, its length or its depth.
 *
 * Several times slower than `JSON.parse`; use it where spans are needed or `JSON.parse` gave up.
 */
export function scanJson(text: string, start = 0): JsonScan {
  return new JsonScanner(text, start).scan();
}

/** A container that is still open. */
type Frame =
  | { readonly kind: "array"; readonly start: number; readonly value: unknown[]; readonly elements: JsonNode[] }
  | {
      readonly kind: "object";
      readonly start: number;
      readonly value: Record<string, unknown>;
      readonly members: JsonMember[];
      readonly names: Set<string>;
      key: JsonScalarNode | undefined;
    };

/** What follows an opened container or a value inside one. */
type Step = "value" | "closed" | "failed";

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORD = /-?[\p{L}_$][\p{L}\p{N}_$]*/uy;
const CONSTANTS: ReadonlyMap<string, true | false | null> = new Map([
  ["true", true],
  ["false", false],
  ["null", null],
]);
const NOT_FINITE: ReadonlyMap<string, number> = new Map([
  ["NaN", Number.NaN],
  ["-NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);
const PYTHON_CONSTANTS: ReadonlyMap<string, string> = new Map([
  ["True", "true"],
  ["False", "false"],
  ["None", "null"],
]);

class JsonScanner {
  readonly #text: string;
  readonly #problems: SyntaxProblem[] = [];
  // An explicit stack: the depth of the data must not become the depth of our calls.
  readonly #open: Frame[] = [];
  #at: number;

  constructor(text: string, start: number) {
    this.#text = text;
    this.#at = start;
  }

  scan(): JsonScan {
    this.#skipSpace();
    let value = this.#value();
    let step: Step = value === undefined && this.#open.length === 0 ? "failed" : "value";
    while (step !== "failed") {
      const frame = this.#open.at(-1);
      if (frame === undefined) break;
      if (value === undefined) {
        step = this.#enter(frame);
      } else {
        attach(frame, value);
        step = this.#afterValue(frame);
      }
      const depth = this.#open.length;
      value = step === "closed" ? this.#close() : step === "value" ? this.#value() : undefined;
      if (step === "value" && value === undefined && this.#open.length === depth) step = "failed";
    }
    if (step !== "failed") this.#expectEnd();
    while (this.#open.length > 0) {
      const frame = this.#open.at(-1);
      if (frame !== undefined && value !== undefined) attach(frame, value);
      value = this.#close();
    }
    return { root: value, problems: this.#problems };
  }

  /** A scalar, or undefined after opening a container or reporting what stands there instead. */
  #value(): JsonNode | undefined {
    const start = this.#at;
    const character = this.#text[start];
    if (character === "{" || character === "[") {
      this.#at++;
      this.#open.push(
        character === "["
          ? { kind: "array", start, value: [], elements: [] }
          : { kind: "object", start, value: {}, members: [], names: new Set(), key: undefined },
      );
      return undefined;
    }
    if (character === '"') return this.#string();
    NUMBER.lastIndex = start;
    const number = NUMBER.exec(this.#text)?.[0];
    if (number !== undefined) {
      this.#at += number.length;
      return { kind: "number", value: Number(number), start, end: this.#at };
    }
    return this.#word();
  }

  #string(): JsonScalarNode | undefined {
    const start = this.#at;
    const scanned = scanString(this.#text, start, this.#problems);
    this.#at = scanned.end;
    if (!scanned.closed) {
      this.#report(start, this.#at, 'The line ends inside a string: its closing " is missing.');
      return undefined;
    }
    return { kind: "string", value: scanned.value, start, end: this.#at };
  }

  #word(): JsonScalarNode | undefined {
    const start = this.#at;
    WORD.lastIndex = start;
    const word = WORD.exec(this.#text)?.[0];
    if (word === undefined) {
      this.#unexpected("a value");
      return undefined;
    }
    const end = start + word.length;
    this.#at = end;
    const constant = CONSTANTS.get(word);
    if (constant !== undefined) return { kind: constant === null ? "null" : "boolean", value: constant, start, end };
    const number = NOT_FINITE.get(word);
    if (number !== undefined) {
      this.#problems.push({
        code: "HN006",
        reason: "not-finite",
        start,
        end,
        message: `${word} is not JSON; Python writes it, other readers refuse the line.`,
      });
      return { kind: "number", value: number, start, end };
    }
    const json = PYTHON_CONSTANTS.get(word);
    this.#report(
      start,
      end,
      json === undefined
        ? `"${shorten(word)}" is not a JSON value; a text needs double quotes.`
        : `${word} is Python's spelling; JSON writes ${json}.`,
    );
    return undefined;
  }

  /** What stands first in a container that was just opened. */
  #enter(frame: Frame): Step {
    this.#skipSpace();
    if (this.#takeCloser(frame)) return "closed";
    return frame.kind === "array" ? "value" : this.#key(frame);
  }

  /** A comma and what follows it, or the container's end. */
  #afterValue(frame: Frame): Step {
    this.#skipSpace();
    if (this.#takeCloser(frame)) return "closed";
    if (this.#text[this.#at] !== ",") {
      this.#unexpected(frame.kind === "array" ? 'a comma or "]"' : 'a comma or "}"');
      return "failed";
    }
    const comma = this.#at++;
    this.#skipSpace();
    if (this.#takeCloser(frame)) {
      const message = `The comma before "${frame.kind === "array" ? "]" : "}"}" is one too many.`;
      this.#problems.push({ code: "HN001", reason: "trailing-comma", start: comma, end: comma + 1, message });
      return "closed";
    }
    return frame.kind === "array" ? "value" : this.#key(frame);
  }

  #key(frame: Frame & { kind: "object" }): Step {
    if (this.#text[this.#at] !== '"') {
      this.#unexpected("a key in double quotes");
      return "failed";
    }
    const key = this.#string();
    if (key === undefined) return "failed";
    const name = String(key.value);
    if (frame.names.has(name)) {
      const message = `The key "${shorten(name)}" stands twice in this object; readers keep the last one.`;
      this.#problems.push({ code: "HN007", reason: "duplicate-key", start: key.start, end: key.end, message });
    }
    frame.names.add(name);
    this.#skipSpace();
    if (this.#text[this.#at] !== ":") {
      this.#unexpected(`":" after the key "${shorten(name)}"`);
      return "failed";
    }
    this.#at++;
    this.#skipSpace();
    frame.key = key;
    return "value";
  }

  #takeCloser(frame: Frame): boolean {
    if (this.#text[this.#at] !== (frame.kind === "array" ? "]" : "}")) return false;
    this.#at++;
    return true;
  }

  #close(): JsonNode | undefined {
    const frame = this.#open.pop();
    if (frame === undefined) return undefined;
    const { start, value } = frame;
    const end = this.#at;
    return frame.kind === "array"
      ? { kind: "array", value, start, end, elements: frame.elements }
      : { kind: "object", value, start, end, members: frame.members };
  }

  #expectEnd(): void {
    this.#skipSpace();
    if (this.#at >= this.#text.length) return;
    const rest = this.#text[this.#at];
    const message =
      rest === "{" || rest === "["
        ? "A second value begins on the same line; each record needs a line of its own."
        : "More text follows the end of the record.";
    this.#report(this.#at, this.#text.length, message);
  }

  #unexpected(wanted: string): void {
    const code = this.#text.codePointAt(this.#at);
    if (code === undefined) {
      this.#report(this.#at, this.#at, `The line ends where ${wanted} should stand; it may have been cut off.`);
      return;
    }
    const character = String.fromCodePoint(code);
    const shown = code > 0x20 && code < 0x7f ? `"${character}"` : characterName(code);
    this.#report(this.#at, this.#at + character.length, `Found ${shown} where ${wanted} should stand.`);
  }

  #report(start: number, end: number, message: string): void {
    this.#problems.push({ code: "HN001", reason: "syntax", start, end, message });
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x09 && code !== 0x0d && code !== 0x0a) return;
      this.#at++;
    }
  }
}

function attach(frame: Frame, node: JsonNode): void {
  if (frame.kind === "array") {
    frame.elements.push(node);
    frame.value.push(node.value);
    return;
  }
  const { key } = frame;
  if (key === undefined) return;
  const name = String(key.value);
  frame.key = undefined;
  frame.members.push({ key, name, value: node });
  // JSON.parse makes "__proto__" an ordinary field, which an assignment would not.
  if (name === "__proto__")
    Object.defineProperty(frame.value, name, { value: node.value, writable: true, enumerable: true, configurable: true });
  else frame.value[name] = node.value;
}

function shorten(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}
