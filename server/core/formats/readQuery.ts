import { isEmptyText, kindOf, type RecordBuilder } from "./fields";
import type { JsonObject, RecordPassage, RecordQuery, RecordReading } from "./format";

/**
 * The query under a key. A missing, mistyped or empty one is reported, and the record then has no query.
 *
 * @param key undefined where none of the names that the format knows is present
 * @param wanted the name that messages use then
 */
export function readQuery(
  builder: RecordBuilder,
  value: JsonObject,
  key: string | undefined,
  wanted: string,
  id: { readonly id?: string } = {},
): RecordQuery | undefined {
  if (key === undefined) {
    builder.report("HN102", [], `The record has no "${wanted}".`);
    return undefined;
  }
  const text = value[key];
  if (typeof text !== "string") {
    builder.report("HN102", [key], `"${key}" is ${kindOf(text)}, not a text.`);
    return undefined;
  }
  if (isEmptyText(text)) {
    builder.report("HN401", [key], `"${key}" is an empty text.`);
    return undefined;
  }
  return { text, path: [key], ...id };
}

/** The record as a format hands it over. */
export function finish(builder: RecordBuilder, query: RecordQuery | undefined): RecordReading {
  const record = { positives: trimmed(builder.positives), negatives: trimmed(builder.negatives), documents: trimmed(builder.documents) };
  return { record: { ...record, ...(query === undefined ? {} : { query }) }, problems: builder.problems };
}

const none: readonly RecordPassage[] = [];

/** Records of large files are kept, and an array that was pushed to has room for sixteen more. */
function trimmed(passages: readonly RecordPassage[]): readonly RecordPassage[] {
  return passages.length === 0 ? none : passages.slice();
}
