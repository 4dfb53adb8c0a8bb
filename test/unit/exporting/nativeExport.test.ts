import { expect, test } from "vitest";
import { exportLines } from "./exportFixture";

test("a record whose passages stay the same keeps every byte, in whatever order they are", () => {
  const line =
    '{ "id":7.0, "neg":["b" ,"a\\u00e9"],"pos" : ["p"], "query":"q", "big":12345678901234567890, "pos_scores":[1], "neg_scores":[0.1,0.2] }\r';
  const { out, counts } = exportLines([line], { q: { negatives: ["aé", "b"], positives: ["p"] } });
  expect(out).toEqual([line]);
  expect(counts).toMatchObject({ records: 1, unchanged: 1, rewritten: 0 });
});

test("new negatives replace the old list; kept elements, key order and unknown fields stay; stale scores go", () => {
  const line =
    '{"query": "q", "pos": ["p"], "neg": ["a", "b\\u0301", "c"], "pos_scores": [1.0], "neg_scores": [0.1, 0.2, 0.3], "type": "normal"}\r';
  const { out, counts } = exportLines([line], { q: { negatives: ["d", "b\u0301"], positives: ["p"] } });
  expect(out).toMatchInlineSnapshot(`
    [
      "{"query": "q", "pos": ["p"], "neg": ["d", "b\\u0301"], "type": "normal"}
    ",
    ]
  `);
  expect(counts).toMatchObject({ records: 1, unchanged: 0, rewritten: 1, scoresRemoved: 1 });
});

test("a promoted negative moves to the positives, a bad positive leaves", () => {
  const { out } = exportLines(['{"query":"q","pos":["p","bad"],"neg":["a","b"]}'], {
    q: { negatives: ["b"], positives: ["p"], promoted: ["a"], bad: ["bad"] },
  });
  expect(out).toEqual(['{"query":"q","pos":["p","a"],"neg":["b"]}']);
});

test("a record without a list of negatives gets one", () => {
  expect(exportLines(['{"query": "q", "pos": ["p"]}'], { q: { negatives: ["n"] } }).out).toEqual([
    '{"query": "q", "pos": ["p"], "neg": ["n"]}',
  ]);
  expect(exportLines(['{"pos_scores": [1], "query": "q", "pos": ["p"], "neg_scores": []}'], { q: { negatives: ["n"] } }).out).toEqual([
    '{"query": "q", "pos": ["p"], "neg": ["n"]}',
  ]);
});

test("line separators and lone surrogates are written escaped", () => {
  const { out } = exportLines(['{"query": "q", "pos": ["p"], "neg": []}'], { q: { negatives: ["a\u2028b\u0085c", "x\ud800y"] } });
  expect(out).toEqual(['{"query": "q", "pos": ["p"], "neg": ["a\\u2028b\\u0085c", "x\\ud800y"]}']);
});

test("lines that cannot be read are copied byte for byte and counted; blank lines are copied", () => {
  const lines = ['{"query": "q", "pos": ["p"], "neg": ["n"]}', "{broken", "", '["array"]', '{"pos": ["p"]}'];
  const { out, counts } = exportLines(lines, { q: { negatives: ["n"] } });
  expect(out).toEqual(lines);
  expect(counts).toMatchObject({ records: 4, unchanged: 4, skipped: 3 });
});

test("a query that marks leave out loses its records", () => {
  const lines = ['{"query": "q", "pos": ["p"], "neg": ["n"]}', '{"query": "r", "pos": ["p"], "neg": ["n"]}'];
  const { out, counts } = exportLines(lines, { q: { leftOut: "bad_query" }, r: { negatives: ["n"] } });
  expect(out).toEqual([lines[1]]);
  expect(counts).toMatchObject({ records: 1, dropped: 1 });
});

test("Tevatron passages keep their own fields and new ones get title and text apart", () => {
  const line =
    '{"query_id": "1", "query": "q", "positive_passages": [{"docid": "p", "text": "p"}], "negative_passages": [{"docid": "a", "title": "T", "text": "a", "x": 1}, {"docid": "b", "title": "", "text": "b"}]}';
  expect(exportLines([line], { q: { negatives: ["T a", "c"], positives: ["p"] } }).out).toMatchInlineSnapshot(`
    [
      "{"query_id": "1", "query": "q", "positive_passages": [{"docid": "p", "text": "p"}], "negative_passages": [{"docid": "a", "title": "T", "text": "a", "x": 1}, {"docid": "id-c", "title": "", "text": "c"}]}",
    ]
  `);
});

