import { isKnownColumn, numberedNegatives, NEGATIVE_COLUMNS, POSITIVE_COLUMNS, QUERY_COLUMNS, QUERY_ID_COLUMNS } from "./columns";
import { firstKey, firstTextKey, RecordBuilder } from "./fields";
import type { JsonObject, RecordFormat, RecordQuery } from "./format";
import { besideQuery, finish, readQuery } from "./readQuery";

/** sentence-transformers' (anchor, positive). */
export const sentenceTransformersPair: RecordFormat = {
  id: "st-pair",
  label: "sentence-transformers pairs",
  recognises: (value) =>
    firstTextKey(value, QUERY_COLUMNS) !== undefined &&
    firstTextKey(value, POSITIVE_COLUMNS) !== undefined &&
    firstKey(value, NEGATIVE_COLUMNS) === undefined &&
    numberedNegatives(value).length === 0,
  read(value) {
    const builder = new RecordBuilder();
    const query = readAnchorAndPositive(builder, value);
    return finish(builder, query);
  },
};

/** The two columns that pairs, triplets and n-tuples begin with. */
export function readAnchorAndPositive(builder: RecordBuilder, value: JsonObject): RecordQuery | undefined {
  const query = readQuery(builder, value, firstKey(value, QUERY_COLUMNS), "anchor", besideQuery(value, QUERY_ID_COLUMNS, isKnownColumn));
  const key = firstKey(value, POSITIVE_COLUMNS);
  if (key === undefined) builder.report("HN107", [], 'The record has no "positive".');
  else builder.addTexts(builder.positives, value[key], key);
  return query;
}
