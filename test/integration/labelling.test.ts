import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Suggestion } from "#core/suggestions/suggestion";
import { askChat, chatSettings } from "#protocol/chat";
import type { AskChatParams, ChatModelRef, ChatSettings, ChatText } from "#protocol/chat";
import { curationState, nextCard } from "#protocol/curation";
import type { Outcome } from "#protocol/outcome";
import {
  labellingDidAdvance,
  labellingState,
  pauseLabelling,
  planLabelling,
  readLabellingBatch,
  resumeLabelling,
  startLabelling,
  stopLabelling,
  writeLabellingBatch,
} from "#protocol/labelling";
import type { LabellingOutcome, LabellingPlan, LabellingState, LabellingStatus, StartLabellingParams } from "#protocol/labelling";
import { appendMark } from "#protocol/marks";
import { openReview, showQuery } from "#protocol/review";
import type { CandidateView, QueryView, Verdict } from "#protocol/review";
import { samplerDidAdvance } from "#protocol/sampler";
import { SampleTruth } from "../e2e/support/sampleTruth";
import { answer, makeGate, rateLimited, stall, startChatServer, unauthorized } from "../support/chatServer";
import type { ChatScript, ChatServer } from "../support/chatServer";
import { LspHarness } from "../support/lspHarness";
import { repoRoot } from "../support/repoRoot";
import { answeredFrom } from "../support/scriptedAnswerer";
import { scriptedAnswer } from "../support/scriptedJudge";

const sample = path.join(repoRoot, "extension/sample");
const cacheFolder = path.join(repoRoot, ".cache/test/labelling");
const truth = new SampleTruth();
const truths = {
  verdictOf: (query: string, passage: string) => (truth.isRelevant(query, passage) ? ("relevant" as const) : ("not_relevant" as const)),
};

const inEditor: ChatModelRef = { provider: "vscode", id: "fake/judge", label: "Judge", offeredBy: "fake" };
const cleanups: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const clean of cleanups.reverse()) await clean();
  cleanups.length = 0;
});

type Answerer = (params: AskChatParams) => Outcome<ChatText> | Promise<Outcome<ChatText>>;

/** A model of the editor that judges by what is true of the sample. */
function judged({ instructions, messages }: AskChatParams): Outcome<ChatText> {
  const text = scriptedAnswer([instructions, ...messages.map((message) => message.text)], truths);
  return { ok: true, value: { text, inputTokens: 1000, outputTokens: 100 } };
}

interface WindowOptions {
  readonly settings?: Partial<ChatSettings>;
  readonly chat?: Answerer;
  readonly trusted?: boolean;
}

/** A window on the sample, with its vectors, an own cache of answers and an editor that offers a model. */
async function windowOn(options: WindowOptions = {}): Promise<Window> {
  // Vectors are the same for all tests; what one test was answered must not answer another.
  rmSync(path.join(cacheFolder, "answers"), { recursive: true, force: true, maxRetries: 5 });
  const server = await LspHarness.start({ files: sample, cacheFolder, trusted: options.trusted ?? true });
  cleanups.push(() => server.end());
  return await Window.open(server, options);
}

class Window {
  readonly server: LspHarness;
  readonly dataset: string;
  readonly asked: AskChatParams[] = [];
  chat: Answerer;
  settings: ChatSettings;

  private constructor(server: LspHarness, { settings = {}, chat = judged }: WindowOptions) {
    this.server = server;
    this.dataset = server.uri("train.jsonl");
    this.chat = chat;
    this.settings = { concurrency: 2, timeout: 20, prices: { input: 1, output: 10 }, ...settings };
    server.answer(chatSettings, () => ({ ok: true as const, value: this.settings }));
    server.answer(askChat, (params) => {
      this.asked.push(params);
      return this.chat(params);
    });
  }

  static async open(server: LspHarness, options: WindowOptions): Promise<Window> {
    const window = new Window(server, options);
    const ready = server.ready();
    await server.value(openReview, { dataset: window.dataset });
    await ready;
    return window;
  }

