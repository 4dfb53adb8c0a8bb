import { hash128 } from "../util/random";

/** Data within a question, between two lines that nothing in the data can imitate. */
export interface Fence {
  /** Stands in the first and the last line, and nowhere between them. */
  readonly code: string;
  readonly text: string;
}

/**
 * Puts values one a line as JSON between two lines with a code. The code is a hash of the values and the seed, and another one is taken where
 * the values hold it: so no text can close the fence, not even one that was written by someone who knows how codes are made.
 */
export function fence(values: readonly unknown[], seed: number): Fence {
  const body = values.map(dataLine).join("\n");
  const code = absentCode(body, (attempt) => codeOf(`${String(seed)}:${String(attempt)}:${body}`));
  return { code, text: `----- data ${code} -----\n${body}\n----- end of data ${code} -----` };
}

/** The first code that the text does not hold. */
export function absentCode(text: string, codeAt: (attempt: number) => string): string {
  for (let attempt = 0; ; attempt += 1) {
    const code = codeAt(attempt);
    if (!text.includes(code)) return code;
  }
}

/**
 * One value as one line of JSON. Beyond what JSON asks for, letters are written as escapes that a reader may not see or that a server may
 * take for its own: control and format characters (line separators, direction marks, invisible tags), "<" as in `<|im_end|>` or `</s>`, and
 * "[" as in `[INST]`. Reading it as JSON gives the value unchanged.
 */
export function dataLine(value: unknown): string {
  return JSON.stringify(value).replace(/[<\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\[(?=\/?[A-Z_]+\])/gu, escaped);
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => unitEscape(character.charCodeAt(index))).join("");
}

function unitEscape(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, "0")}`;
}

function codeOf(name: string): string {
  const [first, second] = hash128(name);
  return [first, second].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}
