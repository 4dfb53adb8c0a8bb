import { expect, test } from "vitest";
import type { JudgementSuggestion, Suggestion } from "#core/suggestions/suggestion";
import { range } from "../learning/learningFixture";
import { dataOf } from "../learning/learningFixture";
import { value } from "../curation/curationFixture";
import { InMemoryMarks } from "../../support/inMemoryMarks";
import { InMemoryAnswers, judge, labellingFixture, orderOf, SteeredChat } from "./labellingFixture";

const planOrder = { task: "judge", queries: 10, ask: { name: "scripted", goesTo: "api.example.com" } } as const;

function judgements(suggestions: readonly Suggestion[]): readonly JudgementSuggestion[] {
  return suggestions.filter((suggestion) => suggestion.kind === "judgement");
}

function queriesIn(suggestions: readonly Suggestion[]): readonly string[] {
  return suggestions.map(({ query }) => query.id ?? "");
}

test("a run asks about the next queries in harvest order, and one line for each is written in that order", async () => {
  const ann = await labellingFixture();
  const harvest = value(await ann.curator.curation.harvestQueries());
  if (harvest.kind === "mining") throw new Error("It is a small file.");
  const chat = judge();
  const end = await ann.run(chat, { queries: 5 });
  expect(ann.written().map(({ query }) => query.key)).toEqual(harvest.queries.slice(0, 5).map(({ key }) => key));
  expect(chat.requests).toHaveLength(5);
  const [first] = judgements(ann.written());
  expect(first).toMatchObject({ stage: "flag", model: "scripted", prompt: "judge-1", input_tokens: 1000, output_tokens: 100, cost: 0.002 });
  expect(first?.verdicts.map(({ document }) => document.key)).toEqual(harvest.queries[0]?.documents);
  expect(end).toMatchObject({
    end: "finished",
    failed: 0,
    left: 0,
    calls: 5,
    cachedCalls: 0,
    inputTokens: 5000,
    outputTokens: 500,
    cost: 0.01,
  });
  expect(end.text).toMatchInlineSnapshot(
    `"All 5 queries were asked about. 15 pairs of 5 queries were judged, and 3 of them flagged: called relevant, relevant in part or a duplicate of a positive. 5 questions; 5,000 tokens in and 500 out, at a cost of 0.01."`,
  );
  expect(ann.curator.session.suggestions.queries).toHaveLength(5);
});

test("the first query of the harvest lane is the first that is asked about", async () => {
  const ann = await labellingFixture();
  const card = await ann.curator.card({ lane: "harvest" });
  await ann.run(judge(), { queries: 1 });
  expect(ann.written().map(({ query }) => query.key)).toEqual([card.query]);
  expect(judgements(ann.written())[0]?.verdicts[0]?.document.key).toBe(card.document);
});

test("the next run goes on behind the last, until everything has an opinion", async () => {
  const ann = await labellingFixture({ input: dataOf(range(0, 8)) });
  const chat = judge();
  await ann.run(chat, { queries: 5 });
  const rest = await ann.run(chat, { queries: 5 });
  expect(rest.calls).toBe(3);
  expect(new Set(queriesIn(ann.written())).size).toBe(8);
  const nothing = await ann.run(chat, { queries: 5 });
  expect(nothing).toMatchObject({ end: "finished", calls: 0 });
  expect(nothing.text).toBe("There is nothing to ask: every pair that is emitted has a person's verdict or a model's.");
  expect(value(await ann.labelling.plan(planOrder))).toMatchObject({ kind: "plan", plan: { queries: 0, calls: 0, text: nothing.text } });
  expect(chat.requests).toHaveLength(8);
});

test("pairs that a person judged are not asked about, and no more candidates at once than the settings say", async () => {
  const ann = await labellingFixture({ input: dataOf(range(0, 1)), labelling: { candidates: 1 } });
  const [judged] = await ann.curator.judgeNext(1, "true_negative", { lane: "harvest" });
  await ann.run(judge());
  await ann.run(judge());
  const asked = judgements(ann.written()).map(({ verdicts }) => verdicts.map(({ document }) => document.key));
  expect(asked.map(({ length }) => length)).toEqual([1, 1]);
  expect(asked.flat()).not.toContain(judged?.document);
});

