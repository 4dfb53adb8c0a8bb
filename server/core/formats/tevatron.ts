import { firstKey, idField, kindOf, RecordBuilder, showPath } from "./fields";
import type { JsonObject, RecordFormat, RecordPassage } from "./format";
import { isObject } from "./jsonObject";
import { fieldsBeside } from "./passageFields";
import { besideQuery, finish, readQuery } from "./readQuery";

const QUERY_IDS = ["query_id", "qid"] as const;
const PASSAGE_IDS = ["docid", "doc_id", "_id", "id"] as const;

/** Tevatron's inline records, also RLHN's: passages as objects with `docid`, `title` and `text`. */
export const tevatron: RecordFormat = {
  id: "tevatron",
  label: "Tevatron",
  recognises: (value) => typeof value["query"] === "string" && Array.isArray(value["positive_passages"]),
  read(value) {
    const builder = new RecordBuilder();
    const query = readQuery(builder, value, firstKey(value, ["query"]), "query", besideQuery(value, QUERY_IDS, isQuery));
    readSide(builder, value, "positive_passages");
    readSide(builder, value, "negative_passages");
    return finish(builder, query);
  },
};

function isQuery(key: string): boolean {
  return key === "query";
}

function readSide(builder: RecordBuilder, value: JsonObject, key: "positive_passages" | "negative_passages"): void {
  const side = value[key];
  const isPositive = key === "positive_passages";
  if (side === undefined || side === null || (Array.isArray(side) && side.length === 0)) {
    const path = Object.hasOwn(value, key) ? [key] : [];
    builder.report(
      isPositive ? "HN107" : "HN106",
      path,
      isPositive ? `"${key}" lists nothing: the query has no positive.` : `"${key}" lists nothing: the query has no negatives yet.`,
    );
  } else if (!Array.isArray(side)) {
    builder.report("HN102", [key], `"${key}" is ${kindOf(side)}, not a list of passages.`);
  } else {
    const into = isPositive ? builder.positives : builder.negatives;
    side.forEach((passage: unknown, position) => readPassage(builder, into, passage, [key, position]));
  }
}

function readPassage(builder: RecordBuilder, into: RecordPassage[], value: unknown, path: readonly [string, number]): void {
  if (!isObject(value)) {
    builder.report("HN102", path, `${showPath(path)} is ${kindOf(value)}, not an object with "docid" and "text".`);
    return;
  }
  const { text, title } = value;
  if (typeof text !== "string") {
    builder.report(
      "HN102",
      Object.hasOwn(value, "text") ? [...path, "text"] : path,
      `${showPath([...path, "text"])} is ${kindOf(text)}, not a text.`,
    );
    return;
  }
  const passage = builder.passage(text, [...path, "text"], {
    ...idField(value, PASSAGE_IDS),
    ...(typeof title === "string" && title !== "" ? { title } : {}),
    ...fieldsBeside(value, ["text", "title", firstKey(value, PASSAGE_IDS)]),
  });
  if (passage !== undefined) into.push(passage);
}
