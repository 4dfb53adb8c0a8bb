import fc from "fast-check";
import { expect, test } from "vitest";
import { beirCorpus } from "#core/formats/beirCorpus";
import { flagEmbedding } from "#core/formats/flagEmbedding";
import type { JsonObject, RecordFormat } from "#core/formats/format";
import { fieldsBeside } from "#core/formats/passageFields";
import { plainCorpus, titledCorpus } from "#core/formats/plainCorpus";
import { tevatron } from "#core/formats/tevatron";

function fieldsOf(format: RecordFormat, value: JsonObject): readonly unknown[] {
  const { positives, negatives, documents } = format.read(value).record;
  return [...positives, ...negatives, ...documents].map((passage) => ("fields" in passage ? passage.fields : "none"));
}

test("a corpus record's scalars beside text, title and id are its fields", () => {
  const record = { docid: 7, title: "T", text: "a", lang: "en", year: 1999, checked: false, tags: ["x"], meta: { a: 1 }, gone: null };
  expect(fieldsOf(plainCorpus, record)).toEqual([{ lang: "en", year: 1999, checked: false }]);
  expect(fieldsOf(titledCorpus, record)).toEqual([{ lang: "en", year: 1999, checked: false }]);
  expect(fieldsOf(beirCorpus, { _id: "1", id: "x", text: "a", contents: "b" })).toEqual([{ id: "x", contents: "b" }]);
});

test("Tevatron's passages have the fields of their own object, not of the record", () => {
  const record = {
    query_id: "1",
    query: "q",
    source: "nq",
    positive_passages: [{ docid: "7", title: "T", text: "a", score: 0.5 }],
    negative_passages: [{ docid: "8", text: "n" }],
  };
  expect(fieldsOf(tevatron, record)).toEqual([{ score: 0.5 }, "none"]);
});

test("passages that are plain texts have none", () => {
  expect(fieldsOf(flagEmbedding, { query: "q", pos: ["a"], neg: ["b"], type: "normal" })).toEqual(["none", "none"]);
  expect(fieldsOf(plainCorpus, { text: "a" })).toEqual(["none"]);
});

test("long texts and numbers that JSON does not have are left out", () => {
  const [just, over] = ["x".repeat(256), "x".repeat(257)];
  expect(fieldsBeside({ just, over, infinite: Infinity, none: Number.NaN }, [])).toEqual({ fields: { just } });
});

test("a field may have any name", () => {
  const value = JSON.parse('{"__proto__": "p", "constructor": 1, "text": "a"}') as JsonObject;
  const { fields } = fieldsBeside(value, ["text"]);
  expect(Object.entries(fields ?? {})).toEqual([
    ["__proto__", "p"],
    ["constructor", 1],
  ]);
});

test("every scalar is kept under its name, and nothing else", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const scalars = Object.entries(value).filter(([, field]) => ["string", "number", "boolean"].includes(typeof field));
      expect(Object.entries(fieldsBeside(value as JsonObject, []).fields ?? {})).toEqual(scalars);
    }),
  );
});