test("a plan says what a run comes to, and the run comes to that", async () => {
  const ann = await labellingFixture();
  const priced = { ...planOrder, ask: { ...planOrder.ask, prices: { input: 1, output: 10 } } };
  const answer = value(await ann.labelling.plan(priced));
  if (answer.kind === "mining") throw new Error("It is a small file.");
  const { plan } = answer;
  const { inputTokens, outputTokens, cost = 0 } = plan;
  expect(plan).toMatchObject({ queries: 10, pairs: 30, calls: 10, cachedCalls: 0, outputTokens: 30 * 60 });
  // The instructions alone have some 2,000 bytes.
  expect(inputTokens).toBeGreaterThan(10 * 500);
  expect(cost).toBeCloseTo((inputTokens + 10 * outputTokens) / 1e6, 10);
  expect(plan.text).toMatchInlineSnapshot(
    `"10 questions with 10 queries and 40 passages go to api.example.com. Tokens are estimates: one for four bytes of a question, and 60 for the verdict on a candidate."`,
  );
  const end = await ann.run(judge());
  expect(end.calls).toBe(plan.calls);
  expect(judgements(ann.written()).flatMap(({ verdicts }) => verdicts)).toHaveLength(plan.pairs);
});

test("a plan asks nobody, and counts what was answered before", async () => {
  const ann = await labellingFixture();
  await ann.run(judge(), { dryRun: true });
  const answer = value(await ann.labelling.plan(planOrder));
  expect(answer).toMatchObject({ kind: "plan", plan: { queries: 10, calls: 10, cachedCalls: 3 } });
  if (answer.kind === "plan")
    expect(answer.plan.text).toMatchInlineSnapshot(
      `"7 questions with 7 queries and 28 passages go to api.example.com. 3 questions more were answered before. Tokens are estimates: one for four bytes of a question, and 60 for the verdict on a candidate. Without prices in the settings its cost is not known."`,
    );
  const other = value(await ann.labelling.plan({ ...planOrder, ask: { ...planOrder.ask, name: "another" } }));
  expect(other).toMatchObject({ plan: { cachedCalls: 0 } });
});

test("a cascade asks the second model about what the first one flagged, and its word goes before", async () => {
  const ann = await labellingFixture();
  const [first, second] = [judge(), judge({ verdictOf: () => "partly_relevant" })];
  const confirm = { name: "strong", chat: second, prices: { input: 10, output: 100 } };
  const plan = value(await ann.labelling.plan({ ...planOrder, confirm: { name: "strong", goesTo: "big.example.com" } }));
  expect(plan).toMatchObject({ plan: { calls: 20 } });
  if (plan.kind === "plan")
    expect(plan.plan.text).toMatchInlineSnapshot(
      `"10 questions with 10 queries and 40 passages go to api.example.com. What is flagged goes to big.example.com to be confirmed, with its query and positives: at most 10 questions. Tokens are estimates: one for four bytes of a question, and 60 for the verdict on a candidate. Without prices in the settings its cost is not known."`,
    );
  const end = await ann.run(first, { confirm });
  const flagged = judgements(ann.written()).filter(({ stage }) => stage === "flag");
  const confirmed = judgements(ann.written()).filter(({ stage }) => stage === "confirm");
  expect(flagged).toHaveLength(10);
  const relevant = flagged.flatMap(({ verdicts }) => verdicts.filter(({ verdict }) => verdict === "relevant"));
  expect(relevant.length).toBeGreaterThan(0);
  expect(confirmed.flatMap(({ verdicts }) => verdicts)).toHaveLength(relevant.length);
  expect(second.requests).toHaveLength(confirmed.length);
  expect(end.calls).toBe(10 + confirmed.length);
  expect(end.cost).toBeCloseTo(10 * 0.002 + confirmed.length * 0.02, 10);
  expect(end.text).toMatchInlineSnapshot(
    `"All 10 queries were asked about. 30 pairs of 10 queries were judged: the first model flagged 7, and 7 of them stand after the second one's look. 15 questions; 15,000 tokens in and 1,500 out, at a cost of 0.12."`,
  );
  const { query, verdicts } = confirmed[0] ?? { query: { key: "" }, verdicts: [] };
  expect(ann.suggestions.folded.opinionOf(query.key, verdicts[0]?.document.key ?? "")).toMatchObject({
    verdict: "partly_relevant",
    model: "strong",
    stage: "confirm",
  });
});

