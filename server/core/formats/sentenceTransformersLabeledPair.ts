import {
  isKnownColumn,
  LABEL_COLUMNS,
  NEGATIVE_COLUMNS,
  numberedNegatives,
  PASSAGE_COLUMNS,
  PASSAGE_ID_COLUMNS,
  QUERY_COLUMNS,
  QUERY_ID_COLUMNS,
} from "./columns";
import { firstKey, firstTextKey, idField, kindOf, RecordBuilder } from "./fields";
import type { JsonObject, RecordFormat } from "./format";
import { besideQuery, finish, readQuery } from "./readQuery";
import { relevanceUnder } from "./relevance";

/** sentence-transformers' (query, passage, label), one judgement a line. */
export const sentenceTransformersLabeledPair: RecordFormat = {
  id: "st-labeled-pair",
  label: "sentence-transformers labelled pairs",
  recognises: (value) =>
    firstTextKey(value, QUERY_COLUMNS) !== undefined &&
    firstTextKey(value, PASSAGE_COLUMNS) !== undefined &&
    labelKey(value) !== undefined &&
    firstKey(value, NEGATIVE_COLUMNS) === undefined &&
    numberedNegatives(value).length === 0,
  read(value) {
    const builder = new RecordBuilder();
    const query = readQuery(builder, value, firstKey(value, QUERY_COLUMNS), "query", besideQuery(value, QUERY_ID_COLUMNS, isKnownColumn));
    const key = firstKey(value, PASSAGE_COLUMNS);
    if (key === undefined) builder.report("HN102", [], "The record has no passage.");
    else readJudgement(builder, value, key);
    return finish(builder, query);
  },
};

function readJudgement(builder: RecordBuilder, value: JsonObject, key: string): void {
  const text = value[key];
  const label = labelKey(value);
  if (typeof text !== "string") builder.report("HN102", [key], `"${key}" is ${kindOf(text)}, not a text.`);
  if (label === undefined) {
    const wrong = firstKey(value, LABEL_COLUMNS);
    if (wrong === undefined) builder.report("HN102", [], 'The record has no "label".');
    else builder.report("HN102", [wrong], `"${wrong}" is ${kindOf(value[wrong])}, not a number.`);
  }
  if (typeof text !== "string") return;
  const passage = builder.passage(text, [key], idField(value, PASSAGE_ID_COLUMNS));
  if (passage === undefined) return;
  const relevance = label === undefined ? "neither" : relevanceUnder(label, value[label]);
  const lists = { positive: builder.positives, negative: builder.negatives, neither: builder.documents };
  lists[relevance].push(passage);
}

/** A label is a number; `true` and `false` are read as 1 and 0. */
function labelKey(value: JsonObject): string | undefined {
  return LABEL_COLUMNS.find((key) => typeof value[key] === "number" || typeof value[key] === "boolean");
}
