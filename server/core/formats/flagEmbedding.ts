import { firstKey, kindOf, RecordBuilder } from "./fields";
import type { JsonObject, RecordFormat, RecordPassage } from "./format";
import { besideQuery, finish, readQuery } from "./readQuery";

const QUERY_IDS = ["query_id", "qid", "id", "_id"] as const;

/** FlagEmbedding's fine-tuning records: `query`, `pos` and `neg` lists, and scores in lists of the same length. */
export const flagEmbedding: RecordFormat = {
  id: "flagembedding",
  label: "FlagEmbedding",
  recognises: (value) =>
    typeof value["query"] === "string" && isTexts(value["pos"]) && (!Object.hasOwn(value, "neg") || isTexts(value["neg"])),
  read(value) {
    const builder = new RecordBuilder();
    const query = readQuery(builder, value, firstKey(value, ["query"]), "query", besideQuery(value, QUERY_IDS, isText));
    readSide(builder, value, "pos");
    readSide(builder, value, "neg");
    return finish(builder, query);
  },
};

/** The members that hold texts to embed. */
function isText(key: string): boolean {
  return key === "query" || key === "pos" || key === "neg";
}

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
