import type * as v from "valibot";
import { alternativesOf, coreOf, entriesOf, itemOf, layersOf, requirementsOf } from "./schemaWalk";

/** What a schema lets stand, in words for a table or a message. */
export function allowedValues(schema: v.GenericSchema): string {
  const words = allowedIn(coreOf(schema));
  return isNullable(schema) ? `${words}, or null` : words;
}

export function isNullable(schema: v.GenericSchema): boolean {
  return layersOf(schema).some((layer) => layer.type === "nullable");
}

function allowedIn(schema: v.GenericSchema): string {
  const alternatives = alternativesOf(schema);
  if (alternatives !== undefined) {
    return alternatives.map(allowedValues).join(", ");
  }
  if ("options" in schema && Array.isArray(schema.options)) {
    return schema.options.map((option) => JSON.stringify(option)).join(", ");
  }
  const item = itemOf(schema);
  if (item !== undefined) {
    return listOf(item);
  }
  if (entriesOf(schema) !== undefined) {
    return "an object";
  }
  if (schema.type === "boolean") {
    return "true, false";
  }
  return schema.type === "string" ? "a text" : numbersIn(schema);
}

function listOf(item: v.GenericSchema): string {
  const entries = entriesOf(item);
  if (entries === undefined) {
    return `a list, each ${allowedValues(item)}`;
  }
  const optional = (schema: v.GenericSchema): boolean => schema.type === "optional" || schema.type === "exact_optional";
  const named = Object.entries(entries);
  const needed = named.filter(([, schema]) => !optional(schema)).map(([name]) => name);
  const free = named.filter(([, schema]) => optional(schema)).map(([name]) => name);
  return `a list of objects with ${needed.join(", ")}${free.length === 0 ? "" : `; may have ${free.join(", ")}`}`;
}

function numbersIn(schema: v.GenericSchema): string {
  const limits = requirementsOf(schema);
  const kind = limits.has("integer") ? "a whole number" : "a number";
  const words: readonly (readonly [string, string])[] = [
    ["min_value", "at least"],
    ["max_value", "at most"],
    ["gt_value", "above"],
    ["lt_value", "below"],
  ];
  const bounds = words.filter(([name]) => limits.has(name)).map(([name, word]) => `${word} ${String(limits.get(name))}`);
  return [kind, ...bounds].join(", ");
}
