import type { FieldPredicate } from "../config/samplerSchema";
import type { FieldValue } from "../formats/passageFields";
import type { Document } from "./collection";
import { fieldOf, fieldText } from "./fieldOf";

/**
 * Whether a document meets all of these; with none, every document does. A document without the field does not meet a test of it. Values
 * are compared as texts (`fieldText`), case and all: the number 3 equals the text "3", true equals "true", and both may have a prefix.
 */
export function meets(document: Document, predicates: readonly FieldPredicate[]): boolean {
  return predicates.every((predicate) => {
    const value = fieldOf(document, predicate.field);
    return value !== undefined && meetsOne(fieldText(value), predicate);
  });
}

function meetsOne(text: string, { equals, in: list, prefix }: FieldPredicate): boolean {
  if (equals !== undefined) return text === fieldText(equals);
  if (list !== undefined) return textsOf(list).has(text);
  return prefix !== undefined && text.startsWith(prefix);
}

/** Long lists of ids are asked for each candidate. They go when the configuration goes. */
const textSets = new WeakMap<readonly FieldValue[], ReadonlySet<string>>();

function textsOf(list: readonly FieldValue[]): ReadonlySet<string> {
  const known = textSets.get(list);
  if (known !== undefined) return known;
  const made = new Set(list.map(fieldText));
  textSets.set(list, made);
  return made;
}
