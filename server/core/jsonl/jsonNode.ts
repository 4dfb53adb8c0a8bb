import type { JsonPath } from "../formats/format";

/** A range of a line in UTF-16 units, the end not included. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A JSON value and where it stands in its line. `value` is what `JSON.parse` gives for it. */
export type JsonNode = JsonObjectNode | JsonArrayNode | JsonScalarNode;

export interface JsonObjectNode extends Span {
  readonly kind: "object";
  readonly value: unknown;
  /** In order of appearance; a key written twice is here twice. */
  readonly members: readonly JsonMember[];
}

export interface JsonArrayNode extends Span {
  readonly kind: "array";
  readonly value: unknown;
  readonly elements: readonly JsonNode[];
}

export interface JsonScalarNode extends Span {
  readonly kind: "string" | "number" | "boolean" | "null";
  readonly value: unknown;
}

export interface JsonMember {
  readonly key: JsonScalarNode;
  readonly name: string;
  readonly value: JsonNode;
}

/** The node at a path; of a key written twice the last one, as in `JSON.parse`. Undefined where the path leads nowhere. */
export function nodeAt(root: JsonNode | undefined, path: JsonPath): JsonNode | undefined {
  let node = root;
  for (const step of path) {
    if (node === undefined) return undefined;
    node = typeof step === "number" ? elementOf(node, step) : memberOf(node, step)?.value;
  }
  return node;
}

/** The member with this name; the last one where the key is written twice. */
export function memberOf(node: JsonNode | undefined, name: string): JsonMember | undefined {
  return node?.kind === "object" ? node.members.findLast((member) => member.name === name) : undefined;
}

function elementOf(node: JsonNode, position: number): JsonNode | undefined {
  return node.kind === "array" ? node.elements[position] : undefined;
}
