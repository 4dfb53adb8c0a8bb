import { LABEL_LIST_COLUMNS, PASSAGE_LIST_COLUMNS, QUERY_COLUMNS, QUERY_ID_COLUMNS } from "./columns";
import { firstKey, firstTextKey, idField, kindOf, RecordBuilder, showPath } from "./fields";
import type { JsonObject, RecordFormat } from "./format";
import { finish, readQuery } from "./readQuery";
import { relevanceOf } from "./relevance";

/** sentence-transformers' (query, [passages], [labels]) for rerankers. */
export const sentenceTransformersLabeledList: RecordFormat = {
  id: "st-labeled-list",
  label: "sentence-transformers labelled lists",
  recognises: (value) =>
    firstTextKey(value, QUERY_COLUMNS) !== undefined &&
    listKey(value, PASSAGE_LIST_COLUMNS, "string") !== undefined &&
    listKey(value, LABEL_LIST_COLUMNS, "number") !== undefined,
  read(value) {
    const builder = new RecordBuilder();
    const query = readQuery(builder, value, firstKey(value, QUERY_COLUMNS), "query", idField(value, QUERY_ID_COLUMNS));
    const passages = listOf(builder, value, PASSAGE_LIST_COLUMNS);
    const labels = listOf(builder, value, LABEL_LIST_COLUMNS);
    if (passages === undefined || labels === undefined) return finish(builder, query);
    if (passages.list.length !== labels.list.length) {
      const [labelCount, passageCount] = [String(labels.list.length), String(passages.list.length)];
      builder.report(
        "HN102",
        [labels.key],
        `"${labels.key}" has length ${labelCount} and "${passages.key}" ${passageCount}; they must be equally long.`,
      );
    }
    passages.list.forEach((text, position) => readJudgement(builder, text, [passages.key, position], labels.list[position]));
    return finish(builder, query);
  },
};

function readJudgement(builder: RecordBuilder, text: unknown, path: readonly [string, number], label: unknown): void {
  if (typeof text !== "string") {
    builder.report("HN102", path, `${showPath(path)} is ${kindOf(text)}, not a text.`);
    return;
  }
  const passage = builder.passage(text, path);
  if (passage === undefined) return;
  const relevance = typeof label === "number" || typeof label === "boolean" ? relevanceOf(Number(label)) : "neither";
  const lists = { positive: builder.positives, negative: builder.negatives, neither: builder.documents };
  lists[relevance].push(passage);
}

function listOf(builder: RecordBuilder, value: JsonObject, names: readonly string[]) {
  const key = names.find((name) => Array.isArray(value[name])) ?? firstKey(value, names);
  if (key === undefined) {
    builder.report("HN102", [], `The record has no "${names[0] ?? ""}".`);
    return undefined;
  }
  const list = value[key];
  if (Array.isArray(list)) return { key, list: list as readonly unknown[] };
  builder.report("HN102", [key], `"${key}" is ${kindOf(list)}, not a list.`);
  return undefined;
}

function listKey(value: JsonObject, names: readonly string[], type: "string" | "number"): string | undefined {
  return names.find((name) => {
    const list = value[name];
    return Array.isArray(list) && list.every((element) => typeof element === type);
  });
}
