// Silent bugs of other miners that show in what they read and write. Those that show in what they choose are in knownBugs.test.ts.
import { expect, test } from "vitest";
import { newRows } from "#core/exporting/newRows";
import { exportTargets, isRowFormat } from "#core/exporting/targets";
import { plainCorpus } from "#core/formats/plainCorpus";
import { exportLines, outcome, type Outcome } from "../exporting/exportFixture";

function mined(lines: readonly string[], outcomes: Readonly<Record<string, Outcome>>): readonly string[] {
  return exportLines(lines, outcomes).out.map(String);
}

const twoQueries = [
  outcome("q1", { positives: ["p1", "p2"], negatives: ["n1", "n2"] }),
  outcome("q2", { positives: ["p3"], negatives: ["n3"] }),
];

test("negatives stand beside their own query where queries have several positives (sentence-transformers to 5.2, labeled pairs)", () => {
  const rows = twoQueries.flatMap((query) => newRows("st-labeled-pair", query, { numNegatives: 2 }));
  expect(rows.map(({ text }) => text)).toMatchInlineSnapshot(`
    [
      "{"anchor": "q1", "passage": "p1", "label": 1}",
      "{"anchor": "q1", "passage": "p2", "label": 1}",
      "{"anchor": "q1", "passage": "n1", "label": 0}",
      "{"anchor": "q1", "passage": "n2", "label": 0}",
      "{"anchor": "q2", "passage": "p3", "label": 1}",
      "{"anchor": "q2", "passage": "n3", "label": 0}",
    ]
  `);
});

test("a score that is not known is no infinite number: every row is JSON that other programs read (NeMo)", () => {
  const query = outcome("q", { positives: ["p"], negatives: ["n", "m"], unscored: ["p", "m"] });
  const minusInfinity = { ...query, negatives: query.negatives.map((negative) => ({ ...negative, score: Number.NEGATIVE_INFINITY })) };
  for (const { id } of exportTargets) {
    if (!isRowFormat(id)) continue;
    for (const one of [query, minusInfinity]) {
      const rows = newRows(id, one, { numNegatives: 2, outputScores: true });
      expect(rows.length).toBeGreaterThan(0);
      for (const { text } of rows) expect(JSON.stringify(JSON.parse(text))).not.toMatch(/Infinity|NaN/u);
    }
  }
});

test("scores of passages that are not in the record any more do not stay (FlagEmbedding)", () => {
  const line = '{"query": "q", "pos": ["p"], "neg": ["a", "b"], "pos_scores": [1.0], "neg_scores": [0.1, 0.2]}';
  const { out, counts } = exportLines([line], { q: { positives: ["p"], negatives: ["c"] } });
  expect(out).toEqual(['{"query": "q", "pos": ["p"], "neg": ["c"]}']);
  expect(counts.scoresRemoved).toBe(1);
});

test("mined records stand in the place of the old ones, and mining what was mined doubles nothing (Tevatron)", () => {
  const lines = [
    '{"query_id": "1", "query": "q", "positive_passages": [{"docid": "d1", "text": "p"}], "negative_passages": [{"docid": "d2", "text": "a"}]}',
    '{"query_id": "2", "query": "r", "positive_passages": [{"docid": "d3", "text": "s"}], "negative_passages": []}',
  ];
  const outcomes = { q: { positives: ["p"], negatives: ["n"] }, r: { positives: ["s"], negatives: ["m"] } };
  const once = mined(lines, outcomes);
  expect(once.map((line) => (JSON.parse(line) as { query: string }).query)).toEqual(["q", "r"]);
  expect(mined(once, outcomes)).toEqual(once);
});

test("FlagEmbedding's records and sentence-transformers' rows double nothing either", () => {
  const lines = ['{"query": "q", "pos": ["p"], "neg": ["a"]}'];
  const outcomes = { q: { positives: ["p"], negatives: ["n", "m"] } };
  const once = mined(lines, outcomes);
  expect(mined(once, outcomes)).toEqual(once);
  const triplets = mined(['{"anchor": "q", "positive": "p", "negative": "a"}'], outcomes);
  expect(triplets).toHaveLength(2);
  expect(mined(triplets, outcomes)).toEqual(triplets);
});

test("a corpus is read whether its texts stand under the README's name or the loader's (Tevatron)", () => {
  const texts = [
    { docid: "7", title: "T", text: "a" },
    { docid: "7", title: "T", contents: "a" },
  ].map((record) => plainCorpus.read(record).record.documents.map(({ id, text }) => [id, text]));
  expect(texts).toEqual([[["7", "a"]], [["7", "a"]]]);
});
