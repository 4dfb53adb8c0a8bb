import { expect, test } from "vitest";
import type { HarvestQuery } from "#core/curation/harvestQueries";
import { dataOf, range } from "../learning/learningFixture";
import { curationFixture, value } from "./curationFixture";
import type { Curator } from "./curationFixture";

async function queriesOf({ curation }: Curator): Promise<readonly HarvestQuery[]> {
  const answer = value(await curation.harvestQueries());
  if (answer.kind === "mining") throw new Error("It is a small file.");
  return answer.queries;
}

test("queries come in the order of the harvest lane's cards, each with its pairs in that order", async () => {
  const ann = await curationFixture();
  const queries = await queriesOf(ann);
  expect(queries).toHaveLength(40);
  expect(queries.every(({ documents }) => documents.length === 3)).toBe(true);
  const cards = await ann.judgeNext(20, "true_negative", { lane: "harvest" });
  expect(cards.map(({ query }) => query)).toEqual(queries.slice(0, 20).map(({ key }) => key));
  expect(cards.map(({ document }) => document)).toEqual(queries.slice(0, 20).map(({ documents }) => documents[0]));
  expect(cards.map(({ index }) => index)).toEqual(queries.slice(0, 20).map(({ index }) => index));
});

test("judged pairs are left out, and queries of which all is judged come last", async () => {
  const ann = await curationFixture({ input: dataOf(range(0, 3)) });
  const [first] = await queriesOf(ann);
  if (first === undefined) throw new Error("There are three queries.");
  for (const document of first.documents) await ann.judge({ query: first.key, document, lane: "harvest" }, "true_negative");
  const after = await queriesOf(ann);
  expect(after.map(({ documents }) => documents.length)).toEqual([3, 3, 0]);
  expect(after.at(-1)?.key).toBe(first.key);
});

test("a query that a person calls bad is not among them", async () => {
  const ann = await curationFixture({ input: dataOf(range(0, 3)) });
  const [first, ...others] = await queriesOf(ann);
  value(await ann.journal.add({ verdict: "bad_query", query: { key: first?.key ?? "" }, blind: false, suggestion_shown: false }));
  ann.session.setMarks(ann.journal.folded);
  const after = await queriesOf(ann);
  expect(new Set(after.map(({ key }) => key))).toEqual(new Set(others.map(({ key }) => key)));
});
