import { firstKey, idOf, RecordBuilder } from "./fields";
import type { JsonObject, RecordFormat, RecordQuery } from "./format";
import { isObject } from "./jsonObject";
import { listedAnswers } from "./listedAnswers";
import { fieldsExcept } from "./passageFields";
import { besideQuery, finish, readQuery } from "./readQuery";

/** `queries.jsonl` of a BEIR folder. Positives stand in the qrels. */
export const beirQueries: RecordFormat = {
  id: "beir",
  label: "BEIR queries",
  recognises: (value) => idOf(value["_id"]) !== undefined && typeof value["text"] === "string",
  read(value) {
    const builder = new RecordBuilder();
    if (idOf(value["_id"]) === undefined) builder.report("HN102", [], 'The record has no "_id", so no qrels row can name it.');
    const query = readQuery(builder, value, firstKey(value, ["text"]), "text", beside(value));
    return finish(builder, query);
  },
};

/** Fields of the record go before those of its `metadata`, where BEIR's own files keep what else they know of a query. */
function beside(value: JsonObject): Pick<RecordQuery, "id" | "fields" | "answers"> {
  const own = besideQuery(value, ["_id"], (key) => key === "text");
  const { metadata } = value;
  if (!isObject(metadata)) return own;
  const more = fieldsExcept(metadata, () => false).fields;
  const all = { ...listedAnswers(metadata, () => false), ...own };
  return more === undefined ? all : { ...all, fields: { ...more, ...own.fields } };
}
