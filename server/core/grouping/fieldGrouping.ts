import type { Collection, Document } from "../collection/collection";
import { fieldOf, fieldText } from "../collection/fieldOf";
import type { SamplerConfig } from "../config/samplerSchema";
import type { FieldValue } from "../formats/passageFields";
import { itemAt } from "../util/itemAt";
import type { Grouping } from "./grouping";
import { membersOf } from "./members";
import { compareValues } from "./naturalOrder";

/**
 * Passages of one article: those whose field has the same key, which is what stands before the last separator, or the whole value where there
 * is none. Without a field, or with an empty key, a document belongs to no article. Articles are numbered by their first document.
 *
 * Places count the different values of the order field in the article from 0, so that documents with one value share a place, and those
 * without a value have none; lines are ordered by file first. Equal texts with different values keep places of their own. Among the members,
 * those without a place come last.
 */
export function articleGrouping(collection: Collection, settings: SamplerConfig["same_article"]): Grouping {
  const { field, separator, order_field: orderField } = settings;
  const byKey = groupByKey(collection, (document) => {
    const value = field === null ? undefined : fieldOf(document, field);
    return value === undefined ? "" : articleKey(fieldText(value), separator);
  });
  return orderField === null ? byKey : orderedBy(orderField, byKey, collection);
}

/** Passages of one class: those whose field has the same value, compared as text. An empty value is none. */
export function fieldTopics(collection: Collection, field: string): Grouping {
  return groupByKey(collection, (document) => fieldText(fieldOf(document, field) ?? ""));
}

function articleKey(value: string, separator: string | null): string {
  const end = separator === null ? -1 : value.lastIndexOf(separator);
  return end === -1 ? value : value.slice(0, end);
}

function groupByKey(collection: Collection, keyOf: (document: Document) => string): Grouping {
  const { documents } = collection;
  const groupOf = new Int32Array(documents.length).fill(-1);
  const groupOfKey = new Map<string, number>();
  for (const [index, document] of documents.entries()) {
    const key = keyOf(document);
    if (key === "") continue;
    const group = groupOfKey.get(key) ?? groupOfKey.size;
    groupOfKey.set(key, group);
    groupOf[index] = group;
  }
  return { groupOf, members: membersOf(documents, groupOf, groupOfKey.size), names: [...groupOfKey.keys()] };
}

function orderedBy(orderField: string, { groupOf, names }: Grouping, { documents }: Collection): Grouping {
  const values = documents.map((document) => fieldOf(document, orderField));
  const fileOf = (index: number): number => (orderField === "line" ? itemAt(documents, index).file : 0);
  const compare = (a: number, b: number): number => fileOf(a) - fileOf(b) || compareKnown(values[a], values[b]);
  const places = new Int32Array(documents.length).fill(-1);
  const everyone = membersOf(documents, groupOf, names.length, () => true);
  const members = everyone.map((group) => {
    group.sort((a, b) => compare(a, b) || a - b);
    let place = -1;
    group.forEach((document, at) => {
      if (values[document] === undefined) return;
      if (at === 0 || compare(itemOf(group, at - 1), document) !== 0) place += 1;
      places[document] = place;
    });
    return group.every((document) => itemAt(documents, document).minable)
      ? group
      : group.filter((document) => itemAt(documents, document).minable);
  });
  return { groupOf, members, places, names };
}

/** Values as `compareValues` has them, with those that are missing at the end. */
function compareKnown(a: FieldValue | undefined, b: FieldValue | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return compareValues(a, b);
}

function itemOf(list: Int32Array, at: number): number {
  return list[at] ?? -1;
}
