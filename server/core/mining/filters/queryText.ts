import type { Document } from "../../collection/collection";
import { normaliseText } from "../../collection/textKey";
import type { IdentityContext } from "./identity";

/**
 * Drops documents whose normalised text is the query's, with their title or without it: in BEIR's ArguAna nearly every query is a passage of
 * the corpus, which there has a title before it. Equal ids alone say nothing: in most sets queries and passages are numbered apart.
 */
export const queryText = (
  index: number,
  group: number,
  { collection, query, exactTexts }: Pick<IdentityContext, "collection" | "query" | "exactTexts">,
): string | undefined => {
  if (exactTexts) return undefined;
  if (group === query.group) return "the query's own text";
  const document = collection.documents[index];
  const body = document === undefined ? undefined : bodyOf(document);
  if (body === undefined || beginDifferently(body, query.text)) return undefined;
  return normaliseText(body) === normaliseText(query.text) ? "the query's own text, under a title" : undefined;
};

/** What follows the title; undefined where no title was put before the text. */
function bodyOf({ text, title }: Document): string | undefined {
  const joined = title !== undefined && title !== "" && text.startsWith(`${title} `);
  return joined ? text.slice(title.length + 1) : undefined;
}

/** Whether two texts surely differ, seen from their first letters: two ASCII characters that no white space precedes stay under NFC. */
function beginDifferently(one: string, other: string): boolean {
  return isPlain(one) && isPlain(other) && one.charCodeAt(0) !== other.charCodeAt(0);
}

function isPlain(text: string): boolean {
  const [first, second] = [text.charCodeAt(0), text.charCodeAt(1)];
  return first > 0x20 && first < 0x7f && second < 0x7f;
}
