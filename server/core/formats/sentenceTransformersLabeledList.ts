import { isKnownColumn, LABEL_LIST_COLUMNS, mayBeLabeledList, PASSAGE_LIST_COLUMNS, QUERY_COLUMNS, QUERY_ID_COLUMNS } from "./columns";
import { firstKey, firstTextKey, kindOf, RecordBuilder, showPath } from "./fields";
import type { JsonObject, RecordFormat } from "./format";
import { besideQuery, finish, readQuery } from "./readQuery";
import { isScoreKey, relevanceUnder } from "./relevance";
import type { Relevance } from "./relevance";

/**
 * sentence-transformers' (query, [passages], [labels]) for rerankers. Its mining keeps the name of the positive's column for the list, so
 * that a list beside labels is one whatever it is called.
 */
export const sentenceTransformersLabeledList: RecordFormat = {
  id: "st-labeled-list",
  label: "sentence-transformers labelled lists",
  recognises: (value) =>
    firstTextKey(value, QUERY_COLUMNS) !== undefined &&
    labelKey(value) !== undefined &&
    (PASSAGE_LIST_COLUMNS.some((name) => isTextList(value[name])) || isMined(value)),
  read(value) {
    const builder = new RecordBuilder();
    const query = readQuery(builder, value, firstKey(value, QUERY_COLUMNS), "query", besideQuery(value, QUERY_ID_COLUMNS, isKnownColumn));
    const mined = PASSAGE_LIST_COLUMNS.some((name) => Array.isArray(value[name])) ? undefined : minedListKey(value);
    const passages = listOf(builder, value, mined === undefined ? PASSAGE_LIST_COLUMNS : [mined]);
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
    const isOrdered = mined !== undefined && areSimilarities(labels);
    const relevances = isOrdered ? minedOrder(passages.list) : labels.list.map((label) => relevanceUnder(labels.key, label));
    passages.list.forEach((text, position) => {
      readJudgement(builder, text, [passages.key, position], relevances[position] ?? "neither");
    });
    return finish(builder, query);
  },
};

interface NamedList {
  readonly key: string;
  readonly list: readonly unknown[];
}

/** Scores in place of labels, as mining writes them on request. */
function areSimilarities({ key, list }: NamedList): boolean {
  return isScoreKey(key) && list.some((score) => !Number.isInteger(score));
}

/** With scores in place of labels nothing but the order tells: mining writes one positive, then its negatives. */
function minedOrder(list: readonly unknown[]): readonly Relevance[] {
  return list.map((_, position) => (position === 0 ? "positive" : "negative"));
}

function readJudgement(builder: RecordBuilder, text: unknown, path: readonly [string, number], relevance: Relevance): void {
  if (typeof text !== "string") {
    builder.report("HN102", path, `${showPath(path)} is ${kindOf(text)}, not a text.`);
    return;
  }
  const passage = builder.passage(text, path);
  if (passage === undefined) return;
  const lists = { positive: builder.positives, negative: builder.negatives, neither: builder.documents };
  lists[relevance].push(passage);
}

function listOf(builder: RecordBuilder, value: JsonObject, names: readonly string[]): NamedList | undefined {
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

function isMined(value: JsonObject): boolean {
  const [passages, labels] = [minedListKey(value), labelKey(value)].map((key) => (key === undefined ? undefined : value[key]));
  return Array.isArray(passages) && Array.isArray(labels) && passages.length === labels.length && labels.length > 0;
}

/** The only list of texts, in a record that names no negatives: labels beside it are about its texts. */
function minedListKey(value: JsonObject): string | undefined {
  const names = Object.keys(value);
  if (!mayBeLabeledList(names)) return undefined;
  const [key, another] = names.filter((name) => isTextList(value[name]));
  return another === undefined ? key : undefined;
}

function labelKey(value: JsonObject): string | undefined {
  return LABEL_LIST_COLUMNS.find((name) => {
    const list = value[name];
    return Array.isArray(list) && list.every((label) => typeof label === "number" || (label === null && isScoreKey(name)));
  });
}

function isTextList(list: unknown): boolean {
  return Array.isArray(list) && list.every((element) => typeof element === "string");
}
