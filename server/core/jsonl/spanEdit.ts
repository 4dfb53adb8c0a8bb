import type { JsonArrayNode, JsonObjectNode, Span } from "./jsonNode";

/** Replaces a range of one line, in UTF-16 units, by a text. */
export interface TextEdit extends Span {
  readonly text: string;
}

/**
 * Carries out edits that do not overlap; every unit outside them stays as it is. Edits at the same place are put in the order given.
 *
 * @throws RangeError where two edits overlap
 */
export function applyEdits(line: string, edits: readonly TextEdit[]): string {
  const ordered = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, text } of ordered) {
    if (start < at || end < start || end > line.length)
      throw new RangeError(`edit ${String(start)}..${String(end)} overlaps another or leaves the line`);
    parts.push(line.slice(at, start), text);
    at = end;
  }
  parts.push(line.slice(at));
  return parts.join("");
}

/** Whether two edits cannot both be carried out. Two insertions at one place can. */
export function overlap(a: TextEdit, b: TextEdit): boolean {
  return a.start < b.end && b.start < a.end;
}

/** Takes elements out of an array, each with one comma. The other elements keep every byte. */
export function removeElements(array: JsonArrayNode, positions: readonly number[]): readonly TextEdit[] {
  return removeParts(array.elements, positions);
}

/** Takes members out of an object by their position, each with one comma. */
export function removeMembersAt(object: JsonObjectNode, positions: readonly number[]): readonly TextEdit[] {
  return removeParts(
    object.members.map(({ key, value }) => ({ start: key.start, end: value.end })),
    positions,
  );
}

/** Adds a member behind the last one. */
export function insertKey(line: string, object: JsonObjectNode, name: string, json: string): readonly TextEdit[] {
  const last = object.members.at(-1);
  const ranges = object.members.map(({ key, value }) => ({ start: key.start, end: value.end }));
  const colon = last === undefined || /:\s/.test(line.slice(last.key.end, last.value.start)) ? ": " : ":";
  const member = `${encodeString(name, line)}${colon}${json}`;
  if (last === undefined) return [{ start: object.start + 1, end: object.end - 1, text: member }];
  return [{ start: last.value.end, end: last.value.end, text: separatorOf(line, ranges) + member }];
}

/** Gives a value another text. */
export function replaceValue(value: Span, json: string): TextEdit {
  return { start: value.start, end: value.end, text: json };
}

/**
 * A text as a JSON string in the manner of the line it goes into: characters beyond ASCII stay as they are, unless the line itself
 * has none and escapes them. Line separators and lone surrogates are always escaped.
 */
export function encodeString(text: string, line: string): string {
  const json = JSON.stringify(text);
  const escapesAll = /\\u[0-9a-fA-F]{4}/.test(line) && !NON_ASCII.test(line);
  return json.replace(
    escapesAll ? EVERY_NON_ASCII : LINE_SEPARATORS,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const NON_ASCII = /[\u0080-\uffff]/;
const EVERY_NON_ASCII = /[\u0080-\uffff]/g;
const LINE_SEPARATORS = /[\u0085\u2028\u2029]/g;

/** Removes list items with their commas: with the comma before while an item that stays stands before it, else with the one after. */
function removeParts(parts: readonly Span[], positions: readonly number[]): readonly TextEdit[] {
  const doomed = new Set(positions);
  const edits: TextEdit[] = [];
  let kept: Span | undefined;
  let firstDoomed: Span | undefined;
  for (const [position, part] of parts.entries()) {
    if (!doomed.has(position)) {
      // Nothing stays before this one: everything up to it goes.
      if (kept === undefined && firstDoomed !== undefined) edits.push({ start: firstDoomed.start, end: part.start, text: "" });
      kept = part;
      firstDoomed = undefined;
      continue;
    }
    firstDoomed ??= part;
    const next = parts[position + 1];
    const runEnds = next === undefined || !doomed.has(position + 1);
    if (kept !== undefined && runEnds) edits.push({ start: kept.end, end: part.end, text: "" });
    else if (kept === undefined && next === undefined) edits.push({ start: firstDoomed.start, end: part.end, text: "" });
  }
  return edits;
}

function separatorOf(line: string, parts: readonly Span[]): string {
  const [first, second] = parts;
  if (first !== undefined && second !== undefined) return line.slice(first.end, second.start);
  // One item or none: as the rest of the line does it.
  return /[\]}"0-9],["[{0-9]/.test(line) && !/[\]}"0-9], ["[{0-9]/.test(line) ? "," : ", ";
}
