import { NEGATIVE_COLUMNS, numberedNegatives, POSITIVE_COLUMNS, QUERY_COLUMNS } from "./columns";
import { firstKey, firstTextKey, RecordBuilder } from "./fields";
import type { JsonObject, RecordFormat } from "./format";
import { finish } from "./readQuery";
import { readAnchorAndPositive } from "./sentenceTransformersPair";

/** sentence-transformers' (anchor, positive, negative_1, … negative_n), and the variant that keeps them in one list. */
export const sentenceTransformersNTuple: RecordFormat = {
  id: "st-n-tuple",
  label: "sentence-transformers n-tuples",
  recognises: (value) =>
    firstTextKey(value, QUERY_COLUMNS) !== undefined &&
    firstKey(value, POSITIVE_COLUMNS) !== undefined &&
    (numberedNegatives(value).length > 0 || listColumn(value) !== undefined),
  read(value) {
    const builder = new RecordBuilder();
    const query = readAnchorAndPositive(builder, value);
    const columns = numberedNegatives(value);
    const list = firstKey(value, NEGATIVE_COLUMNS);
    if (list !== undefined) builder.addTexts(builder.negatives, value[list], list);
    for (const key of columns) {
      // A shorter tuple among longer ones is padded with null by the loaders.
      if (value[key] !== null) builder.addTexts(builder.negatives, value[key], key);
    }
    if (isEmptyList(list === undefined ? undefined : value[list]) && columns.every((key) => value[key] === null)) {
      builder.report("HN106", list === undefined ? [] : [list], "The record lists no negatives.");
    }
    return finish(builder, query);
  },
};

function listColumn(value: JsonObject): string | undefined {
  return NEGATIVE_COLUMNS.find((key) => Array.isArray(value[key]));
}

function isEmptyList(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}
