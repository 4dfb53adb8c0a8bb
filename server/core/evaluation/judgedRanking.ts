import type { Collection, Query } from "../collection/collection";
import { queryText } from "../mining/filters/queryText";

/**
 * The texts of ranked documents as groups, in the documents' order and each once, without the query's own text: in BEIR's ArguAna a query is
 * itself a passage of the corpus, which would take every first rank.
 */
export function rankedTexts(ranked: readonly number[], query: Query, collection: Collection): readonly number[] {
  return textsOf(ranked, query, collection);
}

/**
 * The texts that are relevant for a query, as groups: those of its positives (indices of documents; `positivesInForce` where marks count),
 * without the query's own text, which no ranking contains. Where this is empty the query cannot be evaluated.
 */
export function relevantTexts(positives: readonly number[], query: Query, collection: Collection): ReadonlySet<number> {
  return new Set(textsOf(positives, query, collection));
}

function textsOf(documents: readonly number[], query: Query, collection: Collection): readonly number[] {
  const groups = new Set<number>();
  for (const document of documents) {
    const group = collection.documents[document]?.group;
    if (group === undefined) throw new RangeError(`There is no document ${String(document)}.`);
    if (groups.has(group)) continue;
    if (queryText(document, group, { collection, query, exactTexts: false }) === undefined) groups.add(group);
  }
  return [...groups];
}
