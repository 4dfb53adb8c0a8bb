import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { beirCorpus } from "#core/formats/beirCorpus";
import { beirQueries } from "#core/formats/beirQueries";
import { detectFormat } from "#core/formats/detect";
import { showPath } from "#core/formats/fields";
import type { JsonObject, RecordFormat, RecordPassage } from "#core/formats/format";
import { formatById, RECOGNISED_FORMATS } from "#core/formats/registry";

/** What a format reads in a record, on one line. */
function reading(format: RecordFormat, value: JsonObject): string {
  const { record, problems } = format.read(value);
  const show = ({ id, text, path }: Pick<RecordPassage, "id" | "text" | "path">): string =>
    `${id === undefined ? "" : `#${id} `}${text} @${showPath(path)}`;
  const list = (sign: string, passages: readonly RecordPassage[]): string[] => passages.map((passage) => sign + show(passage));
  const query = record.query === undefined ? [] : [`? ${show(record.query)}`];
  return [
    ...query,
    ...list("+ ", record.positives),
    ...list("- ", record.negatives),
    ...list(". ", record.documents),
    ...problems.map(({ code, message }) => `${code} ${message}`),
  ].join(" | ");
}

/** The detected format and its reading of each record. */
function readings(records: readonly JsonObject[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    records.map((value) => {
      const detection = detectFormat([value]);
      const { format } = detection.ok ? detection.value : { format: undefined };
      return [JSON.stringify(value), format === undefined ? "not recognised" : `${format.id}: ${reading(format, value)}`];
    }),
  );
}

