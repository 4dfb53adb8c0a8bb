import { expect, test } from "vitest";
import { beirQueryLine, qrelsRows } from "#core/exporting/beirFiles";
import { defaultConfig } from "#core/config/config";
import type { ExportQuery } from "#core/exporting/exportQuery";
import { newRows } from "#core/exporting/newRows";
import { ownColumns, rowLayout } from "#core/exporting/rowLayout";
import type { RowLayout } from "#core/exporting/rowLayout";
import { scoreText } from "#core/exporting/scoreText";
import { exportTargets, isRowFormat } from "#core/exporting/targets";
import type { RowFormat } from "#core/exporting/targets";
import type { RecordFormat } from "#core/formats/format";
import { sentenceTransformersLabeledList } from "#core/formats/sentenceTransformersLabeledList";
import { sentenceTransformersPair } from "#core/formats/sentenceTransformersPair";
import { readRow } from "#core/jsonl/readRecord";
import { referenceRows } from "../../support/sentenceTransformersReference";
import { outcome } from "./exportFixture";

const linesOf = (format: RowFormat, exported: ExportQuery, layout: RowLayout) => newRows(format, exported, layout).map(({ text }) => text);
const rowFormats = exportTargets.map(({ id }) => id).filter(isRowFormat);
const query = outcome("q", { positives: ["p1", "p2"], negatives: ["n1", "n2"] });

test.each(rowFormats)("%s", (format) => {
  expect(linesOf(format, query, { numNegatives: 2 })).toMatchSnapshot();
});

const scored = {
  ...query,
  positives: [
    { id: "p1", text: "p1", score: Math.fround(0.9) },
    { id: "p2", text: "p2", score: Math.fround(0.7) },
  ],
  negatives: [
    { id: "n1", text: "n1", score: Math.fround(0.6) },
    { id: "n2", text: "n2", score: Math.fround(-1 / 3) },
  ],
};

test("scores stand in a column of their own, or instead of the labels", () => {
  const formats = ["flagembedding", "st-triplet", "st-n-tuple", "st-labeled-pair", "st-labeled-list", "tevatron"] as const;
  const rows = formats.map((format) => linesOf(format, scored, { numNegatives: 2, outputScores: true }).slice(0, 2));
  expect(rows).toMatchInlineSnapshot(`
    [
      [
        "{"query": "q", "pos": ["p1", "p2"], "neg": ["n1", "n2"], "pos_scores": [0.9, 0.7], "neg_scores": [0.6, -0.33333334]}",
      ],
      [
        "{"anchor": "q", "positive": "p1", "negative": "n1", "scores": [0.9, 0.6]}",
        "{"anchor": "q", "positive": "p1", "negative": "n2", "scores": [0.9, -0.33333334]}",
      ],
      [
        "{"anchor": "q", "positive": "p1", "negative_1": "n1", "negative_2": "n2", "scores": [0.9, 0.6, -0.33333334]}",
        "{"anchor": "q", "positive": "p2", "negative_1": "n1", "negative_2": "n2", "scores": [0.7, 0.6, -0.33333334]}",
      ],
      [
        "{"anchor": "q", "passage": "p1", "score": 0.9}",
        "{"anchor": "q", "passage": "p2", "score": 0.7}",
      ],
      [
        "{"query": "q", "docs": ["p1", "p2", "n1", "n2"], "scores": [0.9, 0.7, 0.6, -0.33333334]}",
      ],
      [
        "{"query_id": "q-q", "query": "q", "positive_passages": [{"docid": "p1", "title": "", "text": "p1"}, {"docid": "p2", "title": "", "text": "p2"}], "negative_passages": [{"docid": "n1", "title": "", "text": "n1"}, {"docid": "n2", "title": "", "text": "n2"}]}",
      ],
    ]
  `);
});

test("a score that is not known is null; FlagEmbedding's are then all left out", () => {
  const layout = { numNegatives: 2, outputScores: true };
  const unknown = { ...scored, negatives: [{ id: "n1", text: "n1", score: Number.NaN }] };
  expect([linesOf("st-labeled-list", unknown, layout), linesOf("flagembedding", unknown, layout)]).toMatchInlineSnapshot(`
    [
      [
        "{"query": "q", "docs": ["p1", "p2", "n1"], "scores": [0.9, 0.7, null]}",
      ],
      [
        "{"query": "q", "pos": ["p1", "p2"], "neg": ["n1"]}",
      ],
    ]
  `);
});

