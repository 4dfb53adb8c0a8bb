import { firstKey, idField, isEmptyText, kindOf, type RecordBuilder } from "./fields";
import type { JsonObject, RecordPassage, RecordQuery, RecordReading } from "./format";
import { listedAnswers } from "./listedAnswers";
import { fieldsExcept } from "./passageFields";

/**
 * The query under a key. A missing, mistyped or empty one is reported, and the record then has no query.
 *
 * @param key undefined where none of the names that the format knows is present
 * @param wanted the name that messages use then
 * @param beside what the query has besides its text: see `besideQuery`
 */
export function readQuery(
  builder: RecordBuilder,
  value: JsonObject,
  key: string | undefined,
  wanted: string,
  beside: Pick<RecordQuery, "id" | "fields" | "answers"> = {},
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
  return { text, path: [key], ...beside };
}

/**
 * Id, other scalar fields and listed answers of a query's record.
 *
 * @param ids keys of the id, in order of preference
 * @param isTaken tells the keys of the query's text, the passages and their labels
 */
export function besideQuery(
  value: JsonObject,
  ids: readonly string[],
  isTaken: (key: string) => boolean,
): Pick<RecordQuery, "id" | "fields" | "answers"> {
  const id = firstKey(value, ids);
  return { ...idField(value, ids), ...fieldsExcept(value, (key) => key === id || isTaken(key)), ...listedAnswers(value, isTaken) };
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
