import * as v from "valibot";
import { configSchema } from "./config";

/** One value of the configuration, as its schema describes it. */
export interface Setting {
  /** Keys from the outside in. */
  readonly path: readonly string[];
  readonly description: string;
  readonly default: unknown;
  /** What may be written, in words. */
  readonly allowed: string;
  /** Whether any text is allowed, so that a bare word is one. */
  readonly isText: boolean;
  readonly isNullable: boolean;
}

/** All settings, in the order of the schema. */
export function settings(): readonly Setting[] {
  return settingsBelow(configSchema, []);
}

/** Names that may stand in the object at a path; none where no object is expected. */
export function namesAt(path: readonly string[]): readonly string[] {
  let schema: v.GenericSchema | undefined = configSchema;
  for (const key of path) {
    schema = schema === undefined ? undefined : entriesOf(schema)?.[key];
  }
  return Object.keys((schema === undefined ? undefined : entriesOf(schema)) ?? {});
}

/** The name nearest to a mistyped one, if any is near: two letters differ, or a third of them. */
export function nearestName(typed: string, names: readonly string[]): string | undefined {
  const ranked = names
    .map((name) => ({ name, distance: editDistance(typed.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best !== undefined && best.distance <= Math.max(2, Math.floor(best.name.length / 3)) ? best.name : undefined;
}

function settingsBelow(schema: v.GenericSchema, path: readonly string[]): readonly Setting[] {
  const entries = entriesOf(schema);
  return entries === undefined
    ? [settingOf(schema, path)]
    : Object.entries(entries).flatMap(([key, entry]) => settingsBelow(entry, [...path, key]));
}

function settingOf(schema: v.GenericSchema, path: readonly string[]): Setting {
  const layers = layersOf(schema);
  const isNullable = layers.some((layer) => layer.type === "nullable");
  const description = layers.map((layer) => v.getDescription(layer)).find((found) => found !== undefined) ?? "";
  const core = layers.at(-1) ?? schema;
  const byDefault = "default" in schema ? schema.default : undefined;
  return {
    path,
    description,
    default: byDefault,
    allowed: isNullable ? `${allowedIn(core)}, or null` : allowedIn(core),
    isText: core.type === "string" || core.type === "picklist",
    isNullable,
  };
}

function allowedIn(schema: v.GenericSchema): string {
  if ("options" in schema && Array.isArray(schema.options)) {
    return schema.options.map((option) => JSON.stringify(option)).join(", ");
  }
  if (schema.type === "boolean") {
    return "true, false";
  }
  if (schema.type === "string") {
    return "a text";
  }
  const limits = requirementsOf(schema);
  const kind = limits.has("integer") ? "a whole number" : "a number";
  const words: readonly (readonly [string, string])[] = [
    ["min_value", "at least"],
    ["max_value", "at most"],
    ["gt_value", "above"],
  ];
  const bounds = words.filter(([name]) => limits.has(name)).map(([name, word]) => `${word} ${String(limits.get(name))}`);
  return [kind, ...bounds].join(", ");
}

/** Limits that a schema's pipe sets, by the names of their actions; pipes may stand within pipes. */
function requirementsOf(schema: v.GenericSchema): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  const visit = (item: unknown): void => {
    if (typeof item !== "object" || item === null) {
      return;
    }
    if ("pipe" in item && Array.isArray(item.pipe)) {
      for (const part of item.pipe) {
        visit(part);
      }
    } else if ("kind" in item && item.kind === "validation" && "type" in item && typeof item.type === "string") {
      found.set(item.type, "requirement" in item ? item.requirement : undefined);
    }
  };
  visit(schema);
  return found;
}

/** A schema, then what it wraps, from the outside in. */
function layersOf(schema: v.GenericSchema): readonly v.GenericSchema[] {
  const inner = wrappedIn(schema);
  return inner === undefined ? [schema] : [schema, ...layersOf(inner)];
}

function entriesOf(schema: v.GenericSchema): Readonly<Record<string, v.GenericSchema>> | undefined {
  const core = layersOf(schema).at(-1);
  return core !== undefined && "entries" in core ? (core.entries as Record<string, v.GenericSchema>) : undefined;
}

function wrappedIn(schema: v.GenericSchema): v.GenericSchema | undefined {
  return "wrapped" in schema ? (schema.wrapped as v.GenericSchema) : undefined;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
