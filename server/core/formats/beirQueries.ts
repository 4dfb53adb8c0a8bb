import { firstKey, idField, idOf, RecordBuilder } from "./fields";
import type { RecordFormat } from "./format";
import { finish, readQuery } from "./readQuery";

/** `queries.jsonl` of a BEIR folder. Positives stand in the qrels. */
export const beirQueries: RecordFormat = {
  id: "beir",
  label: "BEIR queries",
  recognises: (value) => idOf(value["_id"]) !== undefined && typeof value["text"] === "string",
  read(value) {
    const builder = new RecordBuilder();
    if (idOf(value["_id"]) === undefined) builder.report("HN102", [], 'The record has no "_id", so no qrels row can name it.');
    const query = readQuery(builder, value, firstKey(value, ["text"]), "text", idField(value, ["_id"]));
    return finish(builder, query);
  },
};
