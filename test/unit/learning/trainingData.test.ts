import { expect, test } from "vitest";
import { batchKeys } from "#core/batches/makeBatchRow";
import { defaultConfig } from "#core/config/config";
import { TrainingDataBuilder } from "#core/learning/trainingData";
import { plainModel, verdict } from "../mining/miningFixture";
import { collection, firstRound, mine } from "../rounds/roundScenes";
import type { RoundScene } from "../rounds/roundScenes";

/** Weight of each negative of the first query of the scenes, by its text. */
function weightsOf(more: Partial<RoundScene>, weight_by_false_negatives = true): Readonly<Record<string, number>> {
  const builder = new TrainingDataBuilder(collection, batchKeys(collection, defaultConfig.training.batches), { weight_by_false_negatives });
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
