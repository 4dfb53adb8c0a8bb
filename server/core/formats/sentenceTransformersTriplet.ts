import { NEGATIVE_COLUMNS, numberedNegatives, POSITIVE_COLUMNS, QUERY_COLUMNS } from "./columns";
import { firstKey, firstTextKey, RecordBuilder } from "./fields";
import type { RecordFormat } from "./format";
import { finish } from "./readQuery";
import { readAnchorAndPositive } from "./sentenceTransformersPair";

/** sentence-transformers' (anchor, positive, negative). */
export const sentenceTransformersTriplet: RecordFormat = {
  id: "st-triplet",
  label: "sentence-transformers triplets",
  recognises: (value) =>
    firstTextKey(value, QUERY_COLUMNS) !== undefined &&
    firstTextKey(value, POSITIVE_COLUMNS) !== undefined &&
    firstTextKey(value, NEGATIVE_COLUMNS) !== undefined &&
    numberedNegatives(value).length === 0,
  read(value) {
    const builder = new RecordBuilder();
    const query = readAnchorAndPositive(builder, value);
    const key = firstKey(value, NEGATIVE_COLUMNS);
    if (key === undefined) builder.report("HN106", [], 'The record has no "negative".');
    else builder.addTexts(builder.negatives, value[key], key);
    return finish(builder, query);
  },
};
