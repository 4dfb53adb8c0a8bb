import { expect, test } from "vitest";
import type { ChatRequest } from "#core/chat/chat";
import type { FailureReason } from "#core/util/failure";
import { InMemoryMarks } from "../../support/inMemoryMarks";
import { scriptedAnswer, textsOf } from "../../support/scriptedJudge";
import { dataOf, range } from "../learning/learningFixture";
import { everyFourth, judge, labellingFixture, orderOf, SteeredChat } from "./labellingFixture";
import type { Reply } from "./labellingFixture";

/** Judges by what is true, but for the fourth question and those behind it. */
function goodAtFirst(later: Reply): SteeredChat {
  return new SteeredChat((request, asked) => (asked < 3 ? scriptedAnswer(textsOf(request), everyFourth) : later));
}

const ending: readonly FailureReason[] = ["no-permission", "not-found", "rate-limited", "unreachable", "refused", "cancelled"];

test.each(ending)(
  'a model that fails with "%s" ends the run; what was answered is kept, and the next run goes on there',
  async (reason) => {
    const ann = await labellingFixture();
    const chat = goodAtFirst({ failure: { reason, message: "The model is not there.", nextStep: "Choose another one." } });
    const end = await ann.run(chat);
    expect(end).toMatchObject({ end: "failed", failed: 0, left: 7, calls: 4, inputTokens: 3000 });
    expect(end.text).toContain("The run ended after 3 of 10 queries, which are kept. The model is not there. Choose another one.");
    expect(ann.written()).toHaveLength(3);
    expect(ann.labelling.progress).toBeUndefined();
    expect(await ann.run(judge(), { queries: 7 })).toMatchObject({ end: "finished", calls: 7 });
    expect(new Set(ann.written().map(({ query }) => query.key)).size).toBe(10);
  },
);

test("with several questions under way a failure that ends the run gives up the others, and is told once", async () => {
  const ann = await labellingFixture();
  const chat = goodAtFirst({ failure: { reason: "rate-limited", message: "Too many questions." } });
  const end = await ann.run(chat, { concurrency: 4 });
  expect(end).toMatchObject({ end: "failed", failed: 0, left: 7 });
  expect(end.text.match(/Too many questions/gu)).toHaveLength(1);
  expect(chat.requests.length).toBeLessThanOrEqual(7);
});

const useless: readonly (readonly [string, Reply, string])[] = [
  ["nonsense", "I am a teapot.", "gave no usable answer, twice"],
  ["an answer that is cut", { text: '{"candidates": [', ending: "length" }, "was cut at its largest length, twice"],
  ["a refusal", { text: "", ending: "refused" }, "refused to judge the query"],
  ["a body that is none", { failure: { reason: "bad-answer", message: "It has no choices." } }, "It has no choices."],
];

