import type { Node } from "jsonc-parser";
import { nearestName, slotAt } from "./settings";
import { pathText, type SettingPath } from "./settingPath";

/** Something wrong with the shape of a configuration, whatever its values. */
export interface ShapeFlaw {
  readonly node: Node;
  /** One sentence, mostly with the next step in a second one. */
  readonly message: string;
}

/**
 * What the schema does not see, or not all of: lists where an object belongs, which to it are objects without keys, unknown keys, and keys
 * given twice. `path` is where the node stands in the configuration.
 */
export function shapeFlaws(node: Node, path: SettingPath): readonly ShapeFlaw[] {
  const slot = slotAt(path);
  if (node.type === "array") {
    return slot?.kind === "group"
      ? [{ node, message: `${pathText(path)} is a list, but must be an object.` }]
      : (node.children ?? []).flatMap((item, i) => shapeFlaws(item, [...path, i]));
  }
  if (node.type !== "object" || slot?.kind !== "group") {
    // A value of the wrong kind is the schema's to tell.
    return [];
  }
  const seen = new Set<string>();
  return (node.children ?? []).flatMap(({ children: [key, value] = [] }): readonly ShapeFlaw[] => {
    if (key === undefined) {
      return [];
    }
    const name = String(key.value);
    if (!slot.names.includes(name)) {
      return [{ node: key, message: unknownKey(name, path, slot.names) }];
    }
    const repeated = seen.has(name) ? [{ node: key, message: `"${name}" is there twice; only the last would count.` }] : [];
    seen.add(name);
    return [...repeated, ...(value === undefined ? [] : shapeFlaws(value, [...path, name]))];
  });
}

function unknownKey(name: string, path: SettingPath, names: readonly string[]): string {
  const nearest = nearestName(name, names);
  const within = path.length === 0 ? "The configuration" : pathText(path);
  const next = nearest === undefined ? `${within} has ${names.join(", ")}.` : `Did you mean "${nearest}"?`;
  return `"${pathText([...path, name])}" is not a setting. ${next}`;
}
