import { describe, expect, test } from "vitest";
import { rowDelta } from "#core/edits/rowDelta";
import type { RowContext } from "#core/edits/rowDelta";
import { flagEmbedding } from "#core/formats/flagEmbedding";
import type { RecordFormat, TrainingRecord } from "#core/formats/format";
import { sentenceTransformersLabeledList } from "#core/formats/sentenceTransformersLabeledList";
import { sentenceTransformersLabeledPair } from "#core/formats/sentenceTransformersLabeledPair";
import { sentenceTransformersNTuple } from "#core/formats/sentenceTransformersNTuple";
import { sentenceTransformersTriplet } from "#core/formats/sentenceTransformersTriplet";
import { tevatron } from "#core/formats/tevatron";
import { readRow } from "#core/jsonl/readRecord";

function read(format: RecordFormat, value: object): TrainingRecord {
  const { record } = readRow(JSON.stringify(value), format);
  if (record === undefined) throw new Error("no record");
  return record;
}

/** The delta as lines of text. */
function meant(format: RecordFormat, before: object, after: object, context?: RowContext): readonly string[] {
  const { judged, arrived, withheld } = rowDelta(read(format, before), read(format, after), context);
  return [
    ...judged.map(({ verdict, passage, reason }) => `${verdict} "${passage.text}": ${reason}`),
    ...arrived
      .filter(({ passage }) => !judged.some((judgement) => judgement.passage.text === passage.text))
      .map(({ passage, side }) => `came into the ${side}: "${passage.text}"`),
    ...withheld.map(({ passage }) => `of a list made anew: "${passage.text}"`),
  ];
}

const paris = "Paris is the capital and largest city of France.";
const lyon = "Lyon lies where the Rhone and the Saone meet.";
const nice = "Nice has a long beach of pebbles.";
const lille = "Lille is near the Belgian border.";
const record = { query: "capital of France", pos: [paris], neg: [lyon, nice] };

describe("a change of a record of lists", () => {
  const edit = (change: object, context?: RowContext): readonly string[] => meant(flagEmbedding, record, { ...record, ...change }, context);

  test("moves between the lists are verdicts", () => {
    expect(edit({ pos: [paris, lyon], neg: [nice] })).toMatchInlineSnapshot(`
      [
        "false_negative "Lyon lies where the Rhone and the Saone meet.": moved from the negatives to the positives",
      ]
    `);
    expect(edit({ pos: [], neg: [lyon, paris, nice] })).toMatchInlineSnapshot(`
      [
        "true_negative "Paris is the capital and largest city of France.": moved from the positives to the negatives",
      ]
    `);
    expect(edit({ pos: [lyon], neg: [paris, nice] })).toMatchInlineSnapshot(`
      [
        "false_negative "Lyon lies where the Rhone and the Saone meet.": moved from the negatives to the positives",
        "true_negative "Paris is the capital and largest city of France.": moved from the positives to the negatives",
      ]
    `);
  });

  test("a deleted negative must be none, and nobody has said why", () => {
    expect(edit({ neg: [nice] })).toMatchInlineSnapshot(`
      [
        "cant_tell "Lyon lies where the Rhone and the Saone meet.": deleted from the negatives",
      ]
    `);
    expect(edit({ neg: [lyon, lyon, nice, paris] })).toEqual([]);
  });

  test("a positive that was taken out, alone or for another, is a bad one", () => {
    expect(edit({ pos: [] })).toMatchInlineSnapshot(`
      [
        "bad_positive "Paris is the capital and largest city of France.": taken out of the positives",
      ]
    `);
    expect(edit({ pos: [lille] })).toMatchInlineSnapshot(`
      [
        "bad_positive "Paris is the capital and largest city of France.": taken out of the positives",
        "came into the positives: "Lille is near the Belgian border."",
      ]
    `);
  });

  test("what came from outside is not judged", () => {
    expect(edit({ neg: [lyon, nice, lille] })).toMatchInlineSnapshot(`
      [
        "came into the negatives: "Lille is near the Belgian border."",
      ]
    `);
  });

  test("a corrected text is the same passage, unless that text stands elsewhere", () => {
    const corrected = "Lyon lies where the Rhône and the Saône meet.";
    expect(edit({ neg: [corrected, nice] })).toEqual([]);
    expect(edit({ pos: ["Paris is the capital and the largest city of France."] })).toEqual([]);
    expect(edit({ neg: [corrected, nice] }, { isKnown: (text) => text === corrected })).toMatchInlineSnapshot(`
      [
        "cant_tell "Lyon lies where the Rhone and the Saone meet.": deleted from the negatives",
        "came into the negatives: "Lyon lies where the Rhône and the Saône meet."",
      ]
    `);
  });

  test("order, white space, scores, other fields and repetitions say nothing", () => {
    expect(edit({ neg: [nice, lyon] })).toEqual([]);
    expect(edit({ neg: [`  ${lyon.replaceAll(" ", "\n")}`, nice] })).toEqual([]);
    expect(edit({ neg_scores: [0.5, 0.25], note: "looked at" })).toEqual([]);
    expect(meant(flagEmbedding, { ...record, neg: [lyon, lyon, paris] }, { ...record, neg: [lyon] })).toEqual([]);
  });

  test("with another query it is another record", () => {
    expect(edit({ query: "capital of Italy", pos: [], neg: [] })).toEqual([]);
  });

  test("a list that was emptied or filled anew judges none of its passages", () => {
    const many = { ...record, neg: [lyon, nice, lille] };
    expect(meant(flagEmbedding, many, { ...many, neg: [] })).toMatchInlineSnapshot(`
      [
        "of a list made anew: "Lyon lies where the Rhone and the Saone meet."",
        "of a list made anew: "Nice has a long beach of pebbles."",
        "of a list made anew: "Lille is near the Belgian border."",
      ]
    `);
    const mined = { ...many, neg: [...many.neg, "Brest", "Metz", "Nantes"] };
    const other = { ...many, neg: ["Brest", "Rouen", "Toulon", "Reims"] };
    expect(meant(flagEmbedding, mined, other).filter((line) => !line.startsWith("came"))).toMatchInlineSnapshot(`
      [
        "of a list made anew: "Lyon lies where the Rhone and the Saone meet."",
        "of a list made anew: "Nice has a long beach of pebbles."",
        "of a list made anew: "Lille is near the Belgian border."",
        "of a list made anew: "Metz"",
        "of a list made anew: "Nantes"",
      ]
    `);
    expect(meant(flagEmbedding, many, { ...many, neg: [lille] })).toHaveLength(2);
  });

  test("a passage that another record of the query lists is not gone", () => {
    const elsewhere = [{ text: lyon, path: ["neg", 0] }];
    expect(edit({ neg: [nice] }, { elsewhere })).toEqual([]);
    expect(edit({ pos: [] }, { elsewhere: [{ text: paris, path: ["pos", 0] }] })).toEqual([]);
  });
});