test("what an earlier run flagged is confirmed when a second model is chosen, and nobody else is asked", async () => {
  const ann = await labellingFixture({ input: dataOf(range(0, 12)) });
  const first = judge();
  await ann.run(first, { queries: 12 });
  const flagged = judgements(ann.written()).flatMap(({ query, verdicts }) =>
    verdicts.flatMap(({ document, verdict }) => (verdict === "relevant" ? [{ query: query.key, document: document.key }] : [])),
  );
  expect(flagged.length).toBeGreaterThan(2);
  const queries = new Set(flagged.map(({ query }) => query)).size;
  const plan = value(
    await ann.labelling.plan({
      ...planOrder,
      queries: 12,
      confirm: { name: "strong", goesTo: "big.example.com", prices: { input: 1, output: 1 } },
    }),
  );
  expect(plan).toMatchObject({ plan: { queries, pairs: flagged.length, calls: queries, outputTokens: 60 * flagged.length } });
  if (plan.kind === "plan")
    expect(plan.plan.text).toMatch(/^What is flagged goes to big\.example\.com to be confirmed, with its query and positives: \d/u);
  const second = judge({ verdictOf: () => "not_relevant" });
  const end = await ann.run(first, { queries: 12, confirm: { name: "strong", chat: second } });
  expect(end).toMatchObject({ end: "finished", calls: queries });
  expect(first.requests).toHaveLength(12);
  expect(end.text).toContain(`the first model flagged ${String(flagged.length)}, and 0 of them stand after the second one's look.`);
  for (const { query, document } of flagged) {
    expect(ann.suggestions.folded.opinionOf(query, document)).toMatchObject({ verdict: "not_relevant", stage: "confirm" });
  }
  expect(await ann.run(first, { confirm: { name: "strong", chat: second } })).toMatchObject({ calls: 0 });
});

test("where the second model gives nothing of use, the first one's word stands and is told of", async () => {
  const ann = await labellingFixture();
  const second = new SteeredChat(() => "I would rather not say.");
  const end = await ann.run(judge(), { confirm: { name: "strong", chat: second } });
  expect(end).toMatchObject({ end: "finished", failed: 0 });
  expect(end.text).toContain("the second model said nothing of use; there the first one's word stands.");
  expect(new Set(judgements(ann.written()).map(({ stage }) => stage))).toEqual(new Set(["flag"]));
});

test("a dry run writes no suggestion, shows its queries, and its answers cost nothing in the run itself", async () => {
  const ann = await labellingFixture();
  const chat = judge();
  const dry = await ann.run(chat, { dryRun: true });
  expect(ann.written()).toEqual([]);
  expect(ann.curator.session.suggestions.queries).toEqual([]);
  expect(dry).toMatchObject({ isDryRun: true, calls: 3, cachedCalls: 0, end: "finished" });
  expect(dry.queries).toHaveLength(3);
  expect(dry.queries[0]?.passages.map(({ isPositive, opinion }) => (isPositive ? "positive" : opinion?.verdict))).toEqual([
    "positive",
    expect.any(String),
    expect.any(String),
    expect.any(String),
  ]);
  expect(dry.text).toContain("This was a dry run: its answers are kept for the run itself, and nothing else is.");
  const run = await ann.run(chat);
  expect(run).toMatchObject({ calls: 10, cachedCalls: 3, cost: 0.014 });
  expect(chat.requests).toHaveLength(10);
  expect(ann.written()).toHaveLength(10);
});

