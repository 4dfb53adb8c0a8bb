import type { Document } from "../collection/collection";

/** Documents of each group in the order of the collection: the minable ones, or those that `counts` lets in. */
export function membersOf(
  documents: readonly Document[],
  groupOf: Int32Array,
  groups: number,
  counts: (document: Document) => boolean = ({ minable }) => minable,
): readonly Int32Array[] {
  const sizes = new Int32Array(groups);
  const isMember = (document: Document, index: number): boolean => (groupOf[index] ?? -1) >= 0 && counts(document);
  for (const [index, document] of documents.entries()) {
    if (isMember(document, index)) sizes[groupOf[index] ?? 0] = (sizes[groupOf[index] ?? 0] ?? 0) + 1;
  }
  const members = Array.from(sizes, (size) => new Int32Array(size));
  const filled = new Int32Array(groups);
  for (const [index, document] of documents.entries()) {
    if (!isMember(document, index)) continue;
    const group = groupOf[index] ?? 0;
    const at = filled[group] ?? 0;
    const list = members[group];
    if (list !== undefined) list[at] = index;
    filled[group] = at + 1;
  }
  return members;
}
