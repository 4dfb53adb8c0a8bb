import type { Collection } from "./collection";

/** For each group of equal texts, the number of queries that have one of its documents as a positive or listed negative. */
export function countUses(collection: Collection): Int32Array {
  const uses = new Int32Array(collection.groups.length);
  const lastSeenBy = new Int32Array(collection.groups.length).fill(-1);
  for (const [index, query] of collection.queries.entries()) {
    for (const document of [...query.positives, ...query.negatives]) {
      const group = collection.documents[document]?.group ?? -1;
      if (group === -1 || lastSeenBy[group] === index) continue;
      lastSeenBy[group] = index;
      uses[group] = (uses[group] ?? 0) + 1;
    }
  }
  return uses;
}

/** The query on each line of a file: where an editor's cursor leads. */
export function queriesByLine(collection: Collection, file: number): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (const [index, query] of collection.queries.entries()) {
    if (query.file !== file) continue;
    for (const line of query.lines) found.set(line, index);
  }
  return found;
}