describe("formats other than lists of texts", () => {
  test("a swapped negative of a triplet was deleted; swapped roles are verdicts on both", () => {
    const triplet = { anchor: "capital of France", positive: paris, negative: lyon };
    expect(meant(sentenceTransformersTriplet, triplet, { ...triplet, negative: nice })).toMatchInlineSnapshot(`
      [
        "cant_tell "Lyon lies where the Rhone and the Saone meet.": deleted from the negatives",
        "came into the negatives: "Nice has a long beach of pebbles."",
      ]
    `);
    expect(meant(sentenceTransformersTriplet, triplet, { ...triplet, positive: lyon, negative: paris })).toMatchInlineSnapshot(`
      [
        "false_negative "Lyon lies where the Rhone and the Saone meet.": moved from the negatives to the positives",
        "true_negative "Paris is the capital and largest city of France.": moved from the positives to the negatives",
      ]
    `);
  });

  test("a column of an n-tuple that goes is a deleted negative", () => {
    const tuple = { anchor: "capital of France", positive: paris, negative_1: lyon, negative_2: nice };
    const { negative_1: _, ...rest } = tuple;
    expect(meant(sentenceTransformersNTuple, tuple, rest)).toMatchInlineSnapshot(`
      [
        "cant_tell "Lyon lies where the Rhone and the Saone meet.": deleted from the negatives",
      ]
    `);
  });

  test("a label that changes is a verdict; one that says neither is none", () => {
    const pair = { anchor: "capital of France", passage: lyon, label: 0 };
    expect(meant(sentenceTransformersLabeledPair, pair, { ...pair, label: 1 })).toMatchInlineSnapshot(`
      [
        "false_negative "Lyon lies where the Rhone and the Saone meet.": moved from the negatives to the positives",
      ]
    `);
    expect(meant(sentenceTransformersLabeledPair, { ...pair, label: 1 }, pair)).toMatchInlineSnapshot(`
      [
        "true_negative "Lyon lies where the Rhone and the Saone meet.": moved from the positives to the negatives",
      ]
    `);
    expect(meant(sentenceTransformersLabeledPair, pair, { ...pair, label: 0.5 })).toEqual([]);
    const list = { query: "capital of France", docs: [paris, lyon, nice], labels: [1, 0, 0] };
    expect(meant(sentenceTransformersLabeledList, list, { ...list, labels: [1, 1, 0] })).toMatchInlineSnapshot(`
      [
        "false_negative "Lyon lies where the Rhone and the Saone meet.": moved from the negatives to the positives",
      ]
    `);
  });

  test("a Tevatron passage is its title and text; its id alone says nothing", () => {
    const passage = (docid: string, title: string, text: string): object => ({ docid, title, text });
    const row = {
      query_id: "1",
      query: "capital of France",
      positive_passages: [passage("p", "Paris", "The capital.")],
      negative_passages: [passage("l", "Lyon", "A city.")],
    };
    expect(meant(tevatron, row, { ...row, negative_passages: [passage("other", "Lyon", "A city.")] })).toEqual([]);
    expect(meant(tevatron, row, { ...row, positive_passages: [...row.positive_passages, ...row.negative_passages], negative_passages: [] }))
      .toMatchInlineSnapshot(`
      [
        "false_negative "Lyon A city.": moved from the negatives to the positives",
      ]
    `);
  });
});
