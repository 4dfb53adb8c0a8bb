import { describe, expect, onTestFinished, test } from "vitest";
import type { ChatRequest } from "#core/chat/chat";
import { neverCancelled } from "#core/util/cancellation";
import { failureText } from "#core/util/failure";
import type { Failure } from "#core/util/failure";
import { EndpointChat } from "../../../server/runtime/chat/endpointChat";
import {
  answer,
  cutMidway,
  fault,
  inTurn,
  makeGate,
  nonsense,
  rateLimited,
  refusal,
  stall,
  startChatServer,
  truncated,
  unauthorized,
  unknownModel,
  veryLarge,
  webPage,
  withoutLogprobs,
  withoutResponseFormat,
  wrongShape,
} from "../../support/chatServer";
import type { ChatScript, ChatServer, ScriptedReply } from "../../support/chatServer";
import { ManualTime } from "./manualTime";

const KEY = "sk-secret-0123456789";
const PASSAGE = "The hub restarts as new and the setup code on the label is valid again.";
const question: ChatRequest = {
  model: "small-1",
  instructions: "Judge the passages.",
  messages: [{ role: "user", text: PASSAGE }],
  maxTokens: 50,
  temperature: 0,
  seed: 7,
};
const TIMEOUT = 60;

interface Running {
  readonly server: ChatServer;
  readonly chat: EndpointChat;
  readonly time: ManualTime;
  /** What the log was told, level first. */
  readonly log: readonly string[];
}

interface RunningOptions {
  readonly key?: string;
  /** What follows the address's host. */
  readonly path?: string;
}

async function running(script: ChatScript, options: RunningOptions = {}): Promise<Running> {
  const server = await startChatServer(script);
  onTestFinished(() => server.close());
  const time = new ManualTime();
  const log: string[] = [];
  const chat = new EndpointChat({
    url: options.path === undefined ? server.url : `${new URL(server.url).origin}${options.path}`,
    ...(options.key === undefined ? {} : { key: options.key }),
    timeout: TIMEOUT,
    logger: (level, message, data) => void log.push(`${level}: ${message} ${data === undefined ? "" : JSON.stringify(data)}`),
    later: time.later,
    now: time.now,
  });
  return { server, chat, time, log };
}

/** The failure with the server's address taken out, which is another one each time. */
function shown({ server }: Running, failure: Failure): string {
  const { host } = new URL(server.url);
  return `${failure.reason}: ${failureText(failure).replaceAll(host, "HOST")}`;
}

async function failureOf(script: ChatScript, options: RunningOptions = {}): Promise<string> {
  const run = await running(script, options);
  const asked = await run.chat.ask(question, neverCancelled);
  if (asked.ok) throw new Error("The question was answered.");
  expect(run.time.waiting).toEqual([]);
  return shown(run, asked.failure);
}

const isBackOff = (milliseconds: number): boolean => milliseconds > 100 && milliseconds < TIMEOUT * 1000;

