import { ownText } from "../util/ownText";
import type { JsonObject } from "./format";

/** What a field can hold to be kept: a text, a finite number, true or false. */
export type FieldValue = string | number | boolean;

export type PassageFields = Readonly<Record<string, FieldValue>>;

/** Longest text that is kept as a field, in UTF-16 units: names, classes and addresses are shorter, and whole texts would double the memory. */
export const LONGEST_FIELD = 256;

/**
 * The scalar fields of an object that holds a passage, ready to be spread into the passage: nothing where there are none. Lists, objects,
 * null and texts of more than 256 UTF-16 units are left out.
 *
 * @param taken keys of what the passage has already: its text, title and id
 */
export function fieldsBeside(value: JsonObject, taken: readonly (string | undefined)[]): { readonly fields?: PassageFields } {
  return fieldsExcept(value, (key) => taken.includes(key));
}

/** As `fieldsBeside`, for whatever holds the fields, with a test of the keys to leave out. */
export function fieldsExcept(value: JsonObject, isTaken: (key: string) => boolean): { readonly fields?: PassageFields } {
  let fields: Record<string, FieldValue> | undefined;
  for (const key of Object.keys(value)) {
    const kept = isTaken(key) ? undefined : fieldValue(value[key]);
    if (kept === undefined) continue;
    fields ??= {};
    if (key === "__proto__") {
      // An assignment would be to the object's prototype instead.
      Object.defineProperty(fields, key, { value: kept, enumerable: true, configurable: true, writable: true });
    } else {
      fields[key] = kept;
    }
  }
  return fields === undefined ? {} : { fields };
}

function fieldValue(value: unknown): FieldValue | undefined {
  if (typeof value === "string") return value.length > LONGEST_FIELD ? undefined : ownText(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  return typeof value === "boolean" ? value : undefined;
}
