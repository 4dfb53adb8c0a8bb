import { memberOf } from "../jsonl/jsonNode";
import type { JsonObjectNode } from "../jsonl/jsonNode";
import { insertKey, removeMembersAt, replaceValue } from "../jsonl/spanEdit";
import type { TextEdit } from "../jsonl/spanEdit";

/** Gives a member another value, or adds the member behind the last one. */
export function setMember(line: string, root: JsonObjectNode, name: string, json: string): readonly TextEdit[] {
  const member = memberOf(root, name);
  return member === undefined ? insertKey(line, root, name, json) : [replaceValue(member.value, json)];
}

/** Takes every member with one of these names out. */
export function removeMembers(root: JsonObjectNode, names: readonly string[]): readonly TextEdit[] {
  return removeMembersAt(
    root,
    root.members.flatMap(({ name }, position) => (names.includes(name) ? [position] : [])),
  );
}
