import * as v from "valibot";
import { allowedValues, isNullable } from "./allowedValues";
import { configSchema } from "./config";
import { coreOf, entriesOf, itemOf, layersOf, requirementsOf, schemaAt } from "./schemaWalk";
import type { SettingPath } from "./settingPath";

/** One value of the configuration, as its schema describes it. */
export interface Setting {
  /** Keys from the outside in; places in lists only where a list's item was asked for. */
  readonly path: SettingPath;
  readonly description: string;
  readonly default: unknown;
  /** What may be written, in words. */
  readonly allowed: string;
  /** Whether any text is allowed, so that a bare word is one. */
  readonly isText: boolean;
  /** Whether the value is a list, written as JSON. */
  readonly isList: boolean;
  readonly isNullable: boolean;
  /** The words among which one chooses; absent where the value is no choice. */
  readonly choices?: readonly string[];
  readonly isWhole: boolean;
}

/** All settings, in the order of the schema. A list is one setting. */
export function settings(): readonly Setting[] {
  return settingsBelow(configSchema, []);
}

/** What may stand at a path. */
export type Slot =
  | { readonly kind: "setting"; readonly setting: Setting }
  /** An object of settings: the file's groups, and the items of a list. */
  | { readonly kind: "group"; readonly names: readonly string[] };

/** What may stand at a path; undefined where nothing may. */
export function slotAt(path: SettingPath): Slot | undefined {
  const schema = schemaAt(configSchema, path);
  if (schema === undefined) {
    return undefined;
  }
  const entries = entriesOf(schema);
  return entries === undefined ? { kind: "setting", setting: settingOf(schema, path) } : { kind: "group", names: Object.keys(entries) };
}

/** The name nearest to a mistyped one, if any is near: two letters differ, or a third of them. */
export function nearestName(typed: string, names: readonly string[]): string | undefined {
  const ranked = names
    .map((name) => ({ name, distance: editDistance(typed.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best !== undefined && best.distance <= Math.max(2, Math.floor(best.name.length / 3)) ? best.name : undefined;
}

function settingsBelow(schema: v.GenericSchema, path: SettingPath): readonly Setting[] {
  const entries = entriesOf(schema);
  return entries === undefined
    ? [settingOf(schema, path)]
    : Object.entries(entries).flatMap(([key, entry]) => settingsBelow(entry, [...path, key]));
}

function settingOf(schema: v.GenericSchema, path: SettingPath): Setting {
  const description =
    layersOf(schema)
      .map((layer) => v.getDescription(layer))
      .find((found) => found !== undefined) ?? "";
  const core = coreOf(schema);
  return {
    path,
    description,
    default: "default" in schema ? schema.default : undefined,
    allowed: allowedValues(schema),
    isText: core.type === "string" || core.type === "picklist",
    isList: itemOf(schema) !== undefined,
    isNullable: isNullable(schema),
    ...(core.type === "picklist" && "options" in core ? { choices: core.options as readonly string[] } : {}),
    isWhole: requirementsOf(core).has("integer"),
  };
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