test("same answers, same lines: with one question under way or four, answered in any order", async () => {
  const one = await labellingFixture();
  await one.run(judge());
  const four = await labellingFixture();
  const chat = judge();
  chat.hold();
  await four.begin(chat, { concurrency: 4 });
  for (let i = 0; i < 7; i += 1) {
    await chat.waiting(4);
    chat.release(3);
  }
  expect(chat.mostUnderWay).toBe(4);
  chat.letGo();
  await four.end();
  expect(four.log.files.get("ann")).toBe(one.log.files.get("ann"));
});

test("a run that is paused asks nothing new and waits for what is under way", async () => {
  const ann = await labellingFixture();
  const chat = judge();
  chat.hold();
  await ann.begin(chat, { concurrency: 2 });
  await chat.waiting(2);
  ann.labelling.pause();
  expect(ann.labelling.progress).toMatchObject({ phase: "paused", done: 0, total: 10 });
  chat.release();
  chat.release();
  while (ann.labelling.progress?.done !== 2) await new Promise((resolve) => setImmediate(resolve));
  expect(chat.requests).toHaveLength(2);
  expect(ann.written()).toHaveLength(2);
  expect(ann.labelling.progress).toMatchObject({ phase: "paused", done: 2, calls: 2, cost: 0.004 });
  ann.labelling.resume();
  await chat.waiting(2);
  chat.letGo();
  expect(await ann.end()).toMatchObject({ end: "finished", calls: 10 });
});

test("a run that is stopped keeps what was answered, and the next one asks none of it again", async () => {
  const ann = await labellingFixture();
  const chat = judge();
  chat.hold();
  await ann.begin(chat, { concurrency: 2 });
  await chat.waiting(2);
  chat.release();
  await chat.waiting(2);
  ann.labelling.stop();
  expect(ann.labelling.progress?.phase).toBe("stopping");
  chat.letGo();
  const end = await ann.end();
  expect(end).toMatchObject({ end: "stopped", left: 9 });
  expect(end.text).toMatchInlineSnapshot(
    `"Stopped on request after 1 of 10 queries; the next run goes on there. 3 pairs of 1 query were judged, and 1 of them flagged: called relevant, relevant in part or a duplicate of a positive. 3 questions; 1,000 tokens in and 100 out, at a cost of 0.002."`,
  );
  expect(ann.written()).toHaveLength(1);
  expect(ann.labelling.progress).toBeUndefined();
  const again = await ann.run(chat, { queries: 9 });
  expect(again).toMatchObject({ end: "finished", left: 0 });
  expect(new Set(ann.written().map(({ query }) => query.key)).size).toBe(10);
  const whole = await labellingFixture();
  await whole.run(judge());
  expect(new Set(queriesIn(ann.written()))).toEqual(new Set(queriesIn(whole.written())));
});

test("a stop while a run is paused ends it", async () => {
  const ann = await labellingFixture();
  const chat = judge();
  chat.hold();
  await ann.begin(chat);
  await chat.waiting(1);
  ann.labelling.pause();
  chat.letGo();
  while (ann.labelling.progress?.done !== 1) await new Promise((resolve) => setImmediate(resolve));
  ann.labelling.stop();
  expect(await ann.end()).toMatchObject({ end: "stopped", left: 9 });
});

test("only one run at a time", async () => {
  const ann = await labellingFixture();
  const chat = judge();
  chat.hold();
  await ann.begin(chat);
  expect(await ann.labelling.start(orderOf(judge()))).toMatchObject({ ok: false, failure: { reason: "not-ready" } });
  await chat.waiting(1);
  chat.letGo();
  expect(await ann.end()).toMatchObject({ end: "finished" });
});

