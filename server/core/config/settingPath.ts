/** Where a value stands in the configuration: keys and places in lists, from the outside in. */
export type SettingPath = readonly (string | number)[];

/** As people write it: `sampler.mix[0].relative_margin`. */
export function pathText(path: SettingPath): string {
  return path.map((part, i) => (typeof part === "number" ? `[${String(part)}]` : i === 0 ? part : `.${part}`)).join("");
}

/** The path in a text such as `sampler.mix[0].n` or `sampler.mix.0.n`. Only the schema can tell a place in a list from a key of digits. */
export function parsePath(text: string): readonly string[] {
  return text.replace(/\[(\d+)\]/gu, ".$1").split(".");
}
