import { applyEdits, modify } from "jsonc-parser";
import { defaultConfig } from "./config";
import type { SettingPath } from "./settingPath";

/**
 * The text of a configuration file with one value changed: comments, order and indentation stay. `text` is undefined or blank where there
 * is no file yet. Numbers in the path are places in a list that is there. The text must be readable: see `readConfig`.
 */
export function setConfigValue(text: string | undefined, path: SettingPath, value: unknown): string {
  const before = text === undefined || text.trim() === "" ? "{}\n" : text;
  const formattingOptions = { ...indentation(before), eol: before.includes("\r\n") ? "\r\n" : "\n" };
  return applyEdits(before, modify(before, [...path], value, { formattingOptions }));
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
