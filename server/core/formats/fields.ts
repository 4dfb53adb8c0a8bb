import type { JsonObject, JsonPath, RecordPassage, RecordProblem } from "./format";

/** Collects what a format finds in one record. */
export class RecordBuilder {
  readonly problems: RecordProblem[] = [];
  readonly positives: RecordPassage[] = [];
  readonly negatives: RecordPassage[] = [];
  readonly documents: RecordPassage[] = [];

  report(code: RecordProblem["code"], path: JsonPath, message: string): void {
    this.problems.push({ code, path, message });
  }

  /** The passage in a string value, unless it is empty, which is reported and left out. */
  passage(text: string, path: JsonPath, extra?: Omit<RecordPassage, "text" | "path">): RecordPassage | undefined {
    if (!isEmptyText(text)) return extra === undefined ? { text, path } : { text: joinTitle(extra.title, text), path, ...extra };
    if (extra?.title !== undefined && !isEmptyText(extra.title)) return { text: joinTitle(extra.title, text), path, ...extra };
    this.report("HN401", path, `${showPath(path)} is an empty text.`);
    return undefined;
  }

  /** Adds the passages of a string, or of a list of strings, under a key to a list. */
  addTexts(to: RecordPassage[], value: unknown, key: string): void {
    if (Array.isArray(value)) {
      for (let position = 0; position < value.length; position++) this.#addText(to, value[position], [key, position]);
    } else {
      this.#addText(to, value, [key]);
    }
  }

  #addText(to: RecordPassage[], value: unknown, path: JsonPath): void {
    if (typeof value === "string") {
      const passage = this.passage(value, path);
      if (passage !== undefined) to.push(passage);
    } else {
      this.report("HN102", path, `${showPath(path)} is ${kindOf(value)}, not a text.`);
    }
  }
}

/** The first of these keys that the object has. */
export function firstKey(value: JsonObject, names: readonly string[]): string | undefined {
  return names.find((name) => Object.hasOwn(value, name));
}

/** The first of these keys under which the object has a text. */
export function firstTextKey(value: JsonObject, names: readonly string[]): string | undefined {
  return names.find((name) => Object.hasOwn(value, name) && typeof value[name] === "string");
}

/** An id as text; numbers are written as JavaScript writes them. Undefined for anything that is not an id. */
export function idOf(value: unknown): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  return typeof value === "number" && Number.isFinite(value) ? String(value) : undefined;
}

/** The id under the first of these keys, ready to be spread into a passage or a query. */
export function idField(value: JsonObject, names: readonly string[]): { readonly id?: string } {
  const key = firstKey(value, names);
  const id = key === undefined ? undefined : idOf(value[key]);
  return id === undefined ? {} : { id };
}

/** Title and text joined by one space, as BEIR's loader and Tevatron embed them. */
export function joinTitle(title: string | undefined, text: string): string {
  if (title === undefined || title === "") return text;
  return text === "" ? title : `${title} ${text}`;
}

export function isEmptyText(text: string): boolean {
  const first = text.charCodeAt(0);
  // Nearly every text begins with a visible ASCII character or a letter; only others are worth a copy.
  return !(first > 0x20 && first < 0x80) && text.trim() === "";
}

/** "an array", "null", "a number": a value's kind as messages say it. */
export function kindOf(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : typeof value === "string" ? "a text" : `a ${typeof value}`;
}

/** `neg[3].text`: a path as people write it. */
export function showPath(path: JsonPath): string {
  return path.reduce<string>(
    (shown, step) => (typeof step === "number" ? `${shown}[${String(step)}]` : shown === "" ? step : `${shown}.${step}`),
    "",
  );
}
