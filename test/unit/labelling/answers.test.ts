import { expect, test } from "vitest";
import type { AttributionSuggestion } from "#core/suggestions/suggestion";
import { scriptedAnswerer } from "../../support/scriptedAnswerer";
import type { AnswererFacts } from "../../support/scriptedAnswerer";
import { value } from "../curation/curationFixture";
import { dataOf, range } from "../learning/learningFixture";
import { labellingFixture, SteeredChat } from "./labellingFixture";
import type { Asker } from "./labellingFixture";

/** Every document is evidence for the answer. */
const facts: AnswererFacts = { answer: "forty two", evidence: range(0, 200).map((i) => [`document ${String(i)}`]) };

const planOrder = {
  task: "answer",
  queries: 3,
  ask: { name: "scripted", goesTo: "api.example.com", prices: { input: 1, output: 10 } },
} as const;

function attributions(ann: Asker): readonly AttributionSuggestion[] {
  return ann.written().filter((suggestion) => suggestion.kind === "attribution");
}

test("a run answers queries from their positives and the nearest of what they emit, and writes each passage's weight", async () => {
  const ann = await labellingFixture({ labelling: { passages: 4, contribution: "leave_one_out" } });
  const chat = scriptedAnswerer({ answer: "forty two", evidence: [["document 7"]] });
  const end = await ann.run(chat, { task: "answer", queries: 40 });
  expect(end).toMatchObject({ task: "answer", end: "finished", failed: 0, left: 0 });
  const lines = attributions(ann);
  expect(lines).toHaveLength(40);
  const seventh = lines.find(({ query }) => query.id === "q7");
  expect(seventh).toMatchObject({ prompt: "answer-1", answer: "forty two", method: "leave_one_out" });
  const { session } = ann.curator;
  const key = seventh?.query.key ?? "";
  const positive =
    session.collection.groupKeys[session.collection.documents[session.collection.queries[7]?.positives[0] ?? -1]?.group ?? -1];
  expect(seventh?.passages.map(({ document, weight }) => [document.key === positive, weight])).toEqual([
    [true, 1],
    [false, 0],
    [false, 0],
    [false, 0],
  ]);
  expect(session.suggestions.attributionOf(key)?.weights.get(positive ?? "")).toBe(1);
  expect(end.text).toMatchInlineSnapshot(
    `"All 40 queries were asked about. 40 queries were answered, and 0 of the answers rank the passages. The others teach nothing: 34 on too many passages alike or on none, 6 on a single passage. 240 questions; 24,000 tokens in and 4,800 out, at a cost of 0.072."`,
  );
  expect(await ann.run(chat, { task: "answer" })).toMatchObject({
    calls: 0,
    text: "There is nothing to ask: every query that emits negatives has an attributed answer.",
  });
});

test("queries of which everything is judged can still be answered", async () => {
  const ann = await labellingFixture({ input: dataOf(range(0, 2)) });
  await ann.curator.judgeNext(6, "true_negative", { lane: "harvest" });
  expect(await ann.run(scriptedAnswerer(facts), { task: "answer" })).toMatchObject({ end: "finished" });
  expect(attributions(ann)).toHaveLength(2);
});

test("a plan counts the most questions there can be, and knows what is answered already", async () => {
  const ann = await labellingFixture({ labelling: { subsets: 8, passages: 4 } });
  const answer = value(await ann.labelling.plan(planOrder));
  if (answer.kind === "mining") throw new Error("It is a small file.");
  const { inputTokens, outputTokens, cost = 0 } = answer.plan;
  expect(answer.plan).toMatchObject({ queries: 3, pairs: 12, calls: 48, cachedCalls: 0, outputTokens: 48 * 30 });
  expect(cost).toBeCloseTo((inputTokens + 10 * outputTokens) / 1e6, 10);
  expect(answer.plan.text).toMatchInlineSnapshot(
    `"At most 48 questions with 3 queries and 12 passages go to api.example.com. Tokens are estimates: one for four bytes of a question, and 30 for an answer."`,
  );
  const dry = await ann.run(scriptedAnswerer(facts), { task: "answer", dryRun: true });
  expect(dry.calls).toBeLessThanOrEqual(answer.plan.calls);
  expect(value(await ann.labelling.plan(planOrder))).toMatchObject({
    plan: { calls: dry.calls, cachedCalls: dry.calls, inputTokens: 0, cost: 0 },
  });
});

test("a dry run shows the answer, who carries it, and what the teacher is worth", async () => {
  const ann = await labellingFixture({ input: dataOf(range(0, 1)), labelling: { contribution: "leave_one_out" } });
  const dry = await ann.run(scriptedAnswerer({ answer: "forty two", evidence: [["document 0"]] }), { task: "answer", dryRun: true });
  const [query] = dry.queries;
  expect(query).toMatchObject({ text: "query 0", answer: "forty two" });
  expect(query?.passages.map(({ isPositive, contribution }) => ({ isPositive, contribution }))).toEqual([
    { isPositive: true, contribution: 1 },
    { isPositive: false, contribution: 0 },
    { isPositive: false, contribution: 0 },
    { isPositive: false, contribution: 0 },
  ]);
  expect(query?.notes).toEqual(["One passage carries everything, which ranks the rest in no way: this query gets no teacher."]);
});

test("no more questions are under way at once than the person allows, however many subsets a query asks about", async () => {
  const ann = await labellingFixture({ labelling: { contribution: "surrogate", subsets: 16 } });
  const chat = new SteeredChat(() => "forty two");
  chat.hold();
  await ann.begin(chat, { task: "answer", queries: 4, concurrency: 3 });
  for (let i = 0; i < 20; i += 1) {
    await chat.waiting(3);
    chat.release();
  }
  expect(chat.mostUnderWay).toBe(3);
  chat.letGo();
  expect(await ann.end()).toMatchObject({ end: "finished", failed: 0 });
});

test("a run that is paused in the middle of a query goes on there", async () => {
  const ann = await labellingFixture({ labelling: { contribution: "leave_one_out" } });
  const chat = new SteeredChat(() => "forty two");
  chat.hold();
  await ann.begin(chat, { task: "answer", queries: 1, concurrency: 2 });
  await chat.waiting(2);
  ann.labelling.pause();
  chat.letGo();
  while (ann.labelling.progress?.inputTokens !== 2000) await new Promise((resolve) => setImmediate(resolve));
  expect(chat.requests).toHaveLength(2);
  ann.labelling.resume();
  expect(await ann.end()).toMatchObject({ end: "finished", calls: 6 });
});

test("data that change while a query is being answered: the rest is asked with the new ones", async () => {
  const ann = await labellingFixture({ labelling: { contribution: "leave_one_out" } });
  const chat = new SteeredChat(() => "forty two");
  chat.hold();
  await ann.begin(chat, { task: "answer", queries: 40 });
  await chat.waiting(1);
  await ann.curator.session.setData(dataOf(range(20, 40)));
  chat.letGo();
  const end = await ann.end();
  expect(end).toMatchObject({ end: "finished", failed: 0, left: 0 });
  const ids = attributions(ann).map(({ query }) => Number(query.id?.slice(1)));
  expect([...ids].sort((a, b) => a - b)).toEqual(range(20, 40));
});