test.each(useless)("%s costs one query its verdict and no other", async (_, reply, told) => {
  const ann = await labellingFixture();
  const about = new Set<string>();
  const chat = new SteeredChat((request) => {
    const [question = ""] = textsOf(request).slice(1);
    // The second query that it meets, whatever it is asked about it.
    const query = /\{"query":[^\n]*/u.exec(question)?.[0] ?? "";
    about.add(query);
    return [...about].indexOf(query) === 1 ? reply : scriptedAnswer(textsOf(request), everyFourth);
  });
  const end = await ann.run(chat);
  expect(end).toMatchObject({ end: "finished", failed: 1, left: 0 });
  expect(end.text).toContain("1 query got no verdict.");
  expect(end.queries).toHaveLength(1);
  expect(end.queries[0]?.failure).toContain(told);
  expect(ann.written()).toHaveLength(9);
});

test("of many queries without a verdict twenty are shown", async () => {
  const ann = await labellingFixture();
  const end = await ann.run(new SteeredChat(() => "No."), { queries: 30 });
  expect(end).toMatchObject({ end: "finished", failed: 30, calls: 60 });
  expect(end.queries).toHaveLength(20);
  expect(ann.written()).toEqual([]);
  expect(ann.curator.session.suggestions.queries).toEqual([]);
});

test("a disk that is full ends the run, and the answers are there for the next one", async () => {
  const ann = await labellingFixture();
  const chat = judge();
  chat.hold();
  await ann.begin(chat);
  await chat.waiting(1);
  chat.release();
  await chat.waiting(1);
  ann.log.isFull = true;
  chat.letGo();
  const end = await ann.end();
  expect(end).toMatchObject({ end: "failed", left: 9 });
  expect(end.text).toContain("The disk is full.");
  expect(ann.written()).toHaveLength(1);
  ann.log.isFull = false;
  expect(await ann.run(chat, { queries: 9 })).toMatchObject({ end: "finished", cachedCalls: 1 });
  expect(ann.written()).toHaveLength(10);
});

test("a bug in a run is told in the log, takes nothing with it, and leaves room for the next run", async () => {
  const ann = await labellingFixture();
  const chat = new SteeredChat((request, asked) => {
    if (asked === 2) throw new TypeError("a bug");
    return scriptedAnswer(textsOf(request), everyFourth);
  });
  await ann.begin(chat, { concurrency: 2 });
  await expect(ann.labelling.ended()).rejects.toThrow("a bug");
  expect(ann.told.logged).toEqual(["error: Asking a language model ended by a fault. TypeError: a bug"]);
  expect(ann.labelling.outcome).toMatchObject({ end: "failed" });
  expect(ann.labelling.outcome?.text).toMatch(/^The run ended after \d of 10 queries by a fault of Nearmiss/u);
  expect(await ann.run(judge())).toMatchObject({ end: "finished" });
});

test("where a model flags nothing, or nearly everything, it is said what that means", async () => {
  const nothing = await (await labellingFixture()).run(judge({ verdictOf: () => "not_relevant" }));
  expect(nothing.text).toContain("It flagged nothing: either the negatives are clean, or this model cannot tell.");
  const everything = await (await labellingFixture()).run(judge({ verdictOf: () => "relevant" }));
  expect(everything.text).toContain("It flagged nearly everything, which tells nothing apart:");
  const ann = await labellingFixture();
  await ann.run(judge({ verdictOf: () => "relevant" }));
  const again = await ann.run(judge(), { confirm: { name: "strong", chat: judge({ verdictOf: () => "relevant" }) } });
  expect(again.text).toContain("the first model flagged 30, and 30 of them stand after the second one's look.");
  expect(again.text).not.toContain("nearly everything");
  const few = await (await labellingFixture()).run(judge({ verdictOf: () => "relevant" }), { queries: 2 });
  expect(few.text).not.toContain("nearly everything");
});

test("a query that a person calls bad in mid-run is passed over, as are pairs that are judged meanwhile", async () => {
  const ann = await labellingFixture({ input: dataOf(range(0, 6)) });
  const chat = judge();
  chat.hold();
  await ann.begin(chat, { queries: 6 });
  await chat.waiting(1);
  const harvest = await ann.curator.curation.harvestQueries();
  if (!harvest.ok || harvest.value.kind === "mining") throw new Error("It is a small file.");
  const [, second, third] = harvest.value.queries;
  if (second === undefined || third === undefined) throw new Error("There are six queries.");
  for (const document of second.documents) await ann.curator.judge({ query: second.key, document, lane: "harvest" }, "true_negative");
  const [judged = ""] = third.documents;
  await ann.curator.judge({ query: third.key, document: judged, lane: "harvest" }, "false_negative");
  chat.letGo();
  const end = await ann.end();
  expect(end).toMatchObject({ end: "finished", failed: 0, left: 0, calls: 5 });
  expect(end.text).toContain("1 query was passed over, judged or changed meanwhile.");
  expect(ann.written().map(({ query }) => query.key)).not.toContain(second.key);
  expect(ann.suggestions.folded.opinionOf(third.key, judged)).toBeUndefined();
  expect(ann.suggestions.folded.opinionsOf(third.key).size).toBe(third.documents.length - 1);
});

test.each(["judge", "answer"] as const)("what another window had asked meanwhile is passed over (%s)", async (task) => {
  const files = new Map<string, string>();
  const ann = await labellingFixture({ log: new InMemoryMarks("ann", files) });
  const bob = await labellingFixture({ log: new InMemoryMarks("bob", files) });
  const reply = (request: ChatRequest): string => (task === "judge" ? scriptedAnswer(textsOf(request), everyFourth) : "forty two");
  const chat = new SteeredChat(reply);
  chat.hold();
  await ann.begin(chat, { task });
  await chat.waiting(1);
  await bob.run(new SteeredChat(reply), { task, queries: 5 });
  await ann.suggestions.reload();
  chat.letGo();
  const end = await ann.end();
  expect(end).toMatchObject({ end: "finished", left: 0 });
  expect(end.text).toContain("4 queries were passed over, judged or changed meanwhile.");
  expect(ann.written()).toHaveLength(6);
});

test("of texts that are gone when the answer comes nothing is written", async () => {
  const ann = await labellingFixture({ input: dataOf(range(0, 6)) });
  const chat = judge();
  chat.hold();
  await ann.begin(chat, { queries: 6 });
  await chat.waiting(1);
  await ann.curator.session.setData(dataOf(range(3, 6)));
  chat.letGo();
  const end = await ann.end();
  expect(end.end).toBe("finished");
  const written = ann.written().map(({ query }) => query.id);
  expect([...written].sort()).toEqual(["q3", "q4", "q5"]);
});

test("settings that change in mid-run hold for the next run", async () => {
  const ann = await labellingFixture();
  const chat = judge();
  chat.hold();
  await ann.begin(chat);
  await chat.waiting(1);
  const { session } = ann.curator;
  await session.setConfig({ ...session.config, labelling: { ...session.config.labelling, candidates: 1, guidelines: "Be strict." } });
  chat.letGo();
  expect(await ann.end()).toMatchObject({ end: "finished" });
  expect(chat.requests.every((request) => !JSON.stringify(request).includes("Be strict."))).toBe(true);
  expect(ann.suggestions.folded.opinionsOf(ann.written().at(-1)?.query.key ?? "").size).toBe(3);
});

test("data that change before a run begins are those it asks about", async () => {
  const ann = await labellingFixture();
  await ann.curator.session.setData(dataOf(range(10, 14)));
  await ann.curator.session.prepare();
  const chat = judge();
  expect(await ann.labelling.start(orderOf(chat))).toEqual({ ok: true, value: null });
  expect(await ann.end()).toMatchObject({ calls: 4 });
});
