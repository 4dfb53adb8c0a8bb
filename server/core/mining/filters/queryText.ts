import type { Document } from "../../collection/collection";
import { normaliseText } from "../../collection/textKey";
import type { Filter } from "./filter";

/**
 * Drops documents whose normalised text is the query's, with their title or without it: in BEIR's ArguAna nearly every query is a passage of
 * the corpus, which there has a title before it. Equal ids alone say nothing: in most sets queries and passages are numbered apart.
 */
export const queryText: Filter = (hit, { collection, query }) => {
  if (hit.group === query.group) return "the query's own text";
  const document = collection.documents[hit.document];
  const body = document === undefined ? undefined : bodyOf(document);
  return body !== undefined && normaliseText(body) === normaliseText(query.text) ? "the query's own text, under a title" : undefined;
};

/** What follows the title; undefined where no title was put before the text. */
function bodyOf({ text, title }: Document): string | undefined {
  const joined = title !== undefined && title !== "" && text.startsWith(`${title} `);
  return joined ? text.slice(title.length + 1) : undefined;
}
