import { applyEdits, createScanner, findNodeAtLocation, modify, parseTree } from "jsonc-parser";
import type { Node } from "jsonc-parser";
import { defaultConfig } from "./config";
import type { SettingPath } from "./settingPath";

/**
 * The text of a configuration file with one value changed: comments, order and indentation stay. `text` is undefined or blank where there
 * is no file yet. Numbers in the path are places in a list that is there. The text must be readable: see `readConfig`.
 */
export function setConfigValue(text: string | undefined, path: SettingPath, value: unknown): string {
  const before = text === undefined || text.trim() === "" ? "{}\n" : text;
  if (isOnOneLine(before, path.slice(0, -1))) {
    const edits = modify(before, [...path], value, {});
    return applyEdits(
      before,
      edits.map((edit) => ({ ...edit, content: edit.content.replace(/^,/u, ", ") })),
    );
  }
  const formattingOptions = { ...indentation(before), eol: before.includes("\r\n") ? "\r\n" : "\n" };
  return applyEdits(before, modify(before, [...path], value, { formattingOptions }));
}

/** Whether the settings of a group stand on one line, where formatting would take them apart. */
function isOnOneLine(text: string, path: SettingPath): boolean {
  const root = parseTree(text);
  const group = root === undefined ? undefined : findNodeAtLocation(root, [...path]);
  if (group?.children === undefined || group.children.length === 0) return false;
  return !text.slice(group.offset, endOf(group)).includes("\n");
}

/**
 * The text without one setting or one entry of a list. All else stays, comments too, which the library's own removal takes along. The text
 * itself where nothing is set there.
 */
export function removeConfigValue(text: string, path: SettingPath): string {
  const root = parseTree(text);
  const value = root === undefined ? undefined : findNodeAtLocation(root, [...path]);
  const entry = value?.parent?.type === "property" ? value.parent : value;
  const entries = entry?.parent?.children;
  if (entry === undefined || entries === undefined) return text;
  const end = endOf(entry);
  const comma = commaAt(text, end);
  if (comma !== undefined && text.slice(end, comma).trim() === "") return without(text, entry.offset, comma + 1);
  const previous = entries[entries.indexOf(entry) - 1];
  const loose = comma ?? (previous === undefined ? undefined : commaAt(text, endOf(previous)));
  const rest = without(text, entry.offset, end);
  if (loose === undefined) return rest;
  // A comma before the entry still stands where it stood; one after it has moved by what was cut.
  const at = loose < entry.offset ? loose : loose - (text.length - rest.length);
  return rest.slice(0, at) + rest.slice(at + 1);
}

function endOf({ offset, length }: Node): number {
  return offset + length;
}

/** Where the comma stands that is next in the text but for blanks and comments. */
function commaAt(text: string, from: number): number | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(from);
  scanner.scan();
  const offset = scanner.getTokenOffset();
  return text[offset] === "," ? offset : undefined;
}

/** The text without a stretch, and without the blanks or the line that it leaves empty. */
function without(text: string, start: number, end: number): string {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const lineEnd = text.indexOf("\n", end);
  const beginsLine = text.slice(lineStart, start).trim() === "";
  const endsLine = lineEnd !== -1 && text.slice(end, lineEnd).trim() === "";
  if (beginsLine && endsLine) return text.slice(0, lineStart) + text.slice(lineEnd + 1);
  if (beginsLine) return text.slice(0, start) + text.slice(end).replace(/^[ \t]+/u, "");
  return text.slice(0, start).replace(/[ \t]+$/u, "") + text.slice(end);
}

/** As the first indented line has it; two blanks where there is none. */
function indentation(text: string): { readonly insertSpaces: boolean; readonly tabSize: number } {
  const [, indent] = /^([ \t]+)\S/mu.exec(text) ?? [];
  return indent?.startsWith("\t") === true ? { insertSpaces: false, tabSize: 4 } : { insertSpaces: true, tabSize: indent?.length ?? 2 };
}

/** What a new configuration file holds: the settings that people change most, at their defaults. */
export function initialConfigText(): string {
  const { sampling_strategy, num_negatives, range_min, range_max, relative_margin, near_duplicate_similarity, seed } =
    defaultConfig.sampler;
  const sampler = { sampling_strategy, num_negatives, range_min, range_max, relative_margin, near_duplicate_similarity, seed };
  return `${JSON.stringify({ sampler }, null, 2)}\n`;
}
