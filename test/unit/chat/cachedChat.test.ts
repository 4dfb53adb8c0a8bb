import { expect, test } from "vitest";
import { batchLine, readBatchLine } from "#core/chat/batchFile";
import { CachedChat } from "#core/chat/cachedChat";
import type { ChatAnswer, ChatModel } from "#core/chat/chat";
import { CollectingChat } from "#core/chat/collectingChat";
import { requestName } from "#core/chat/requestName";
import { requestTokens } from "#core/chat/tokenEstimate";
import { neverCancelled } from "#core/util/cancellation";
import { err, ok, type Result } from "#core/util/result";
import { sha256 } from "../../support/sha256";
import { answer, MemoryCache, request } from "./chatFixture";

/** A model whose answers come when the test gives them. */
class WaitingChat implements ChatModel {
  readonly asked: ((result: Result<ChatAnswer>) => void)[] = [];

  ask(): Promise<Result<ChatAnswer>> {
    return new Promise((resolve) => this.asked.push(resolve));
  }

  /** Lets the promises of what was just asked or answered run on. */
  async settled(count: number): Promise<void> {
    while (this.asked.length < count) await Promise.resolve();
  }
}

const other = { ...request, seed: 43 };
const cancelled = err({ reason: "cancelled", message: "Stopped." });

test("an answer that was given before is not asked for, also by another session", async () => {
  const cache = new MemoryCache();
  const chat = new WaitingChat();
  const first = new CachedChat(chat, cache, sha256);
  const asked = first.ask(request, neverCancelled);
  await chat.settled(1);
  chat.asked[0]?.(ok(answer));
  expect(await asked).toEqual(ok(answer));
  const second = new CachedChat(chat, cache, sha256);
  expect(await second.ask(request, neverCancelled)).toEqual(ok(answer));
  expect([first.hits, second.hits, chat.asked.length]).toEqual([0, 1, 1]);
});

test("a question that is on its way is waited for; another one is asked", async () => {
  const chat = new WaitingChat();
  const cached = new CachedChat(chat, new MemoryCache(), sha256);
  const answers = [cached.ask(request, neverCancelled), cached.ask(request, neverCancelled), cached.ask(other, neverCancelled)];
  await chat.settled(2);
  chat.asked.forEach((give, index) => {
    give(ok({ ...answer, text: String(index) }));
  });
  expect((await Promise.all(answers)).map((one) => (one.ok ? one.value.text : ""))).toEqual(["0", "0", "1"]);
  expect([cached.hits, chat.asked.length]).toEqual([1, 2]);
});

test("a failure is not kept: the same question is asked again", async () => {
  const chat = new WaitingChat();
  const cache = new MemoryCache();
  const cached = new CachedChat(chat, cache, sha256);
  const failed = cached.ask(request, neverCancelled);
  await chat.settled(1);
  chat.asked[0]?.(err({ reason: "unreachable", message: "Gone." }));
  expect((await failed).ok).toBe(false);
  expect([...cache.answers.keys()]).toEqual([]);
  const again = cached.ask(request, neverCancelled);
  await chat.settled(2);
  chat.asked[1]?.(ok(answer));
  expect(await again).toEqual(ok(answer));
});

test("who waits for another's question asks for itself when that one gives up", async () => {
  const chat = new WaitingChat();
  const cached = new CachedChat(chat, new MemoryCache(), sha256);
  const gaveUp = cached.ask(request, { requested: true });
  const waits = cached.ask(request, neverCancelled);
  const waitsNoMore = cached.ask(request, { requested: true });
  await chat.settled(1);
  chat.asked[0]?.(cancelled);
  expect(await gaveUp).toEqual(cancelled);
  expect(await waitsNoMore).toEqual(cancelled);
  await chat.settled(2);
  chat.asked[1]?.(ok(answer));
  expect(await waits).toEqual(ok(answer));
});

test("a model that throws leaves nothing behind that would be waited for", async () => {
  const broken = { ask: () => Promise.reject(new TypeError("a bug")) };
  const cached = new CachedChat(broken, new MemoryCache(), sha256);
  await expect(cached.ask(request, neverCancelled)).rejects.toThrow("a bug");
  await expect(cached.ask(request, neverCancelled)).rejects.toThrow("a bug");
});

test("questions that are collected, each once, become a batch; its answers cost nothing", async () => {
  const collecting = new CollectingChat();
  const cache = new MemoryCache();
  const cached = new CachedChat(collecting, cache, sha256);
  for (const one of [request, other, request]) {
    expect(await cached.ask(one, neverCancelled)).toMatchObject({ ok: false, failure: { reason: "not-ready" } });
  }
  expect(collecting.requests).toEqual([request, other]);
  for (const one of collecting.requests) {
    const { custom_id: name } = JSON.parse(batchLine(requestName(one, sha256), one)) as { custom_id: string };
    const body = { choices: [{ message: { content: `seed ${String(one.seed)}` } }] };
    const read = readBatchLine(JSON.stringify({ custom_id: name, response: { status_code: 200, body }, error: null }));
    if (read.ok) await cache.put(read.value.name, read.value.answer);
  }
  // The service gave no name of a model and no count: both come from the question.
  const usage = { inputTokens: requestTokens(other), outputTokens: 2, estimated: true };
  expect(await cached.ask(other, neverCancelled)).toEqual(ok({ text: "seed 43", ending: "stop", usage, model: "scripted-1" }));
  expect(cached.hits).toBe(1);
});
