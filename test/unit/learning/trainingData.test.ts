import { expect, test } from "vitest";
import { batchKeys } from "#core/batches/makeBatchRow";
import { defaultConfig } from "#core/config/config";
import { TrainingDataBuilder } from "#core/learning/trainingData";
import { saidSuggestions, type Said } from "../../support/saidSuggestions";
import { plainModel, verdict } from "../mining/miningFixture";
import { collection, firstRound, mine } from "../rounds/roundScenes";
import type { RoundScene } from "../rounds/roundScenes";

const keysOf = batchKeys(collection, defaultConfig.training.batches);

/** Weight of each negative of the first query of the scenes, by its text. */
function weightsOf(more: Partial<RoundScene>, weight_by_false_negatives = true): Readonly<Record<string, number>> {
  const settings = { ...defaultConfig.training, weight_by_false_negatives };
  const builder = new TrainingDataBuilder(collection, keysOf, settings);
  const [scene] = firstRound;
  builder.add(mine({ hits: [], ...scene, ...more }));
  const { examples, documents } = builder.data();
  const textOf = (row: number): string => collection.documents[documents[row] ?? -1]?.text ?? "?";
  return Object.fromEntries((examples[0]?.negatives ?? []).map(({ document, weight }) => [textOf(document), Number(weight.toFixed(3))]));
}

const taught = { ...plainModel, kind: "fitted" as const };

test("negatives weigh less the more probably they are relevant, and verified ones weigh 1", () => {
  expect(weightsOf({ falseNegatives: taught })).toMatchInlineSnapshot(`
    {
      "a": 0.76,
      "b": 0.825,
    }
  `);
  expect(weightsOf({ falseNegatives: taught, marks: [verdict("first", "a", "true_negative")] })).toMatchInlineSnapshot(`
    {
      "a": 1,
      "b": 0.825,
    }
  `);
});

test.each([
  ["without a model", {}, true],
  ["while there are too few marks", { falseNegatives: plainModel }, true],
  ["where it is switched off", { falseNegatives: taught }, false],
])("%s all weigh 1", (_, scene, isOn) => {
  expect(weightsOf(scene, isOn)).toEqual({ a: 1, b: 1 });
});

/** The data of both queries of the scenes, which emit a and b each, with texts in place of numbers. */
function dataOf(said: Readonly<Record<string, Said>> | undefined, { marks = [], weight = 0.5 }: Partial<Taught> = {}) {
  const source = said && { suggestions: saidSuggestions(said), minPerplexity: 1.5 };
  const builder = new TrainingDataBuilder(collection, keysOf, { ...defaultConfig.training, distillation_weight: weight }, source);
  for (const scene of firstRound) builder.add(mine({ ...scene, marks }));
  const data = builder.data();
  const textOf = (row: number): string => collection.documents[data.documents[row] ?? -1]?.text ?? "?";
  const texts = (rows: readonly number[]): string => rows.map(textOf).join(" ");
  const examples = data.examples.map(({ negatives, barred, teacher }) => ({
    negatives: texts(negatives.map(({ document }) => document)),
    barred: texts(barred),
    ...(teacher && { teacher: texts(teacher.documents), shares: teacher.probabilities.map((share) => Number(share.toFixed(3))) }),
  }));
  return { data, examples, documents: texts([...data.documents.keys()]) };
}

interface Taught {
  readonly marks: RoundScene["marks"];
  readonly weight: number;
}

const opinions = { a: "relevant", c: "not_relevant", d: "partly_relevant", e: "not_relevant", f: "not_relevant" } as const;

test("a query that a model judged has a teacher; what only the teacher names pushes its query in no batch", () => {
  expect(dataOf({ first: { opinions } })).toMatchObject({ documents: "p1 a b c d e f p2", examples: [{}, {}] });
  expect(dataOf({ first: { opinions } }).examples).toMatchInlineSnapshot(`
    [
      {
        "barred": "p1 c d e f",
        "negatives": "a b",
        "shares": [
          0.457,
          0.457,
          0.008,
          0.062,
          0.008,
          0.008,
        ],
        "teacher": "p1 a c d e f",
      },
      {
        "barred": "p2",
        "negatives": "a b",
      },
    ]
  `);
});

test("persons go before the teacher: a promoted passage is its positive, and one that they leave open is in no list", () => {
  const promoted = dataOf({ first: { opinions } }, { marks: [verdict("first", "c", "false_negative")] });
  expect(promoted.examples[0]).toMatchInlineSnapshot(`
    {
      "barred": "p1 c d e f",
      "negatives": "a b",
      "shares": [
        0.333,
        0.333,
        0.333,
        0,
        0,
        0,
      ],
      "teacher": "p1 c a d e f",
    }
  `);
  const open = dataOf({ first: { opinions } }, { marks: [verdict("first", "d", "partly_relevant"), verdict("first", "a", "cant_tell")] });
  expect(open.examples[0]).toEqual({ negatives: "b c", barred: "p1 a" });
});

test("without suggestions and without a share of the loss the data are the same, to the byte", () => {
  const plain = JSON.stringify(dataOf(undefined).data);
  expect(JSON.stringify(dataOf({}).data)).toBe(plain);
  expect(JSON.stringify(dataOf({ other: { opinions } }).data)).toBe(plain);
  expect(JSON.stringify(dataOf({ first: { opinions } }, { weight: 0 }).data)).toBe(plain);
  expect(JSON.stringify(dataOf({ first: { opinions } }).data)).not.toBe(plain);
});