describe("what is sent", () => {
  test("one POST with the question, and a bearer token only where there is a key", async () => {
    const { server, chat } = await running(() => answer("Good."));
    expect(await chat.ask(question, neverCancelled)).toMatchObject({
      ok: true,
      value: { text: "Good.", ending: "stop", model: "small-1" },
    });
    const [sent] = server.requests;
    expect(sent).toMatchObject({ method: "POST", path: "/v1/chat/completions", instructions: question.instructions, question: PASSAGE });
    expect(sent?.headers.authorization).toBeUndefined();
    const keyed = await running(() => answer("Good."), { key: KEY });
    await keyed.chat.ask(question, neverCancelled);
    expect(keyed.server.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
  });

  test.each(["/v1", "/v1/", "/v1//", "/v1/chat/completions", "/v1/chat/completions/"])("the address may end with %s", async (path) => {
    const { server, chat } = await running(() => answer("Good."), { path });
    expect((await chat.ask(question, neverCancelled)).ok).toBe(true);
    expect(server.requests.map((sent) => sent.path)).toEqual(["/v1/chat/completions"]);
  });

  test.each(["", "localhost:11434", "ftp://example.com/v1", "file:///etc/passwd", "http://me:hidden@example.com/v1", "no address at all"])(
    "%j is no address to send anything to",
    async (url) => {
      const chat = new EndpointChat({ url, key: KEY, timeout: TIMEOUT, logger: () => undefined });
      const asked = await chat.ask(question, neverCancelled);
      expect(asked).toMatchObject({ ok: false, failure: { reason: "bad-arguments", nextStep: expect.any(String) as string } });
      expect(JSON.stringify(asked)).not.toContain("hidden");
    },
  );

  test.each(["", "two words", "line\nend", "schlüssel"])("the key %j is told of before anything is sent", async (key) => {
    const run = await running(() => answer("Good."), { key });
    const asked = await run.chat.ask(question, neverCancelled);
    expect(asked.ok ? "" : shown(run, asked.failure)).toBe(
      "no-permission: The key for http://HOST/v1 is empty, or holds a blank, a line end or a letter that no key has. Set the key again.",
    );
    expect(run.server.requests).toEqual([]);
  });

  test("log-probabilities are asked for and read where they are wanted and offered", async () => {
    const tokens = [{ token: "Good", logprob: -0.1, alternatives: [{ token: "Bad", logprob: -2.5 }] }];
    const { server, chat } = await running(inTurn(answer("Good", { tokens }), answer("Good", { tokens }), answer("Good")));
    const wanted = await chat.ask({ ...question, logprobs: 5 }, neverCancelled);
    expect(wanted).toMatchObject({ ok: true, value: { text: "Good", tokens } });
    const unwanted = await chat.ask(question, neverCancelled);
    const notOffered = await chat.ask({ ...question, logprobs: 5 }, neverCancelled);
    expect([unwanted, notOffered].map((asked) => asked.ok && asked.value.tokens)).toEqual([undefined, undefined]);
    expect(server.requests.map(({ json }) => json["top_logprobs"])).toEqual([5, undefined, 5]);
  });

  test("a key that would go to another machine in the clear is warned of", () => {
    const log: string[] = [];
    const logger = (level: string, message: string): void => void log.push(`${level}: ${message}`);
    for (const url of [
      "http://example.com/v1",
      "https://example.com/v1",
      "http://localhost:1/v1",
      "http://127.0.0.1:1/v1",
      "http://[::1]:1/v1",
    ])
      new EndpointChat({ url, key: KEY, timeout: TIMEOUT, logger });
    expect(log).toEqual(["warn: The key goes to http://example.com/v1 in the clear: the address begins with http, not https."]);
  });

  test("a redirect is told of, not followed: the other address gets neither key nor question", async () => {
    const other = await startChatServer(() => answer("Mine now."));
    onTestFinished(() => other.close());
    const moved = { kind: "http", status: 307, body: {}, headers: { location: `${other.url}/chat/completions?token=1` } } as const;
    const told = await failureOf(() => moved, { key: KEY });
    expect(told.replace(new URL(other.url).host, "OTHER")).toBe(
      'unreachable: The model "small-1" at http://HOST/v1 answered 307: it has moved to http://OTHER/v1/chat/completions, which is not followed. Set the address that it moved to.',
    );
    expect(other.requests).toEqual([]);
  });
});

describe("what passes by itself is asked again", () => {
  test.each<[string, ScriptedReply]>([
    ["429", rateLimited()],
    ["500", fault(500, "Internal error")],
    ["503", fault(503, "Overloaded")],
    ["a connection cut in mid-answer", cutMidway("Half of this is lost.")],
    ["a connection cut before the answer", { kind: "hangUp" }],
  ])("%s", async (_, trouble) => {
    const { server, chat, time } = await running(inTurn(trouble, trouble, answer("At last.")));
    const asked = chat.ask(question, neverCancelled);
    const waits = [await time.pass(isBackOff), await time.pass(isBackOff)];
    expect(await asked).toMatchObject({ ok: true, value: { text: "At last." } });
    expect(server.requests).toHaveLength(3);
    // Between half of one and one second, then twice that.
    expect(waits[0]).toBeGreaterThanOrEqual(500);
    expect(waits[0]).toBeLessThanOrEqual(1000);
    expect(waits[1]).toBeGreaterThanOrEqual(1000);
    expect(waits[1]).toBeLessThanOrEqual(2000);
    expect(time.waiting).toEqual([]);
  });

  test("Retry-After in seconds goes before our own patience, and every other question waits for it too", async () => {
    const { server, chat, time } = await running(inTurn(rateLimited("20"), answer("Now.")));
    const first = chat.ask(question, neverCancelled);
    expect(await time.pass((wait) => wait === 20_000)).toBe(20_000);
    expect((await first).ok).toBe(true);

    const again = await running(inTurn(rateLimited("20"), answer("Now.")));
    const waiting = again.chat.ask(question, neverCancelled);
    await again.server.arrived(1);
    await again.time.pass((wait) => wait === 100 && again.time.waiting.includes(20_000));
    const other = again.chat.ask({ ...question, seed: 8 }, neverCancelled);
    expect(again.server.requests).toHaveLength(1);
    await again.time.pass((wait) => wait > 19_000 && wait <= 20_000);
    await again.time.pass((wait) => wait > 19_000 && wait <= 20_000);
    expect([(await waiting).ok, (await other).ok]).toEqual([true, true]);
    expect(server.requests).toHaveLength(2);
  });

  test("Retry-After as a date", async () => {
    const { chat, time } = await running(inTurn(rateLimited("Fri, 02 Jan 2026 00:00:45 GMT"), answer("Now.")));
    const asked = chat.ask(question, neverCancelled);
    expect(await time.pass(isBackOff)).toBe(45_000);
    expect((await asked).ok).toBe(true);
  });

  test("a server that asks for an hour is not waited for", async () => {
    expect(await failureOf(() => rateLimited("3600"))).toBe(
      'rate-limited: The model "small-1" at http://HOST/v1 asks to wait 60 minutes. Go on later: what was answered is kept, and is not asked again.',
    );
  });

  test("six tries, then a failure; the same question waits the same times", async () => {
    const waitsOf = async (): Promise<readonly number[]> => {
      const run = await running(() => fault(500, "Internal error"));
      const asked = run.chat.ask(question, neverCancelled);
      const waits: number[] = [];
      for (let tries = 1; tries < 6; tries += 1) waits.push(await run.time.pass(isBackOff));
      const ended = await asked;
      expect(ended.ok ? "" : shown(run, ended.failure)).toBe(
        'unreachable: The model "small-1" at http://HOST/v1 answered 500, tried 6 times: Internal error. Look at the server\'s log, or go on later.',
      );
      expect(run.server.requests).toHaveLength(6);
      return waits;
    };
    expect(await waitsOf()).toEqual(await waitsOf());
  });

  test("a model that never answers is asked twice", async () => {
    const gate = makeGate();
    const { server, chat, time } = await running(() => stall(gate, answer("Too late.")));
    const asked = chat.ask(question, neverCancelled);
    await server.arrived(1);
    await time.pass((wait) => wait === TIMEOUT * 1000);
    await server.abandoned(1);
    await time.pass(isBackOff);
    await server.arrived(2);
    await time.pass((wait) => wait === TIMEOUT * 1000);
    const ended = await asked;
    expect(ended.ok ? "" : ended.failure.message).toContain("did not answer within 60 s, tried 2 times.");
    gate.open();
  });

  test("a server that has never answered is not there; one that is started again is waited for", async () => {
    const gone = await startChatServer(() => answer("Good."));
    const { url } = gone;
    await gone.close();
    const never = await new EndpointChat({ url, timeout: TIMEOUT, logger: () => undefined }).ask(question, neverCancelled);
    expect(never.ok ? "" : failureText(never.failure).replace(new URL(url).host, "HOST")).toBe(
      "Nothing answers at http://HOST/v1 (ECONNREFUSED). Start the server, or correct the address.",
    );

    const run = await running(() => answer("Good."));
    expect((await run.chat.ask(question, neverCancelled)).ok).toBe(true);
    await run.server.close();
    const asked = run.chat.ask(question, neverCancelled);
    for (let tries = 1; tries < 6; tries += 1) await run.time.pass(isBackOff);
    const ended = await asked;
    expect(ended.ok ? "" : ended.failure.message).toContain("tried 6 times");
  });
});

describe("what does not pass is told at once", () => {
  test.each<[string, ScriptedReply, string]>([
    [
      "401",
      unauthorized(),
      'no-permission: The model "small-1" at http://HOST/v1 answered 401: Incorrect API key provided. Check the key.',
    ],
    [
      "404",
      unknownModel(),
      'not-found: The model "small-1" at http://HOST/v1 answered 404: The model does not exist or you do not have access to it. Check the name of the model, and that the address is the right one; it usually ends with /v1.',
    ],
    [
      "a used-up quota",
      { kind: "http", status: 429, body: { error: { message: "You exceeded your current quota.", code: "insufficient_quota" } } },
      'no-permission: The model "small-1" at http://HOST/v1 answered 429: You exceeded your current quota. The account has nothing left: add to it, or use another key.',
    ],
    [
      "a question that is too long",
      fault(400, "This model's maximum context length is 2048 tokens."),
      'bad-answer: The model "small-1" at http://HOST/v1 answered 400: This model\'s maximum context length is 2048 tokens. Lower labelling.candidates or labelling.max_passage_characters, or give the model a larger context.',
    ],
    [
      "nonsense",
      nonsense(),
      'bad-answer: The model "small-1" at http://HOST/v1 answered with something that is not JSON: data: [DONE. Check that the address is that of an OpenAI-compatible server, which usually ends with /v1.',
    ],
    [
      "nothing",
      { kind: "http", status: 200, body: "" },
      'bad-answer: The model "small-1" at http://HOST/v1 answered with something that is not JSON: nothing at all. Check that the address is that of an OpenAI-compatible server, which usually ends with /v1.',
    ],
    [
      "a web page",
      webPage(),
      'not-found: The model "small-1" at http://HOST/v1 is no model: the address answers with a web page. Check that the address is that of an OpenAI-compatible server, which usually ends with /v1.',
    ],
    [
      "JSON of another shape",
      wrongShape(),
      'bad-answer: The model "small-1" at http://HOST/v1: The answer is no chat completion: it has no "choices". Check that the address is that of an OpenAI-compatible server, which usually ends with /v1.',
    ],
    [
      "an answer without end",
      veryLarge(17 * 1024 ** 2),
      'bad-answer: The model "small-1" at http://HOST/v1 sent more than 16 MB as an answer. Check that the address is that of a chat endpoint.',
    ],
  ])("%s", async (_, trouble, told) => {
    expect(await failureOf(() => trouble)).toBe(told);
  });

  test("a refusal and a truncated answer are answers, and say so", async () => {
    const { chat } = await running(inTurn(refusal("No."), truncated("Half")));
    expect(await chat.ask(question, neverCancelled)).toMatchObject({ ok: true, value: { ending: "refused" } });
    expect(await chat.ask(question, neverCancelled)).toMatchObject({ ok: true, value: { ending: "length", text: "Half" } });
  });
});

describe("what a server cannot do is left out from then on", () => {
  const formed: ChatRequest = { ...question, schema: { name: "verdicts", schema: { type: "object" } }, logprobs: 3 };

  test("response_format and logprobs, told once each", async () => {
    const { server, chat, log } = await running(withoutLogprobs(withoutResponseFormat(() => answer("Good."))));
    expect((await chat.ask(formed, neverCancelled)).ok).toBe(true);
    expect((await chat.ask({ ...formed, seed: 8 }, neverCancelled)).ok).toBe(true);
    expect(server.requests.map(({ json }) => ["response_format", "logprobs", "top_logprobs"].filter((field) => field in json))).toEqual([
      ["response_format", "logprobs", "top_logprobs"],
      ["response_format"],
      [],
      [],
    ]);
    expect(log.filter((line) => line.startsWith("info")).map((line) => line.replace(server.url, "URL"))).toEqual([
      'info: The model "small-1" at URL offers no log-probabilities. ',
      'info: The model "small-1" at URL cannot be held to a form; the answers are checked all the same. ',
    ]);
  });

  test("another model at the same address is asked in full again", async () => {
    const { server, chat } = await running((asked) =>
      asked.model === "small-1" ? withoutResponseFormat(() => answer("Good."))(asked) : answer("Good."),
    );
    await chat.ask(formed, neverCancelled);
    await chat.ask({ ...formed, model: "large-1" }, neverCancelled);
    expect(server.requests.map(({ model, json }) => [model, "response_format" in json])).toEqual([
      ["small-1", true],
      ["small-1", false],
      ["large-1", true],
    ]);
  });

  test.each([
    ["max_tokens", "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."],
    ["temperature", "Unsupported value: 'temperature' does not support 0 with this model."],
    ["seed", "Extra inputs are not permitted: seed"],
  ])("%s", async (field, complaint) => {
    const { server, chat } = await running(({ json }) =>
      field in json ? fault(field === "seed" ? 422 : 400, complaint) : answer("Good."),
    );
    expect((await chat.ask(question, neverCancelled)).ok).toBe(true);
    expect(server.requests).toHaveLength(2);
    expect(server.requests[1]?.json["max_completion_tokens"]).toBe(field === "max_tokens" ? 50 : undefined);
  });

  test("a server that complains whatever is left out is not asked for ever, and nothing is remembered", async () => {
    const { server, chat } = await running(() =>
      fault(400, "response_format, logprobs, max_completion_tokens, temperature and seed are all wrong."),
    );
    expect((await chat.ask(formed, neverCancelled)).ok).toBe(false);
    expect(server.requests).toHaveLength(6);
    await chat.ask(formed, neverCancelled);
    expect("response_format" in (server.requests[6]?.json ?? {})).toBe(true);
  });
});

test("a server that cuts long questions without a word is found out, and its answers count no more", async () => {
  const context = 2000;
  const { chat } = await running(({ body }) =>
    answer("Good.", { usage: { input: Math.min(context, Math.ceil(body.length / 4)), output: 2 } }),
  );
  const ask = async (words: number): Promise<string> => {
    const asked = await chat.ask({ ...question, messages: [{ role: "user", text: "passage ".repeat(words) }] }, neverCancelled);
    return asked.ok ? "answered" : asked.failure.message.replace(/^.* counts/u, "counts");
  };
  const told =
    "counts 2,000 tokens for questions of any length: it seems to cut them to its context, so that the model does not see all passages.";
  expect([await ask(600), await ask(600), await ask(900), await ask(700)]).toEqual(["answered", "answered", "answered", "answered"]);
  expect([await ask(1100), await ask(1100), await ask(1300)]).toEqual(["answered", "answered", "answered"]);
  expect([await ask(1500), await ask(1200), await ask(600)]).toEqual([told, told, "answered"]);
});

test("a server that does not count, and says so by a constant, is believed", async () => {
  const { chat } = await running(() => answer("Good.", { usage: { input: 1, output: 1 } }));
  for (const words of [10, 100, 1000, 2000]) {
    const asked = await chat.ask({ ...question, messages: [{ role: "user", text: "passage ".repeat(words) }] }, neverCancelled);
    expect(asked).toMatchObject({ ok: true, value: { usage: { inputTokens: 1 } } });
  }
});

describe("stopping", () => {
  test("in mid-request: the connection is closed, and it is no failure of the model", async () => {
    const gate = makeGate();
    const { server, chat, time } = await running(() => stall(gate, answer("A long answer that nobody waits for."), true));
    const cancellation = { requested: false };
    const asked = chat.ask(question, cancellation);
    await server.arrived(1);
    cancellation.requested = true;
    await time.pass((wait) => wait === 100);
    expect(await asked).toMatchObject({ ok: false, failure: { reason: "cancelled" } });
    await server.abandoned(1);
    expect(time.waiting).toEqual([]);
    gate.open();
  });

  test("while it waits for a busy server", async () => {
    const { server, chat, time } = await running(() => rateLimited("60"));
    const cancellation = { requested: false };
    const asked = chat.ask(question, cancellation);
    await server.arrived(1);
    await time.pass((wait) => wait === 100 && time.waiting.length === 1 && time.waiting[0] === 60_000);
    cancellation.requested = true;
    await time.pass((wait) => wait === 100);
    expect(await asked).toMatchObject({ ok: false, failure: { reason: "cancelled" } });
    expect(server.requests).toHaveLength(1);
  });

  test("before anything is sent", async () => {
    const { server, chat } = await running(() => answer("Good."));
    expect(await chat.ask(question, { requested: true })).toMatchObject({ ok: false, failure: { reason: "cancelled" } });
    expect(server.requests).toEqual([]);
  });
});

test("neither key nor question is in any failure or log, whatever the server sends back", async () => {
  const parrot: ChatScript = ({ body, headers }) => fault(400, `You sent ${body} with ${String(headers.authorization)}\u001b[31m`);
  const run = await running(parrot, { key: KEY });
  const asked = await run.chat.ask(question, neverCancelled);
  expect(asked.ok ? "" : shown(run, asked.failure)).toMatchInlineSnapshot(
    `"bad-answer: The model "small-1" at http://HOST/v1 answered 400: You sent {"model":"small-1","messages":[{"role":"system","content":"Judge the passages."},{"role":"user","content":"…"}],"max_tokens":50} with Bearer … Check that the server and the model can take such a question."`,
  );
  const inside = await running(() => ({ kind: "http", status: 200, body: { error: { message: `${KEY}: ${PASSAGE}` } } }), { key: KEY });
  const told = await inside.chat.ask(question, neverCancelled);
  const everything = JSON.stringify([asked, told, run.log, inside.log]);
  expect(told.ok).toBe(false);
  expect(everything).not.toContain(KEY);
  expect(everything).not.toContain(PASSAGE.slice(0, 24));
});
