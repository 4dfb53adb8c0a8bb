import { expect, test } from "vitest";
import { gradientSettings } from "#core/gradients/gradientSettings";
import { defaultConfig } from "#core/config/config";
import type { CandidateView } from "#protocol/review";
import { queryView } from "../../../server/lsp/views/queryView";
import { plainModel, verdict } from "../mining/miningFixture";
import { collection, firstRound, mine } from "../rounds/roundScenes";
import type { RoundScene } from "../rounds/roundScenes";

function candidatesOf(more: Partial<RoundScene>): readonly CandidateView[] {
  const [scene] = firstRound;
  const { candidates, dropped } = queryView(mine({ hits: [], ...scene, ...more }), {
    dataset: "file:///train.jsonl",
    revision: 1,
    collection,
    gradients: gradientSettings(defaultConfig.training),
    counts: { queries: 2, queriesReviewed: 0, marks: 0, falseNegatives: 0 },
    canUndo: false,
    canRedo: false,
    isNew: () => false,
    usesOf: () => 1,
  });
  return [...candidates, ...dropped];
}

const told = (more: Partial<RoundScene>): readonly string[] =>
  candidatesOf(more).map(
    ({ text, suspicion }) => `${text}: ${suspicion === undefined ? "-" : `${suspicion.probability.toFixed(3)} ${suspicion.text}`}`,
  );

test("cards that nobody has judged say what the model suspects of them", () => {
  expect(told({ falseNegatives: plainModel, marks: [verdict("first", "b", "true_negative", { author: "bob" })] })).toMatchInlineSnapshot(`
    [
      "a: 0.240 may be relevant: very near the query, much like a positive",
      "b: -",
      "p1: -",
      "c: 0.125 does not look relevant",
      "d: 0.087 does not look relevant",
    ]
  `);
});

test("there is no suspicion without a model, and none without vectors", () => {
  expect(candidatesOf({}).filter(({ suspicion }) => suspicion !== undefined)).toEqual([]);
  const lexical = candidatesOf({ falseNegatives: plainModel, retrieval: "lexical" });
  expect(lexical.filter(({ suspicion }) => suspicion !== undefined)).toEqual([]);
});
