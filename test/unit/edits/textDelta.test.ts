import { expect, test } from "vitest";
import { changedLines } from "#core/edits/changedLines";
import { textDelta } from "#core/edits/textDelta";
import { flagEmbedding } from "#core/formats/flagEmbedding";
import type { RecordFormat } from "#core/formats/format";
import { sentenceTransformersLabeledPair } from "#core/formats/sentenceTransformersLabeledPair";
import { sentenceTransformersTriplet } from "#core/formats/sentenceTransformersTriplet";
import { RowDocument } from "#core/jsonl/rowDocument";

/** What a change of lines means, as one line of text for each passage. */
function meant(before: readonly string[], after: readonly string[], format: RecordFormat = flagEmbedding) {
  const delta = textDelta({ before, after: RowDocument.fromLines([...after], format), format });
  const lines = delta.rows.flatMap(({ line, delta: { judged } }) =>
    judged.map(({ verdict, passage }) => `line ${String(line)}: ${verdict} ${passage.text}`),
  );
  return { lines, unread: delta.unread, next: delta.next };
}

function row(query: string, pos: readonly string[], neg: readonly string[]): string {
  return JSON.stringify({ query, pos, neg });
}

function triplet(anchor: string, positive: string, negative: string): string {
  return JSON.stringify({ anchor, positive, negative });
}

const rome = row("capital of Italy", ["Rome"], ["Milan", "Turin"]);
const paris = row("capital of France", ["Paris"], ["Lyon", "Nice"]);
const madrid = row("capital of Spain", ["Madrid"], ["Sevilla"]);
const file = [rome, paris, madrid, ""];

test("rows are known by their query wherever they stand", () => {
  const edited = row("capital of France", ["Paris", "Lyon"], ["Nice"]);
  expect(meant(file, [rome, edited, madrid, ""]).lines).toEqual(["line 2: false_negative Lyon"]);
  expect(meant(file, [edited, madrid, rome, ""]).lines).toEqual(["line 1: false_negative Lyon"]);
  expect(meant(file, [row("new", ["a"], ["b"]), rome, edited, ""]).lines).toEqual(["line 3: false_negative Lyon"]);
});

test("whole rows that go, come, move or repeat say nothing, nor does one with another query", () => {
  expect(meant(file, [madrid, rome, ""]).lines).toEqual([]);
  expect(meant(file, [...file.slice(0, 3), rome, ""]).lines).toEqual([]);
  expect(meant([rome, rome, paris], [paris, rome]).lines).toEqual([]);
  expect(meant(file, [rome, row("big cities of France", ["Paris"], []), madrid, ""]).lines).toEqual([]);
  expect(meant(file, []).lines).toEqual([]);
});

test("spelling, spacing and line ends say nothing", () => {
  const spaced = [JSON.stringify(JSON.parse(paris), null, 1).replaceAll("\n", " "), rome, madrid.replace("S", "\\u0053")];
  expect(meant(file, spaced).lines).toEqual([]);
});

test("a passage that moves between the rows of one query is not judged", () => {
  const before = [triplet("q", "p one", "n one"), triplet("q", "p one", "n two"), triplet("q", "p one", "n three")];
  const swapped = [before[1] ?? "", triplet("q", "p one", "n three"), triplet("q", "p one", "n one")];
  expect(meant(before, swapped, sentenceTransformersTriplet).lines).toEqual([]);
  const deletedAndEdited = [before[1] ?? "", triplet("q", "p one", "something else")];
  expect(meant(before, deletedAndEdited, sentenceTransformersTriplet).lines).toEqual(["line 2: cant_tell n three"]);
});

test("among several rows of a query, one that kept nothing in its place is another row", () => {
  const before = [triplet("q", "p one", "n one"), triplet("q", "p two", "n two")];
  const replaced = [triplet("q", "p one", "n one"), triplet("q", "n two", "n one")];
  expect(meant(before, replaced, sentenceTransformersTriplet).lines).toEqual([]);
  const swapped = [triplet("q", "p one", "n one"), triplet("q", "n two", "p two")];
  expect(meant(before, swapped, sentenceTransformersTriplet).lines).toEqual([
    "line 2: false_negative n two",
    "line 2: true_negative p two",
  ]);
});

test("rows of one query are told apart by the passages they kept", () => {
  const pair = (passage: string, label: number): string => JSON.stringify({ anchor: "q", passage, label });
  const before = [pair("one", 0), pair("two", 0), pair("three", 1)];
  const after = [pair("three", 0), pair("two", 1), pair("one", 0)];
  expect(meant(before, after, sentenceTransformersLabeledPair).lines).toEqual([
    "line 1: true_negative three",
    "line 2: false_negative two",
  ]);
});

test("a row that was saved in the middle of a change is looked at again with the next save", () => {
  const broken = paris.slice(0, 30);
  const first = meant(file, [rome, broken, madrid, ""]);
  expect(first.lines).toEqual([]);
  expect(first.next).toEqual(file);
  const edited = row("capital of France", ["Paris"], ["Nice"]);
  expect(meant(first.next, [rome, edited, madrid, ""]).lines).toEqual(["line 2: cant_tell Lyon"]);
  expect(meant([rome, broken, ""], [paris, broken, ""]).next).toEqual([paris, broken, ""]);
});

test("more changed rows than anybody changes by hand are not looked into", () => {
  const many = Array.from({ length: 2500 }, (_, i) => row(`query ${String(i)}`, ["p"], ["n"]));
  expect(
    meant(
      many,
      many.map((line) => line.replace('["n"]', "[]")),
    ),
  ).toMatchObject({ lines: [], unread: 2500 });
  expect(meant([], many)).toMatchObject({ lines: [], unread: 0 });
});

test("lines that both versions hold are no changes, however often they stand there", () => {
  const texts = (lines: readonly { readonly line: number; readonly text: string }[]): readonly string[] =>
    lines.map(({ line, text }) => `${String(line)} ${text}`);
  const { removed, added } = changedLines(["a", "b", "b", "c", "d"], ["a", "c", "b", "e", "e", "d"]);
  expect(texts(removed)).toEqual(["2 b"]);
  expect(texts(added)).toEqual(["3 e", "4 e"]);
  expect(changedLines(["a", "b"], ["a", "b"])).toEqual({ removed: [], added: [] });
});
