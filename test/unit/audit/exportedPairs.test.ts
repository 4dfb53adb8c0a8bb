import { expect, test } from "vitest";
import { ExportedPairs } from "#core/audit/exportedPairs";
import { textKey } from "#core/collection/textKey";
import type { FormatId } from "#core/formats/format";
import { formatById } from "#core/formats/registry";
import { sha256 } from "../../support/sha256";

/** Queries and passages by their texts, as far as these are among `texts`; what is not is shown by its key. */
function read(format: FormatId, rows: readonly (object | string)[], texts: readonly string[]) {
  const names = new Map(texts.map((text) => [textKey(text, sha256), text]));
  const reader = new ExportedPairs(formatById(format), sha256);
  for (const row of rows) reader.add(typeof row === "string" ? row : JSON.stringify(row));
  const pairs = [...reader.pairs.values()].map(
    ({ query, document, line }) => `${String(line)}: ${names.get(query) ?? query} -> ${names.get(document) ?? document}`,
  );
  return { pairs, unread: reader.unread, queries: reader.queries.size };
}

const texts = ["q", "r", "p", "a", "b", "Title b"];

test.each<readonly [FormatId, readonly object[]]>([
  ["flagembedding", [{ query: "q", pos: ["p"], neg: ["a", "b"], prompt: "x" }]],
  [
    "st-triplet",
    [
      { anchor: "q", positive: "p", negative: "a" },
      { anchor: "q", positive: "p", negative: "b" },
    ],
  ],
  ["st-n-tuple", [{ anchor: "q", positive: "p", negative_1: "a", negative_2: "b" }]],
  [
    "st-labeled-pair",
    [
      { anchor: "q", passage: "p", label: 1 },
      { anchor: "q", passage: "a", label: 0 },
      { anchor: "q", passage: "b", label: 0 },
    ],
  ],
  ["st-labeled-list", [{ query: "q", docs: ["p", "a", "b"], labels: [1, 0, 0] }]],
  [
    "tevatron",
    [
      {
        query_id: "1",
        query: "q",
        positive_passages: [{ docid: "1", title: "", text: "p" }],
        negative_passages: [
          { docid: "2", title: "", text: "a" },
          { docid: "3", text: "b" },
        ],
      },
    ],
  ],
])("the negatives of %s are read from its rows", (format, rows) => {
  const { pairs, unread } = read(format, rows, texts);
  expect(pairs.map((pair) => pair.slice(3))).toEqual(["q -> a", "q -> b"]);
  expect(unread).toBe(0);
});

test("a pair counts once whatever its blanks and its form, titles belong to the text, and empty negatives are none", () => {
  const rows = [
    { query: "q", pos: ["p"], neg: ["a", " a ", "a\u00a0"] },
    { query: " q", pos: [], neg: ["a", "", "  "] },
    { query: "r", pos: ["p"], neg: ["a"] },
  ];
  expect(read("flagembedding", rows, texts)).toEqual({ pairs: ["1: q -> a", "3: r -> a"], unread: 0, queries: 2 });
  const titled = { query_id: "1", query: "q", positive_passages: [], negative_passages: [{ docid: "3", title: "Title", text: "b" }] };
  expect(read("tevatron", [titled], texts).pairs).toEqual(["1: q -> Title b"]);
});

test("lines that hold no record with a query are counted, blank ones are not", () => {
  const rows = ["", "  ", "{broken", "[1]", '{"other": 1}', { query: "q", pos: ["p"], neg: ["b"] }];
  expect(read("flagembedding", rows, texts)).toEqual({ pairs: ["6: q -> b"], unread: 3, queries: 1 });
});
