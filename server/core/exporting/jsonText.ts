/** How a file separates the parts of its JSON: with a blank, as Python writes, or without, as JavaScript does. */
export interface JsonStyle {
  readonly comma: ", " | ",";
  readonly colon: ": " | ":";
}

export const pythonStyle: JsonStyle = { comma: ", ", colon: ": " };

/** The style of an existing line. */
export function styleOf(line: string): JsonStyle {
  return {
    comma: /[}\]"0-9],["{[0-9-]/.test(line) && !/", ["{[0-9-]/.test(line) ? "," : ", ",
    colon: line.includes('":') && !line.includes('": ') ? ":" : ": ",
  };
}

/**
 * A text as a JSON string. Line separators that JSON allows raw are escaped, since readers that split at them would cut the record;
 * a lone surrogate is escaped, since UTF-8 has no form for it.
 */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u0085\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** An object from members whose values are JSON already. */
export function objectText(members: readonly (readonly [name: string, json: string])[], style: JsonStyle = pythonStyle): string {
  return `{${members.map(([name, json]) => `${quoted(name)}${style.colon}${json}`).join(style.comma)}}`;
}

export function arrayText(elements: readonly string[], style: JsonStyle = pythonStyle): string {
  return `[${elements.join(style.comma)}]`;
}