  order(order: Partial<StartLabellingParams> = {}): StartLabellingParams {
    return { dataset: this.dataset, task: "judge", model: inEditor, queries: 6, dryRun: false, ...order };
  }

  async plan(order: Partial<StartLabellingParams> = {}): Promise<LabellingPlan> {
    for (;;) {
      const told = this.server.next(samplerDidAdvance, ({ done, total }) => done >= total);
      const { dryRun: _, ...params } = this.order(order);
      const planned = await this.server.value(planLabelling, params);
      if (planned.kind === "plan") return planned.plan;
      await told;
    }
  }

  /** Resolves when no run is under way any more. */
  idle(): Promise<LabellingStatus> {
    return this.server.next(labellingDidAdvance, ({ phase }) => phase === "idle");
  }

  async run(order: Partial<StartLabellingParams> = {}): Promise<LabellingOutcome> {
    const idle = this.idle();
    await this.server.value(startLabelling, this.order(order));
    await idle;
    return await this.outcome();
  }

  state(): Promise<LabellingState> {
    return this.server.value(labellingState, { dataset: this.dataset });
  }

  async outcome(): Promise<LabellingOutcome> {
    const { outcome } = await this.state();
    if (outcome === undefined) throw new Error("There was no run.");
    return outcome;
  }

  view(index: number): Promise<QueryView> {
    return this.server.value(showQuery, { dataset: this.dataset, index });
  }

  async mark(view: QueryView, { key }: CandidateView, verdict: Verdict): Promise<QueryView> {
    const place = { dataset: this.dataset, query: view.key, document: key, index: view.index };
    const { view: after } = await this.server.value(appendMark, { ...place, verdict, blind: false, suggestionShown: true });
    return after;
  }

  /** The lines of the suggestions files. */
  written(): readonly Suggestion[] {
    const folder = path.join(this.server.workspace, ".nearmiss/suggestions");
    if (!existsSync(folder)) return [];
    const texts = readdirSync(folder)
      .filter((name) => name.endsWith(".jsonl"))
      .map((name) => readFileSync(path.join(folder, name), "utf8"));
    return texts
      .join("")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Suggestion);
  }
}

test("plan, dry run, run: the editor's model is asked what was planned, and its opinions are on disk and hidden", async () => {
  const window = await windowOn();
  const plan = await window.plan();
  expect(window.asked).toEqual([]);
  expect(plan).toMatchObject({ queries: 6, calls: 6, cachedCalls: 0 });
  expect(plan.text).toMatch(/^6 questions with 6 queries and \d+ passages go to Judge of fake\. Tokens are estimates/u);
  const dry = await window.run({ dryRun: true });
  expect(dry).toMatchObject({ isDryRun: true, end: "finished", calls: 3, cost: 0.006 });
  expect(dry.queries[0]?.passages.find(({ isPositive }) => !isPositive)?.opinion).toMatchObject({ by: "fake/judge" });
  expect(window.written()).toEqual([]);
  const run = await window.run();
  expect(run).toMatchObject({ end: "finished", calls: 6, cachedCalls: 3, failed: 0, left: 0, cost: 0.006 });
  expect(window.asked).toHaveLength(6);
  const lines = window.written();
  expect(lines).toHaveLength(6);
  expect(lines[0]).toMatchObject({ kind: "judgement", stage: "flag", author: "tester", model: "fake/judge" });
  const { totals, status, problems } = await window.state();
  expect(status).toMatchObject({ phase: "idle" });
  expect(problems).toEqual([]);
  expect(totals).toMatchObject({ queries: 6, pairs: plan.pairs, inputTokens: 6000, disagreements: 0 });
  expect(await window.plan({ queries: 6 })).toMatchObject({ cachedCalls: 0, calls: 6 });
});

