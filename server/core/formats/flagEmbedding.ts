import { firstKey, idField, kindOf, RecordBuilder } from "./fields";
import type { JsonObject, RecordFormat, RecordPassage } from "./format";
import { finish, readQuery } from "./readQuery";

/** FlagEmbedding's fine-tuning records: `query`, `pos` and `neg` lists, and scores in lists of the same length. */
export const flagEmbedding: RecordFormat = {
  id: "flagembedding",
  label: "FlagEmbedding",
  recognises: (value) =>
    typeof value["query"] === "string" && isTexts(value["pos"]) && (!Object.hasOwn(value, "neg") || isTexts(value["neg"])),
  read(value) {
    const builder = new RecordBuilder();
    const query = readQuery(builder, value, firstKey(value, ["query"]), "query", idField(value, ["query_id", "qid", "id", "_id"]));
    readSide(builder, value, "pos");
    readSide(builder, value, "neg");
    return finish(builder, query);
  },
};

function isTexts(value: unknown): boolean {
  return typeof value === "string" || (Array.isArray(value) && value.every((element) => typeof element === "string"));
}

function readSide(builder: RecordBuilder, value: JsonObject, key: "pos" | "neg"): void {
  const side = value[key];
  const into: RecordPassage[] = key === "pos" ? builder.positives : builder.negatives;
  if (typeof side === "string") {
    // The trainers index into it, so a plain text would be taken apart into characters.
    builder.report("HN102", [key], `"${key}" is a text; FlagEmbedding needs a list of texts.`);
    builder.addTexts(into, side, key);
  } else if (Array.isArray(side) && side.length > 0) {
    builder.addTexts(into, side, key);
  } else if (Array.isArray(side) || side === undefined || side === null) {
    const code = key === "pos" ? "HN107" : "HN106";
    const state = Array.isArray(side) ? `"${key}" is an empty list` : `The record has no "${key}"`;
    builder.report(
      code,
      Object.hasOwn(value, key) ? [key] : [],
      key === "pos" ? `${state}: the query has no positive.` : `${state}: the query has no negatives yet.`,
    );
  } else {
    builder.report("HN102", [key], `"${key}" is ${kindOf(side)}, not a list of texts.`);
  }
}
