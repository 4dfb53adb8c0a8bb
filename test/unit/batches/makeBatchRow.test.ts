import { expect, test } from "vitest";
import { batchKeys, makeBatchRow } from "#core/batches/makeBatchRow";
import { queryTask } from "#core/batches/queryTask";
import { buildCollection } from "#core/collection/buildCollection";
import { itemAt } from "#core/util/itemAt";
import { beirQueries } from "#core/formats/beirQueries";
import { flagEmbedding } from "#core/formats/flagEmbedding";
import type { JsonObject, RecordFormat } from "#core/formats/format";
import { sentenceTransformersLabeledPair } from "#core/formats/sentenceTransformersLabeledPair";
import { sentenceTransformersNTuple } from "#core/formats/sentenceTransformersNTuple";
import { sentenceTransformersTriplet } from "#core/formats/sentenceTransformersTriplet";
import { tevatron } from "#core/formats/tevatron";
import { beir, training } from "../../support/smallCollection";
import { sha256 } from "../../support/sha256";

function collectionOf(format: RecordFormat, records: readonly JsonObject[]) {
  const rows = records.map((value, index) => ({ line: index + 1, record: format.read(value).record }));
  return buildCollection({ files: [{ name: "/data/sets/train.jsonl", role: "training", rows }] }, sha256);
}

const settings = { blended: false, task: "file", multi_dataset_batch_sampler: "proportional", same_topic: false } as const;

test.each<[string, RecordFormat, JsonObject, JsonObject | undefined]>([
  ["FlagEmbedding", flagEmbedding, { query: "q", pos: ["p"], neg: ["n"], type: "sts", id: 7, pos_scores: [1] }, { type: "sts" }],
  [
    "a text where a list belongs",
    flagEmbedding,
    { query: "q", pos: "p", neg: ["n"], prompt: "Find: ", train_group_size: 4 },
    { prompt: "Find: ", train_group_size: 4 },
  ],
  ["Tevatron", tevatron, { query_id: "1", query: "q", positive_passages: [], split: "dev" }, { split: "dev" }],
  ["triplets", sentenceTransformersTriplet, { anchor: "q", positive: "p", negative: "n", source: "faq" }, { source: "faq" }],
  ["n-tuples", sentenceTransformersNTuple, { query: "q", answer: "p", negative_1: "n", negative_2: "m", easy: true }, { easy: true }],
  ["labelled pairs", sentenceTransformersLabeledPair, { sentence1: "q", sentence2: "p", label: 1, doc_id: "d" }, undefined],
  [
    "BEIR, metadata after the record's own",
    beirQueries,
    { _id: "1", text: "q", type: "own", metadata: { type: "meta", url: "u", tags: ["a"] } },
    { type: "own", url: "u" },
  ],
  ["a long text", flagEmbedding, { query: "q", pos: ["p"], note: "x".repeat(257) }, undefined],
])("fields of a query's record: %s", (_, format, value, fields) => {
  expect(format.read(value).record.query?.fields).toEqual(fields);
});

test("the task is the file's name, or the field as text; of several records the first to name the query counts", () => {
  const collection = collectionOf(flagEmbedding, [
    { query: "one", pos: ["p"], type: "sts", level: 3 },
    { query: "one", pos: ["r"], type: "other" },
    { query: "two", pos: ["p"], type: "" },
    { query: "three", pos: ["p"], type: "constructor" },
  ]);
  const tasks = (setting: string) => collection.queries.map((query) => queryTask(query, collection, setting));
  expect([tasks("file"), tasks("type"), tasks("level"), tasks("constructor")]).toEqual([
    ["train.jsonl", "train.jsonl", "train.jsonl"],
    ["sts", undefined, "constructor"],
    ["3", undefined, undefined],
    [undefined, undefined, undefined],
  ]);
});

test("a row names groups of equal texts: a copy of a positive is the positive, and twins share theirs", () => {
  const collection = beir(
    [
      { id: "q1", query: "same" },
      { id: "q2", query: "same" },
    ],
    [
      ["a", "first"],
      ["b", "first "],
      ["c", "second"],
      ["d", "third"],
    ],
    [
      { query: "q1", document: "a", score: 1 },
      { query: "q2", document: "c", score: 1 },
    ],
  );
  const group = (id: string): number =>
    itemAt(
      collection.documents,
      collection.documents.findIndex((document) => document.id === id),
    ).group;
  const made = makeBatchRow(collection, { query: 0, positives: [1], negatives: [3] }, batchKeys(collection, settings));
  expect(made).toEqual({ id: "q1", task: "queries.jsonl", positives: [group("a"), group("c")], documents: [group("a"), group("d")] });
});

test("a query's topic is that of its positive; without one it has none", () => {
  const collection = training([{ query: "q", pos: ["p", "r"] }]);
  const topics = { groupOf: Int32Array.from([2, -1]), members: [], names: [] };
  const keys = batchKeys(collection, settings, topics);
  expect([keys(0, 0), keys(0, 1)]).toEqual([{ task: "train.jsonl", topic: 2 }, { task: "train.jsonl" }]);
});
