import { expect, test } from "vitest";
import { splitOf } from "../../judged/hiddenPositives";
import { training } from "../../support/smallCollection";

const collection = training(
  Array.from({ length: 20 }, (_, query) => ({
    query: `query ${String(query)}`,
    pos: Array.from({ length: 1 + (query % 10) }, (__, i) => `positive ${String(i)} of ${String(query)}`),
  })),
);

test("of a training query's positives 30 %, at least one, are labelled and the others hidden; test queries are others", () => {
  const { training: trained, test: tested } = splitOf(collection, 1);
  expect([trained.length, tested.length]).toEqual([12, 8]);
  expect(new Set([...trained.map(({ query }) => query), ...tested]).size).toBe(20);
  for (const { query, labelled, hidden } of trained) {
    const { positives } = collection.queries[query]!;
    expect(labelled).toHaveLength(Math.max(1, Math.round(0.3 * positives.length)));
    expect([...labelled, ...hidden].sort((a, b) => a - b)).toEqual(positives);
  }
});

test("a seed names its split", () => {
  expect(splitOf(collection, 3)).toEqual(splitOf(collection, 3));
  expect(splitOf(collection, 3).test).not.toEqual(splitOf(collection, 4).test);
});