test("triplets: rows that still hold stay, others leave, missing pairs follow the query's last row in its own column names", () => {
  const lines = [
    '{"query": "q", "answer": "p", "negative": "a", "extra": 1}',
    '{"query": "r", "answer": "s", "negative": "t"}',
    '{"query": "q", "answer": "p", "negative": "b"}',
  ];
  const { out, counts } = exportLines(lines, {
    q: { negatives: ["a", "c"], positives: ["p"], promoted: ["b"] },
    r: { negatives: ["t"], positives: ["s"] },
  });
  expect(out).toMatchInlineSnapshot(`
    [
      "{"query": "q", "answer": "p", "negative": "a", "extra": 1}",
      "{"query": "r", "answer": "s", "negative": "t"}",
      "{"query": "q", "answer": "p", "negative": "c"}",
      "{"query": "q", "answer": "b", "negative": "a"}",
      "{"query": "q", "answer": "b", "negative": "c"}",
    ]
  `);
  expect(counts).toMatchObject({ records: 5, unchanged: 2, added: 3, dropped: 1 });
});

test("n-tuples: negatives are replaced in place; a row that cannot be filled leaves and is counted", () => {
  const lines = [
    '{"anchor": "q", "positive": "p", "negative_1": "a", "negative_2": "b", "id": 1}',
    '{"anchor": "r", "positive": "p", "negative_1": "a", "negative_2": "b"}',
  ];
  const { out, counts } = exportLines(lines, { q: { negatives: ["c", "a", "d"] }, r: { negatives: ["a"] } });
  expect(out).toEqual(['{"anchor": "q", "positive": "p", "negative_1": "c", "negative_2": "a", "id": 1}']);
  expect(counts).toMatchObject({ records: 1, rewritten: 1, dropped: 1 });
});

test("n-tuples: a promoted positive gets a row of the same columns", () => {
  const { out } = exportLines(['{"anchor": "q", "positive": "p", "negative_0": "a", "negative_1": "b"}'], {
    q: { negatives: ["b", "c"], positives: ["p"], promoted: ["a"] },
  });
  expect(out).toEqual([
    '{"anchor": "q", "positive": "p", "negative_0": "b", "negative_1": "c"}',
    '{"anchor": "q", "positive": "a", "negative_0": "b", "negative_1": "c"}',
  ]);
  const list = exportLines(['{"anchor":"q","positive":"p","negatives":["a","b"]}'], {
    q: { negatives: ["b", "c"], positives: ["p"], promoted: ["a"] },
  });
  expect(list.out).toEqual(['{"anchor":"q","positive":"p","negatives":["b","c"]}', '{"anchor":"q","positive":"a","negatives":["b","c"]}']);
});

test("labeled pairs: a label column of their own is kept in new rows", () => {
  const lines = ['{"sentence1": "q", "sentence2": "p", "score": 1}', '{"sentence1": "q", "sentence2": "a", "score": 0}'];
  expect(exportLines(lines, { q: { negatives: ["b"], positives: ["p"], promoted: ["a"] } }).out).toMatchInlineSnapshot(`
    [
      "{"sentence1": "q", "sentence2": "p", "score": 1}",
      "{"sentence1": "q", "sentence2": "a", "score": 1}",
      "{"sentence1": "q", "sentence2": "b", "score": 0}",
    ]
  `);
});

test("labeled lists: what stays keeps its place and label", () => {
  const line = '{"query": "q", "docs": ["a", "p", "half", "b"], "labels": [0, 2, 0.5, 0.0]}';
  expect(exportLines([line], { q: { negatives: ["b", "c"], positives: ["p"], promoted: ["a"] } }).out).toMatchInlineSnapshot(`
    [
      "{"query": "q", "docs": ["p", "half", "b", "a", "c"], "labels": [2, 0.5, 0.0, 1, 0]}",
    ]
  `);
});

test("a list with scores in place of labels keeps them; what is new has no score, which is counted", () => {
  const line = '{"question": "q", "answer": ["p", "a", "b"], "scores": [0.9, 0.50, 0.4]}';
  const { out, counts } = exportLines([line], { q: { negatives: ["b", "c"], positives: ["p"] } });
  expect(out).toEqual(['{"question": "q", "answer": ["p", "b", "c"], "scores": [0.9, 0.4, null]}']);
  expect(counts).toMatchObject({ rewritten: 1, scoresUnknown: 1 });
});

test("pairs: a promoted positive gets a row, a bad one loses its row", () => {
  const lines = ['{"anchor": "q", "positive": "p"}', '{"anchor": "q", "positive": "bad"}'];
  expect(exportLines(lines, { q: { negatives: ["n"], positives: ["p"], promoted: ["a"], bad: ["bad"] } }).out).toEqual([
    '{"anchor": "q", "positive": "p"}',
    '{"anchor": "q", "positive": "a"}',
  ]);
});

test("a repeated negative alone is no reason to touch a record", () => {
  const line = '{"query": "q", "pos": ["p"], "neg": ["a", "b", "a"]}';
  expect(exportLines([line], { q: { negatives: ["b", "a"], positives: ["p"] } }).out).toEqual([line]);
});

