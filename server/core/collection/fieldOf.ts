import type { FieldValue } from "../formats/passageFields";
import { ID_KEYS } from "../formats/plainCorpus";
import type { Document } from "./collection";

const idKeys: ReadonlySet<string> = new Set(ID_KEYS);

/**
 * The value of a document's field; undefined where it has none. "id" and "title" are the document's own and "line" its 1-based line number
 * within its file, even where the record has other fields of these names. Every other name is a field of the record; "_id", "docid" and
 * the like, where the record has no such field left, are the id, which was read from one of them.
 */
export function fieldOf(document: Document, name: string): FieldValue | undefined {
  if (name === "id" || name === "title" || name === "line") return document[name];
  const { fields } = document;
  if (fields !== undefined && Object.hasOwn(fields, name)) return fields[name];
  return idKeys.has(name) ? document.id : undefined;
}

/**
 * A value as the text that it is compared by: a number as JavaScript writes it, so that 3 and "3" are the same and "3.0" is another, and
 * true and false as these words.
 */
export function fieldText(value: FieldValue): string {
  return typeof value === "string" ? value : String(value);
}