test("before there are vectors a run does not begin", async () => {
  const ann = await labellingFixture({ withVectors: false });
  expect(await ann.labelling.start(orderOf(judge()))).toMatchObject({ ok: false, failure: { reason: "not-ready" } });
  expect(ann.labelling.progress).toBeUndefined();
});

test("while the candidates of a larger file are being searched for, a plan says how far that is, and nothing begins", async () => {
  const freshWindow = () => labellingFixture({ input: dataOf(range(0, 400)) });
  const ann = await freshWindow();
  expect(value(await ann.labelling.plan(planOrder))).toMatchObject({ kind: "mining", total: 400 });
  const notReady = { ok: false, failure: { reason: "not-ready" } };
  expect(await (await freshWindow()).labelling.start(orderOf(judge()))).toMatchObject(notReady);
  expect(await (await freshWindow()).labelling.writeBatch(planOrder)).toMatchObject(notReady);
  let planned = value(await ann.labelling.plan(planOrder));
  while (planned.kind === "mining") {
    await new Promise((resolve) => setImmediate(resolve));
    planned = value(await ann.labelling.plan(planOrder));
  }
  expect(planned.plan).toMatchObject({ queries: 10, calls: 10 });
});

test("a run that is stopped while its queries are being chosen does not begin", async () => {
  const ann = await labellingFixture();
  const chat = judge();
  const starting = ann.labelling.start(orderOf(chat));
  expect(ann.labelling.progress).toMatchObject({ phase: "running", done: 0, total: 0 });
  ann.labelling.stop();
  expect(ann.labelling.progress?.phase).toBe("stopping");
  expect(await starting).toMatchObject({ ok: false, failure: { reason: "cancelled" } });
  expect(ann.labelling.progress).toBeUndefined();
  expect(chat.requests).toEqual([]);
});

test("a window that is closed gives up its run", async () => {
  const ann = await labellingFixture();
  const chat = judge();
  chat.hold();
  await ann.begin(chat);
  await chat.waiting(1);
  const closed = ann.labelling.dispose();
  chat.letGo();
  await closed;
  expect(ann.labelling.outcome).toMatchObject({ end: "stopped", left: 10 });
});

test("the session hears of what was written in the course of a long run, and at its end", async () => {
  let seconds = 0;
  const ann = await labellingFixture({ stopwatch: () => (seconds += 3) });
  const chat = judge();
  chat.hold();
  await ann.begin(chat);
  const { session } = ann.curator;
  for (let i = 0; i < 9; i += 1) {
    await chat.waiting(1);
    chat.release();
  }
  await chat.waiting(1);
  const heard = session.suggestions.queries.length;
  expect(heard).toBeGreaterThan(0);
  expect(heard).toBeLessThan(9);
  chat.letGo();
  await ann.end();
  expect(session.suggestions.queries).toHaveLength(10);
});

test("another window on the same answers asks for none of them", async () => {
  const cache = new InMemoryAnswers();
  await (await labellingFixture({ cache })).run(judge());
  const bob = await labellingFixture({ cache });
  const chat = judge();
  expect(await bob.run(chat)).toMatchObject({ calls: 10, cachedCalls: 10, cost: 0, inputTokens: 0 });
  expect(chat.requests).toEqual([]);
  expect(bob.written()).toHaveLength(10);
});

test("what is on disk is read by the next session and goes on there", async () => {
  const log = new InMemoryMarks("ann");
  await (await labellingFixture({ log })).run(judge(), { queries: 4 });
  const later = await labellingFixture({ log, input: dataOf(range(0, 40)) });
  const chat = judge();
  expect(await later.run(chat, { queries: 40 })).toMatchObject({ calls: 36 });
});

test("without prices there is no cost", async () => {
  const ann = await labellingFixture();
  const chat = judge();
  const end = await ann.run(chat, { ask: { name: "local", chat } });
  expect(end.cost).toBeUndefined();
  expect(ann.written()[0]?.cost).toBeUndefined();
});