test("what is sent holds the data in a fence, and instructions that hold none of them", async () => {
  const window = await windowOn();
  await window.run({ queries: 1 });
  const [asked] = window.asked;
  expect(asked?.messages.map(({ role }) => role)).toEqual(["user"]);
  const [line] = window.written();
  const { queries } = { queries: readFileSync(path.join(window.server.workspace, "train.jsonl"), "utf8") };
  const text = queries
    .split("\n")
    .filter((row) => row !== "")
    .map((row) => JSON.parse(row) as { readonly id: string; readonly query: string })
    .find(({ id }) => id === line?.query.id)?.query;
  expect(asked?.messages[0]?.text).toContain(JSON.stringify(text));
  expect(asked?.instructions).not.toContain(text);
});

test("opinions appear with the person's own verdict, and what differs waits in the lane of disagreements", async () => {
  const window = await windowOn();
  await window.run({ queries: 3 });
  const [line] = window.written();
  const card = await window.server.value(nextCard, { dataset: window.dataset, lane: "harvest" });
  expect(card.kind).toBe("card");
  const index = await indexOf(window, line?.query.key ?? "");
  const before = await window.view(index);
  const withOpinion = before.candidates.filter(({ hasHiddenOpinion }) => hasHiddenOpinion === true);
  expect(withOpinion.length).toBeGreaterThan(0);
  expect(JSON.stringify(before)).not.toContain("It does not say what the query asks for.");
  const [first] = withOpinion;
  if (first === undefined) throw new Error("There is an opinion.");
  const isFlagged = truth.isRelevant(before.text, first.text);
  const after = await window.mark(before, first, isFlagged ? "true_negative" : "false_negative");
  const seen = [...after.candidates, ...after.dropped].find(({ key }) => key === first.key);
  expect(seen?.opinion).toMatchObject({ verdict: isFlagged ? "relevant" : "not_relevant", by: "fake/judge" });
  expect([...after.candidates, ...after.dropped].filter(({ opinion }) => opinion !== undefined)).toHaveLength(1);
  expect((await window.state()).totals.disagreements).toBe(1);
  const lane = await window.server.value(nextCard, { dataset: window.dataset, lane: "disagreements" });
  expect(lane).toMatchObject({ kind: "card", card: { query: before.key, document: first.key } });
  const { opinions } = await window.server.value(curationState, { dataset: window.dataset });
  expect(opinions).toMatchObject({ queries: 3 });
});

test("a run is paused, goes on, is stopped in the middle, and the next one asks nothing twice", async () => {
  const window = await windowOn({ settings: { concurrency: 1 } });
  const gates = Array.from({ length: 4 }, () => makeGate());
  const arrived = Array.from({ length: 4 }, () => makeGate());
  window.chat = async (params) => {
    const place = window.asked.length - 1;
    arrived[place]?.open();
    await gates[place]?.opened;
    return judged(params);
  };
  const idle = window.idle();
  await window.server.value(startLabelling, window.order());
  await arrived[0]?.opened;
  const paused = window.server.next(labellingDidAdvance, ({ phase, done }) => phase === "paused" && done === 1);
  await window.server.value(pauseLabelling, { dataset: window.dataset });
  gates[0]?.open();
  expect(await paused).toMatchObject({ done: 1, total: 6, calls: 1, cost: 0.002 });
  expect(window.asked).toHaveLength(1);
  await window.server.value(resumeLabelling, { dataset: window.dataset });
  await arrived[1]?.opened;
  // The model has not answered when the run is stopped, and never does.
  await window.server.value(stopLabelling, { dataset: window.dataset });
  await idle;
  expect(await window.outcome()).toMatchObject({ end: "stopped", left: 5 });
  expect(window.written()).toHaveLength(1);
  gates[1]?.open();
  window.chat = judged;
  const rest = await window.run({ queries: 5 });
  expect(rest).toMatchObject({ end: "finished", calls: 5, left: 0 });
  expect(new Set(window.written().map(({ query }) => query.key)).size).toBe(6);
});

