import type { Filter } from "./filter";

/**
 * Drops positives of the query and of queries with the same text: the documents themselves, others with the same normalised text, and
 * others with the same id. Passages that a mark promoted are left to `marked`, which says whose mark it was.
 */
export const ownPositive: Filter = (hit, { collection, query, verdicts, positiveGroups, positiveIds }) => {
  if (verdicts.excluded.has(hit.group)) {
    return undefined;
  }
  const id = collection.documents[hit.document]?.id ?? "";
  const positive = positiveGroups.get(hit.group);
  if (positive === undefined) {
    return positiveIds.has(id) ? `its id "${id}" is a positive's` : undefined;
  }
  if (positive === hit.document) {
    return query.positives.includes(positive) ? "a positive of this query" : "a positive of a query with the same text";
  }
  return `the same text as the positive "${collection.documents[positive]?.id ?? ""}"`;
};