describe("records as they come", () => {
  test("FlagEmbedding", () => {
    const records = [
      { query: "q", pos: ["a", "b"], neg: ["c"], pos_scores: [1, 0.5], neg_scores: [0.1], prompt: "x", type: "normal" },
      { query: "q", pos: "a", neg: ["c"] },
      { query: "q", pos: [], neg: [] },
      { query: "q", pos: ["a"] },
      { query: "q", pos: ["a", ""], neg: ["c", "  "] },
    ];
    expect(readings(records)).toMatchInlineSnapshot(`
      {
        "{"query":"q","pos":"a","neg":["c"]}": "flagembedding: ? q @query | + a @pos | - c @neg[0] | HN102 "pos" is a text; FlagEmbedding needs a list of texts.",
        "{"query":"q","pos":["a",""],"neg":["c","  "]}": "flagembedding: ? q @query | + a @pos[0] | - c @neg[0] | HN401 pos[1] is an empty text. | HN401 neg[1] is an empty text.",
        "{"query":"q","pos":["a","b"],"neg":["c"],"pos_scores":[1,0.5],"neg_scores":[0.1],"prompt":"x","type":"normal"}": "flagembedding: ? q @query | + a @pos[0] | + b @pos[1] | - c @neg[0]",
        "{"query":"q","pos":["a"]}": "flagembedding: ? q @query | + a @pos[0] | HN106 The record has no "neg": the query has no negatives yet.",
        "{"query":"q","pos":[],"neg":[]}": "flagembedding: ? q @query | HN107 "pos" is an empty list: the query has no positive. | HN106 "neg" is an empty list: the query has no negatives yet.",
      }
    `);
  });

  test("sentence-transformers", () => {
    const records = [
      { anchor: "q", positive: "a" },
      { question: "q", answer: "a" },
      { sentence1: "q", sentence2: "a" },
      { anchor: "q", positive: "a", negetive: "n", id: 7 },
      { query: "q", doc_pos: "a", doc_neg: "n" },
      { query_text: "q", gold_passage: "a", hard_negative: "n", negative_num: 2 },
      { anchor: "q", positive: "a", negative_10: "last", negative_2: "first" },
      { query: "q", positive: "a", negative_0: "n", negative_1: null },
      { query: "q", document: "a", negatives: ["n", "m"] },
      { query: "q", doc: "a", label: 0, query_id: "1", doc_id: 2, retrieval_score: 0.5 },
      { sentence1: "q", sentence2: "a", score: 0.7 },
      { query: "q", docs: ["a", "b", "c"], labels: [1, 0, 0] },
      { query: "q", docs: ["a", "b"], labels: [1] },
    ];
    expect(readings(records)).toMatchInlineSnapshot(`
      {
        "{"anchor":"q","positive":"a","negative_10":"last","negative_2":"first"}": "st-n-tuple: ? q @anchor | + a @positive | - first @negative_2 | - last @negative_10",
        "{"anchor":"q","positive":"a","negetive":"n","id":7}": "st-triplet: ? q @anchor | + a @positive | - n @negetive",
        "{"anchor":"q","positive":"a"}": "st-pair: ? q @anchor | + a @positive",
        "{"query":"q","doc":"a","label":0,"query_id":"1","doc_id":2,"retrieval_score":0.5}": "st-labeled-pair: ? #1 q @query | - #2 a @doc",
        "{"query":"q","doc_pos":"a","doc_neg":"n"}": "st-triplet: ? q @query | + a @doc_pos | - n @doc_neg",
        "{"query":"q","docs":["a","b","c"],"labels":[1,0,0]}": "st-labeled-list: ? q @query | + a @docs[0] | - b @docs[1] | - c @docs[2]",
        "{"query":"q","docs":["a","b"],"labels":[1]}": "st-labeled-list: ? q @query | + a @docs[0] | . b @docs[1] | HN102 "labels" has length 1 and "docs" 2; they must be equally long.",
        "{"query":"q","document":"a","negatives":["n","m"]}": "st-n-tuple: ? q @query | + a @document | - n @negatives[0] | - m @negatives[1]",
        "{"query":"q","positive":"a","negative_0":"n","negative_1":null}": "st-n-tuple: ? q @query | + a @positive | - n @negative_0",
        "{"query_text":"q","gold_passage":"a","hard_negative":"n","negative_num":2}": "st-triplet: ? q @query_text | + a @gold_passage | - n @hard_negative",
        "{"question":"q","answer":"a"}": "st-pair: ? q @question | + a @answer",
        "{"sentence1":"q","sentence2":"a","score":0.7}": "st-labeled-pair: ? q @sentence1 | . a @sentence2",
        "{"sentence1":"q","sentence2":"a"}": "st-pair: ? q @sentence1 | + a @sentence2",
      }
    `);
  });

  test("what sentence-transformers' mining writes, whatever the columns are called, and what only looks like it", () => {
    const records = [
      { question: "q", answer: ["a", "b", "c"], labels: [1, 0, 0] },
      { question: "q", answer: ["a", "b"], scores: [0.9, 0.4] },
      { sentence1: "q", reply: ["a", "b"], scores: [8.25, 1.5] },
      { query: "q", antwort: ["a", "b"], scores: [0.5, null] },
      { query: "q", docs: ["a", "b"], scores: [8.25, -1.5] },
      { query_text: "q", gold_passage: "a", label: 1 },
      { anchor: "q", positive: "a", score: 7.5 },
      { anchor: "q", positive: "a", score: 3 },
      { query: "q", pos: ["a"], scores: [0.5] },
      { query: "q", negatives: ["a"], scores: [0.5] },
      { query: "q", positives: ["a", "b"], scores: [0.5, 0.4] },
      { query: "q", answer: ["a", "b"], labels: [1] },
      { query: "q", words: ["a"], tags: ["b"], labels: [1] },
      { text: "a b", tokens: ["a", "b"], labels: [0, 1] },
      { query: "q", answer: [], labels: [] },
    ];
    const [list] = RECOGNISED_FORMATS.filter(({ id }) => id === "st-labeled-list");
    expect(reading(list!, { query: "q", answer: ["a", "b"], labels: [1] })).toMatchInlineSnapshot(
      `"? q @query | + a @answer[0] | . b @answer[1] | HN102 "labels" has length 1 and "answer" 2; they must be equally long."`,
    );
    expect(readings(records)).toMatchInlineSnapshot(`
      {
        "{"anchor":"q","positive":"a","score":3}": "st-labeled-pair: ? q @anchor | + a @positive",
        "{"anchor":"q","positive":"a","score":7.5}": "st-labeled-pair: ? q @anchor | . a @positive",
        "{"query":"q","answer":["a","b"],"labels":[1]}": "not recognised",
        "{"query":"q","answer":[],"labels":[]}": "not recognised",
        "{"query":"q","antwort":["a","b"],"scores":[0.5,null]}": "st-labeled-list: ? q @query | + a @antwort[0] | - b @antwort[1]",
        "{"query":"q","docs":["a","b"],"scores":[8.25,-1.5]}": "st-labeled-list: ? q @query | . a @docs[0] | . b @docs[1]",
        "{"query":"q","negatives":["a"],"scores":[0.5]}": "not recognised",
        "{"query":"q","pos":["a"],"scores":[0.5]}": "flagembedding: ? q @query | + a @pos[0] | HN106 The record has no "neg": the query has no negatives yet.",
        "{"query":"q","positives":["a","b"],"scores":[0.5,0.4]}": "not recognised",
        "{"query":"q","words":["a"],"tags":["b"],"labels":[1]}": "not recognised",
        "{"query_text":"q","gold_passage":"a","label":1}": "st-labeled-pair: ? q @query_text | + a @gold_passage",
        "{"question":"q","answer":["a","b","c"],"labels":[1,0,0]}": "st-labeled-list: ? q @question | + a @answer[0] | - b @answer[1] | - c @answer[2]",
        "{"question":"q","answer":["a","b"],"scores":[0.9,0.4]}": "st-labeled-list: ? q @question | + a @answer[0] | - b @answer[1]",
        "{"sentence1":"q","reply":["a","b"],"scores":[8.25,1.5]}": "st-labeled-list: ? q @sentence1 | + a @reply[0] | - b @reply[1]",
        "{"text":"a b","tokens":["a","b"],"labels":[0,1]}": "corpus: . a b @text",
      }
    `);
  });

  test("Tevatron, corpora and other things", () => {
    const records = [
      {
        query_id: 1,
        query: "q",
        positive_passages: [{ docid: "7", title: "T", text: "a" }],
        negative_passages: [{ docid: "8", text: "n" }],
      },
      { query_id: "1", query: "q", positive_passages: [{ docid: "7" }, "x"], negative_passages: [] },
      { text: "a" },
      { _id: "7", title: "T", text: "a", metadata: {} },
      { id: 7, contents: "a" },
      { _id: "7", title: "T", text: "" },
      { docid: "7", text: "" },
      { question: "q", positive_ctxs: [] },
      {},
    ];
    expect(readings(records)).toMatchInlineSnapshot(`
      {
        "{"_id":"7","title":"T","text":""}": "corpus: . #7 T @text",
        "{"_id":"7","title":"T","text":"a","metadata":{}}": "corpus: . #7 a @text",
        "{"docid":"7","text":""}": "corpus: HN401 text is an empty text.",
        "{"id":7,"contents":"a"}": "corpus: . #7 a @contents",
        "{"query_id":"1","query":"q","positive_passages":[{"docid":"7"},"x"],"negative_passages":[]}": "tevatron: ? #1 q @query | HN102 positive_passages[0].text is missing, not a text. | HN102 positive_passages[1] is a text, not an object with "docid" and "text". | HN106 "negative_passages" lists nothing: the query has no negatives yet.",
        "{"query_id":1,"query":"q","positive_passages":[{"docid":"7","title":"T","text":"a"}],"negative_passages":[{"docid":"8","text":"n"}]}": "tevatron: ? #1 q @query | + #7 T a @positive_passages[0].text | - #8 n @negative_passages[0].text",
        "{"question":"q","positive_ctxs":[]}": "not recognised",
        "{"text":"a"}": "corpus: . a @text",
        "{}": "not recognised",
      }
    `);
  });

  test("a BEIR folder's files", () => {
    expect(reading(beirCorpus, { _id: "7", title: "T", text: "a" })).toBe(". #7 T a @text");
    expect(reading(beirCorpus, { text: "a" })).toBe('. a @text | HN102 The record has no "_id", so no qrels row can name it.');
    expect(reading(beirQueries, { _id: "1", text: "q" })).toBe("? #1 q @text");
    expect(reading(beirQueries, { _id: "1" })).toBe('HN102 The record has no "text".');
  });
});