test("the editor's failures end a run in words", async () => {
  const window = await windowOn();
  const failure = { reason: "no-permission", message: "VS Code does not let Nearmiss use Judge of fake.", nextStep: "Allow it." };
  window.chat = () => ({ ok: false, failure });
  const outcome = await window.run();
  expect(outcome).toMatchObject({ end: "failed", left: 6 });
  expect(outcome.text).toContain("VS Code does not let Nearmiss use Judge of fake. Allow it.");
  window.chat = () => Promise.reject(new Error("a bug of the editor"));
  expect((await window.run()).text).toContain("The editor could not ask Judge:");
  expect(window.written()).toEqual([]);
  const asked = window.asked.length;
  const short = await window.run({ model: { ...inEditor, maxInputTokens: 100 } });
  expect(short).toMatchObject({ end: "finished", failed: 6 });
  expect(short.queries[0]?.failure).toMatch(/^The question has about [\d,]+ tokens, and Judge takes 100\. Lower labelling\.candidates/u);
  expect(window.asked).toHaveLength(asked);
});

test("a run that answers leaves weights of the passages, and says what they teach", async () => {
  const window = await windowOn();
  // Evidence for anything is any passage at all.
  const facts = { answer: "forty two", evidence: [[" "]] };
  window.chat = ({ instructions, messages }) => {
    const text = answeredFrom([instructions, ...messages.map((message) => message.text)], facts);
    return { ok: true, value: { text, inputTokens: 100, outputTokens: 10 } };
  };
  const plan = await window.plan({ task: "answer", queries: 2 });
  expect(plan.text).toMatch(/^At most \d+ questions with 2 queries/u);
  const dry = await window.run({ task: "answer", queries: 2, dryRun: true });
  expect(dry.queries[0]).toMatchObject({ answer: "forty two" });
  expect(dry.calls).toBeLessThanOrEqual(plan.calls);
  const asked = window.asked.length;
  expect(await window.run({ task: "answer", queries: 2 })).toMatchObject({ end: "finished", cachedCalls: dry.calls });
  expect(window.asked).toHaveLength(asked);
  expect(window.written().map(({ kind }) => kind)).toEqual(["attribution", "attribution"]);
  const { totals } = await window.state();
  expect(totals.teachers.ranking + totals.teachers.flat + totals.teachers.oneHot).toBe(2);
});

test("a model at an endpoint needs one in the settings, and the one that it was chosen at", async () => {
  const window = await windowOn();
  const model: ChatModelRef = { provider: "endpoint", id: "llama", label: "llama", offeredBy: "127.0.0.1:1" };
  const missing = await window.server.send(startLabelling, window.order({ model }));
  expect(missing).toMatchObject({ ok: false, failure: { reason: "bad-config" } });
  if (!missing.ok) expect(missing.failure.nextStep).toContain("nearmiss.languageModel.endpoint");
  window.settings = { ...window.settings, endpoint: { url: "http://elsewhere.example:8000/v1" } };
  const moved = await window.server.send(startLabelling, window.order({ model }));
  expect(moved).toMatchObject({ ok: false, failure: { nextStep: "Choose the model again." } });
  expect((await window.state()).outcome).toBeUndefined();
});

const byTruth: ChatScript = ({ instructions, messages }) =>
  answer(scriptedAnswer([instructions, ...messages.map(({ text }) => text)], truths), { usage: { input: 500, output: 50 } });

async function endpointOn(script: ChatScript): Promise<{ readonly chat: ChatServer; readonly model: ChatModelRef }> {
  const chat = await startChatServer(script);
  cleanups.push(() => chat.close());
  return { chat, model: { provider: "endpoint", id: "llama", label: "llama", offeredBy: new URL(chat.url).host } };
}

test("an endpoint is asked with the key of the settings, which is nowhere else; a limit is waited for", async () => {
  const key = "sk-very-secret";
  const { chat, model } = await endpointOn((asked) => (asked.number === 2 ? rateLimited("0") : byTruth(asked)));
  const window = await windowOn({ settings: { endpoint: { url: chat.url, key } } });
  const plan = await window.plan({ model });
  expect(plan.text).toContain(`go to ${model.offeredBy}.`);
  expect(chat.requests).toEqual([]);
  const run = await window.run({ model });
  expect(run).toMatchObject({ end: "finished", failed: 0, calls: 6, inputTokens: 3000, cost: 0.006 });
  expect(chat.requests).toHaveLength(7);
  expect(chat.requests.every(({ headers }) => headers.authorization === `Bearer ${key}`)).toBe(true);
  const texts = JSON.stringify([window.written(), await window.state(), run]);
  expect(texts).not.toContain(key);
});