test("with the negatives that the data lists, only records that a mark concerns change, line by line", () => {
  const lines = [
    '{"query":"q","pos":["p"],"neg":["a","b","b"]}',
    '{"query":"q","pos":["s"],"neg":["c"]}',
    '{"query":"r","pos":["p"],"neg":["z"]}',
  ];
  const { out } = exportLines(lines, {
    q: { mode: "listed", negatives: ["b", "c"], positives: ["p", "s"], promoted: ["a"] },
    r: { mode: "listed", negatives: ["z"], positives: ["p"] },
  });
  expect(out).toEqual(['{"query":"q","pos":["p","a"],"neg":["b","b"]}', '{"query":"q","pos":["s","a"],"neg":["c"]}', lines[2]]);
  const triplets = ['{"anchor":"q","positive":"p","negative":"a"}', '{"anchor":"q","positive":"p","negative":"b"}'];
  expect(exportLines(triplets, { q: { mode: "listed", negatives: ["b"], positives: ["p"], promoted: ["a"] } }).out).toEqual([
    triplets[1],
    '{"anchor":"q","positive":"a","negative":"b"}',
  ]);
});

test("where scores are asked for, every FlagEmbedding record gets those of its own passages, in its order", () => {
  const lines = [
    '{"query":"q","pos":["p"],"neg":["b","a","b"],"id":1}',
    '{"query": "r", "pos": ["p"], "neg": ["a"], "pos_scores": [3], "neg_scores": [1], "type": "x"}',
  ];
  const outcomes = { q: { negatives: ["a", "b"], positives: ["p"] }, r: { negatives: ["b", "c"], positives: ["p"] } };
  const { out, counts } = exportLines(lines, outcomes, true);
  expect(out).toEqual([
    '{"query":"q","pos":["p"],"neg":["b","a","b"],"id":1,"pos_scores":[0.5],"neg_scores":[0.5,0.5,0.5]}',
    '{"query": "r", "pos": ["p"], "neg": ["b", "c"], "pos_scores": [0.5], "neg_scores": [0.5, 0.5], "type": "x"}',
  ]);
  expect(counts).toMatchObject({ records: 2, rewritten: 2, scoresRemoved: 0, scoresUnknown: 0 });
  expect(exportLines(out.map(String), outcomes, true)).toMatchObject({ out, counts: { unchanged: 2 } });
});

test("a record that holds a passage without a known score gets none, loses stale ones, and is counted", () => {
  const lines = [
    '{"query": "q", "pos": ["p"], "neg": ["a"], "pos_scores": [3], "neg_scores": [1]}',
    '{"query": "r", "pos": ["p"], "neg": ["a"], "pos_scores": [3], "neg_scores": [1]}',
  ];
  const { out, counts } = exportLines(
    lines,
    { q: { negatives: ["b"], positives: ["p"], unscored: ["b"] }, r: { negatives: ["a"], positives: ["p"], unscored: ["p"] } },
    true,
  );
  expect(out).toEqual(['{"query": "q", "pos": ["p"], "neg": ["b"]}', lines[1]]);
  expect(counts).toMatchObject({ rewritten: 1, unchanged: 1, scoresRemoved: 1, scoresUnknown: 2 });
});

test("with the negatives that the data lists there are no scores to write", () => {
  const line = '{"query": "q", "pos": ["p"], "neg": ["a"]}';
  const { out, counts } = exportLines([line], { q: { mode: "listed", negatives: ["a"], positives: ["p"] } }, true);
  expect(out).toEqual([line]);
  expect(counts.scoresUnknown).toBe(0);
});

test("among records with a teacher's scores none keeps scores of another scale", () => {
  const lines = [
    '{"query": "q", "pos": ["p"], "neg": ["a"], "pos_scores": [3], "neg_scores": [1]}',
    '{"query": "r", "pos": ["p"], "neg": ["a"], "pos_scores": [3], "neg_scores": [1]}',
    '{"query": "s", "pos": ["p"], "neg": ["a"]}',
  ];
  const known = { negatives: ["a"], positives: ["p"] };
  const { out, counts } = exportLines(lines, { q: known, r: { ...known, unscored: ["a"] }, s: { ...known, unscored: ["p"] } }, "teacher");
  expect(out).toEqual([
    '{"query": "q", "pos": ["p"], "neg": ["a"], "pos_scores": [0.5], "neg_scores": [0.5]}',
    '{"query": "r", "pos": ["p"], "neg": ["a"]}',
    lines[2],
  ]);
  expect(counts).toMatchObject({ rewritten: 2, unchanged: 1, scoresRemoved: 1, scoresUnknown: 2 });
});