test("a row is scored where every passage in it is", () => {
  const one = { ...scored, negatives: [...scored.negatives, { id: "n3", text: "n3", score: Number.NaN }] };
  const isScored = (format: RowFormat) => newRows(format, one, { numNegatives: 2, outputScores: true }).map((row) => row.isScored);
  expect([isScored("st-triplet"), isScored("st-n-tuple"), isScored("st-labeled-list"), isScored("flagembedding")]).toEqual([
    [true, true, false, true, true, false],
    [true, true],
    [false],
    [false],
  ]);
});

test.each([
  ["triplet", "st-triplet"],
  ["n-tuple", "st-n-tuple"],
  ["labeled-pair", "st-labeled-pair"],
  ["labeled-list", "st-labeled-list"],
] as const)("in compat the rows of %s are sentence-transformers' own, in its columns", (name, format) => {
  const exact = (passages: typeof scored.positives) => passages.map(({ text, score }) => ({ text, score: Number(scoreText(score)) }));
  const negatives = exact(scored.negatives);
  const queries = [{ anchor: "q", positives: exact(scored.positives), window: negatives, negatives }];
  const columns = { anchor: "question", positive: "answer" };
  for (const outputScores of [false, true]) {
    const rows = linesOf(format, scored, { numNegatives: 2, outputScores, compat: true, columns });
    const wanted = referenceRows(queries, { format: name, outputScores, numNegatives: 2, ...columns });
    expect(rows.map((row) => JSON.stringify(JSON.parse(row)))).toEqual(wanted.map((row) => JSON.stringify(row)));
  }
});

test("columns keep the names that the data set has", () => {
  const record = (line: string, format: RecordFormat) =>
    ownColumns(readRow(line, format).record ?? { positives: [], negatives: [], documents: [] });
  expect(record('{"question": "q", "answer": "p"}', sentenceTransformersPair)).toEqual({ anchor: "question", positive: "answer" });
  expect(record('{"query": "q", "passages": ["p"], "labels": [1]}', sentenceTransformersLabeledList)).toEqual({
    anchor: "query",
    passages: "passages",
  });
});

test("the layout follows the configuration; the negatives that the data lists have no scores", () => {
  const config = (sampler: Partial<typeof defaultConfig.sampler>) => ({
    ...defaultConfig,
    sampler: { ...defaultConfig.sampler, ...sampler },
    export: { ...defaultConfig.export, output_scores: true },
  });
  const mix = [{ source: "simans", n: 4 } as const, { source: "random", n: 2 } as const];
  expect(rowLayout(config({ mix }), "mined")).toEqual({ numNegatives: 6, outputScores: true, compat: false });
  const taught = { ...config({ mix }), export: { output_scores: true, scores: "teacher" as const } };
  expect(rowLayout(taught, "mined")).toEqual({ numNegatives: 6, outputScores: true, compat: false, teacherScores: true });
  expect(rowLayout(config({ compat: "sentence-transformers" }), "listed")).toEqual({ numNegatives: 5, outputScores: false, compat: true });
});

test("an n-tuple is left out unless all of its negatives were found", () => {
  expect(newRows("st-n-tuple", query, { numNegatives: 3 })).toEqual([]);
});

test("a query without a positive, or that marks leave out, is in no format", () => {
  const bad = outcome("q", { positives: ["p"], negatives: ["n"], leftOut: "bad_query" });
  const bare = outcome("q", { negatives: ["n"] });
  for (const id of rowFormats) expect([...newRows(id, bad, { numNegatives: 1 }), ...newRows(id, bare, { numNegatives: 1 })]).toEqual([]);
  expect(qrelsRows(bad)).toEqual([]);
});

test("BEIR rows name ids, with score 1 for positives and 0 for negatives", () => {
  expect([beirQueryLine(query), ...qrelsRows(query)]).toMatchInlineSnapshot(`
    [
      "{"_id": "q-q", "text": "q"}",
      "q-q	id-p1	1",
      "q-q	id-p2	1",
      "q-q	id-n1	0",
      "q-q	id-n2	0",
    ]
  `);
});