test("an endpoint that says no ends the run; what was answered stays, and the run goes on there with another key", async () => {
  let isOpen = false;
  const { chat, model } = await endpointOn((asked) => (asked.number > 2 && !isOpen ? unauthorized() : byTruth(asked)));
  const window = await windowOn({ settings: { concurrency: 1, endpoint: { url: chat.url } } });
  const failed = await window.run({ model });
  expect(failed).toMatchObject({ end: "failed", left: 4 });
  expect(failed.text).toContain("Check the key.");
  expect(window.written()).toHaveLength(2);
  isOpen = true;
  expect(await window.run({ model, queries: 4 })).toMatchObject({ end: "finished", calls: 4 });
});

test("a stop gives up the questions that an endpoint has not answered", async () => {
  const never = makeGate();
  const { chat, model } = await endpointOn((asked) => stall(never, byTruth(asked)));
  const window = await windowOn({ settings: { endpoint: { url: chat.url } } });
  const idle = window.idle();
  await window.server.value(startLabelling, window.order({ model }));
  await chat.arrived(2);
  await window.server.value(stopLabelling, { dataset: window.dataset });
  await idle;
  await Promise.all([chat.abandoned(1), chat.abandoned(2)]);
  expect(await window.outcome()).toMatchObject({ end: "stopped", left: 6, failed: 0 });
  never.open();
});

test("in a workspace that is not trusted texts go where the person's settings say, and nowhere a project says", async () => {
  const { chat, model } = await endpointOn(byTruth);
  const window = await windowOn({ trusted: false, settings: { endpoint: { url: chat.url } } });
  expect(await window.run({ model, queries: 2 })).toMatchObject({ end: "finished", calls: 2 });
  expect(chat.requests).toHaveLength(2);
});

test("a batch is written, answered elsewhere and read back, and the run then asks for nothing", async () => {
  const window = await windowOn();
  const { dryRun: _, ...params } = window.order({ queries: 4 });
  await window.plan();
  const file = window.server.uri("questions.jsonl");
  const written = await window.server.value(writeLabellingBatch, { ...params, file });
  expect(written).toMatchObject({ requests: 4, later: 0 });
  expect(await window.server.send(writeLabellingBatch, { ...params, file })).toMatchObject({ ok: false });
  const questions = readFileSync(path.join(window.server.workspace, "questions.jsonl"), "utf8").trim().split("\n");
  const answers = questions.map((line) => {
    const { custom_id, body } = JSON.parse(line) as { custom_id: string; body: { messages: readonly { content: string }[] } };
    const content = scriptedAnswer(
      body.messages.map((message) => message.content),
      truths,
    );
    const completion = { model: "fake/judge", choices: [{ message: { role: "assistant", content }, finish_reason: "stop" }] };
    return JSON.stringify({ custom_id, response: { status_code: 200, body: completion } });
  });
  writeFileSync(path.join(window.server.workspace, "answers.jsonl"), [...answers, "no answer", ""].join("\n"));
  const read = await window.server.value(readLabellingBatch, { dataset: window.dataset, file: window.server.uri("answers.jsonl") });
  expect(read).toEqual({ answers: 4, problems: [expect.stringContaining("Line 5:") as string] });
  expect(await window.run({ queries: 4 })).toMatchObject({ end: "finished", calls: 4, cachedCalls: 4 });
  expect(window.asked).toEqual([]);
});

/** Position of the query with a key. */
async function indexOf(window: Window, key: string): Promise<number> {
  const { total } = await window.view(0);
  for (let index = 0; index < total; index += 1) if ((await window.view(index)).key === key) return index;
  throw new Error("The query is in the data.");
}
