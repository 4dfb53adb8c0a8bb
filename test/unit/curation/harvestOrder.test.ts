import { expect, test } from "vitest";
import type { EmittedPair } from "#core/curation/emission";
import { defaultConfig } from "#core/config/config";
import { FoldedSuggestions } from "#core/suggestions/foldedSuggestions";
import { harmOf, harvestOrder, orderedHarvest, PAGE } from "#core/curation/harvestOrder";

import { judgement } from "../suggestions/suggestionLines";

function pair(query: number, document: string, probability: number, weight = 1): EmittedPair {
  return { query: `q${String(query)}`, document, source: "top", index: query, probability, weight };
}

test("the most harmful pairs come first, one of a query on a page", () => {
  const harmful = ["a", "b", "c"].map((document, i) => pair(0, document, 0.9 - i / 100));
  const others = Array.from({ length: PAGE + 5 }, (_, i) => pair(i + 1, "d", 0.5 - i / 1000));
  const order = harvestOrder([...others, ...harmful]).map(({ query, document }) => `${query} ${document}`);
  expect(order.slice(0, 3)).toEqual(["q0 a", "q1 d", "q2 d"]);
  expect(order.indexOf("q0 b")).toBe(PAGE);
  expect(order).toHaveLength(others.length + harmful.length);
  expect(new Set(order).size).toBe(order.length);
  // The second page has no more queries than six and the third begins: the third pair of the first query.
  expect(order.at(-1)).toBe("q0 c");
});

test("harm is the probability times the weight, and nothing where one of them is unknown", () => {
  expect(harmOf(pair(0, "a", 0.5, 0.2))).toBeCloseTo(0.1);
  expect(harmOf(pair(0, "a", Number.NaN, 0.2))).toBe(0);
  const pairs = [pair(0, "a", Number.NaN), pair(1, "b", 0.1, 0.9), pair(2, "c", 0.9, 0.01), pair(3, "d", Number.NaN)];
  expect(harvestOrder(pairs).map(({ document }) => document)).toEqual(["b", "c", "a", "d"]);
});

test("with language models' opinions, what they call relevant comes first, by harm among it and among the rest", () => {
  const pairs = [pair(0, "a", 0.9), pair(1, "b", 0.1), pair(2, "c", 0.3), pair(3, "d", 0.5), pair(4, "e", 0.4)];
  const suggestions = new FoldedSuggestions([
    judgement("q0", { a: "not_relevant" }),
    judgement("q1", { b: "relevant", a: "relevant" }),
    judgement("q2", { c: "partly_relevant" }),
    judgement("q4", { e: "duplicate_of_positive" }),
    judgement("q4", { e: "not_relevant" }, { stage: "confirm" }),
  ]);
  const order = (name: "harm" | "opinions"): string =>
    orderedHarvest(pairs, { ...defaultConfig.curation, harvest_order: name }, suggestions)
      .map(({ document }) => document)
      .join("");
  expect([order("harm"), order("opinions")]).toEqual(["adecb", "cbade"]);
});
