/** Reads the configuration's schema as a tree: what may stand where, whatever wraps it. */
import type * as v from "valibot";
import type { SettingPath } from "./settingPath";

/** The schema at a path; undefined where nothing is expected. A place in a list has the schema of the list's items. */
export function schemaAt(root: v.GenericSchema, path: SettingPath): v.GenericSchema | undefined {
  let schema: v.GenericSchema | undefined = root;
  for (const part of path) {
    if (schema === undefined) return undefined;
    schema = typeof part === "number" ? itemOf(schema) : ownEntry(schema, part);
  }
  return schema;
}

/** A schema, then what it wraps, from the outside in. */
export function layersOf(schema: v.GenericSchema): readonly v.GenericSchema[] {
  return "wrapped" in schema ? [schema, ...layersOf(schema.wrapped as v.GenericSchema)] : [schema];
}

/** The schema within its wrappings. */
export function coreOf(schema: v.GenericSchema): v.GenericSchema {
  return layersOf(schema).at(-1) ?? schema;
}

/** The schemas of an object's members by name; undefined where no object is expected. */
export function entriesOf(schema: v.GenericSchema): Readonly<Record<string, v.GenericSchema>> | undefined {
  const core = coreOf(schema);
  return "entries" in core ? (core.entries as Record<string, v.GenericSchema>) : undefined;
}

/** The schema of a list's items; undefined where no list is expected. */
export function itemOf(schema: v.GenericSchema): v.GenericSchema | undefined {
  const core = coreOf(schema);
  return "item" in core ? (core.item as v.GenericSchema) : undefined;
}

/** The schemas of which a value must meet one; undefined for other schemas. */
export function alternativesOf(schema: v.GenericSchema): readonly v.GenericSchema[] | undefined {
  const core = coreOf(schema);
  return core.type === "union" && "options" in core ? (core.options as v.GenericSchema[]) : undefined;
}

/** Limits that a schema's pipe sets, by the names of their actions; pipes may stand within pipes. */
export function requirementsOf(schema: v.GenericSchema): ReadonlyMap<string, unknown> {
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

function ownEntry(schema: v.GenericSchema, key: string): v.GenericSchema | undefined {
  const entries = entriesOf(schema);
  return entries !== undefined && Object.hasOwn(entries, key) ? entries[key] : undefined;
}
