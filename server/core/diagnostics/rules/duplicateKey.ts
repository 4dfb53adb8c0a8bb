import type { JsonNode, JsonObjectNode, Span } from "../../jsonl/jsonNode";
import { removeMembersAt } from "../../jsonl/spanEdit";
import type { Rule } from "../rule";

export const duplicateKey: Rule = {
  code: "HN007",
  title: "Duplicate key",
  severity: "warning",
  explanation: "Of two equal keys in one object, readers keep the last and drop the other without a word.",
  fixSafety: "unsafe",
  fixes(row, { span }) {
    const owner = span === undefined ? undefined : ownerOfKey(row.root, span);
    if (owner === undefined || span === undefined) return [];
    const name = owner.members.find(({ key }) => key.start === span.start)?.name;
    const last = owner.members.findLastIndex((member) => member.name === name);
    const earlier = owner.members.flatMap((member, position) => (member.name === name && position !== last ? [position] : []));
    return [{ title: "Keep the last one", safe: false, edits: row.edits(removeMembersAt(owner, earlier)) }];
  },
};

/** The object that has a key at this place. */
function ownerOfKey(root: JsonNode | undefined, span: Span): JsonObjectNode | undefined {
  let node = root;
  while (node !== undefined) {
    if (node.kind === "object" && node.members.some(({ key }) => key.start === span.start)) return node;
    const children: readonly JsonNode[] =
      node.kind === "object" ? node.members.map(({ value }) => value) : node.kind === "array" ? node.elements : [];
    node = children.find(({ start, end }) => start <= span.start && span.end <= end);
  }
  return undefined;
}
