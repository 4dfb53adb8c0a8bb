import type { IdentityTest } from "./identity";

/**
 * Drops positives of the query and of queries with the same text: the documents themselves, others with the same normalised text, and
 * others with the same id. Passages that a mark promoted are left to `marked`, which says whose mark it was.
 */
export const ownPositive: IdentityTest = (document, group, context) => {
  const { collection, query, verdicts, positiveGroups, positiveIds } = context;
  if (verdicts.excluded.has(group)) {
    return undefined;
  }
  const { id, text } = collection.documents[document] ?? { id: "", text: "" };
  if (context.exactTexts) {
    return context.exactPositives.has(text) ? "a positive of this query" : undefined;
  }
  const positive = positiveGroups.get(group);
  if (positive === undefined) {
    return positiveIds.has(id) ? `its id "${id}" is a positive's` : undefined;
  }
  if (positive === document) {
    return query.positives.includes(positive) ? "a positive of this query" : "a positive of a query with the same text";
  }
  return `the same text as the positive "${collection.documents[positive]?.id ?? ""}"`;
};