describe("any record", () => {
  const anything = fc.oneof(
    fc.string(),
    fc.array(
      fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.dictionary(fc.constantFrom("docid", "text", "title"), fc.string())),
      { maxLength: 3 },
    ),
    fc.double(),
    fc.constant(null),
    fc.boolean(),
  );
  const names = [
    "query",
    "pos",
    "neg",
    "anchor",
    "positive",
    "negative",
    "negative_1",
    "negatives",
    "doc",
    "docs",
    "answer",
    "scores",
    "label",
    "labels",
    "query_id",
    "positive_passages",
    "negative_passages",
    "_id",
    "text",
    "title",
  ];
  const record = fc.dictionary(fc.constantFrom(...names), anything);
  const formats = [...RECOGNISED_FORMATS, beirCorpus, beirQueries];

  test("is read without throwing, every path leads to a text, and what is recognised is used or reported", () => {
    fc.assert(
      fc.property(record, fc.constantFrom(...formats), (value, format) => {
        const { record: found, problems } = format.read(value);
        const { query, positives, negatives, documents } = found;
        const isUsed = query !== undefined || documents.length > 0 || problems.length > 0;
        expect(isUsed || !format.recognises(value)).toBe(true);
        for (const { path } of [...positives, ...negatives, ...documents]) {
          expect(typeof path.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], value)).toBe("string");
        }
      }),
      { numRuns: 1000, seed: 7 },
    );
  });
});

test("every format can be asked for by its id", () => {
  expect(RECOGNISED_FORMATS.map(({ id }) => formatById(id))).toStrictEqual(RECOGNISED_FORMATS);
  expect(formatById("beir")).toBe(beirCorpus);
});
