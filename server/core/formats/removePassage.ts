import { nodeAt, type JsonArrayNode, type JsonNode } from "../jsonl/jsonNode";
import { removeElements, type TextEdit } from "../jsonl/spanEdit";
import { LABEL_LIST_COLUMNS, mayBeLabeledList, NEGATIVE_COLUMNS, PASSAGE_LIST_COLUMNS } from "./columns";
import type { JsonPath } from "./format";

export interface PassageRemoval {
  readonly edits: readonly TextEdit[];
  /** False where a list of numbers in the record may or may not go by position, so that a person must look. */
  readonly safe: boolean;
}

/**
 * Takes a passage out of the list that holds it, and its score, id or label out of the lists that run beside it.
 * Undefined where the passage is a column of its own, which cannot go without changing the shape of the record.
 */
export function removePassage(root: JsonNode | undefined, path: JsonPath): PassageRemoval | undefined {
  const [key, position] = path;
  if (root?.kind !== "object" || typeof key !== "string" || typeof position !== "number") return undefined;
  const list = nodeAt(root, [key]);
  if (list?.kind !== "array" || position >= list.elements.length) return undefined;
  const edits = [...removeElements(list, [position])];
  let safe = true;
  const beside = parallelLists(
    key,
    root.members.map(({ name }) => name),
  );
  for (const { name, value } of root.members) {
    if (name === key || value.kind !== "array") continue;
    const runsBeside = beside.includes(name);
    if (runsBeside && value.elements.length === list.elements.length) edits.push(...removeElements(value, [position]));
    else if (runsBeside || (isOfNumbers(value) && !belongsToOther(name, key))) safe = false;
  }
  return { edits, safe };
}

/** Whether this list of a record holds negatives. */
export function isNegativeList(key: string | number | undefined): boolean {
  return key === "neg" || key === "negative_passages" || NEGATIVE_COLUMNS.some((column) => column === key);
}

/** Lists that go by the positions of this one. */
function parallelLists(key: string, names: readonly string[]): readonly string[] {
  if (PASSAGE_LIST_COLUMNS.some((column) => column === key) || mayBeLabeledList(names)) return LABEL_LIST_COLUMNS;
  return [`${key}_scores`, `${key}_score`, `${key}_ids`, `${key}_id`];
}

/** Whether a list of numbers runs beside the positives, and so has nothing to do with the negatives, or the other way round. */
function belongsToOther(name: string, key: string): boolean {
  return ["pos", "neg"].some((side) => side !== key && name.startsWith(`${side}_`));
}

function isOfNumbers(list: JsonArrayNode): boolean {
  return list.elements.length > 0 && list.elements.every(({ kind }) => kind === "number" || kind === "null");
}
