import { describe, expect, test } from "vitest";
import { Channel, ChannelError, type AbortSignalLike, type Port } from "#protocol/channel";
import { notification, request } from "#protocol/rpc";

const double = request<{ readonly n: number }, { readonly n: number }>("test/double");
const slow = request<null, string>("test/slow");
const said = notification<string>("test/said");

/** Two ports joined like the ends of a wire: what one posts reaches the other in a later microtask, copied. */
function wire(): { readonly left: Port; readonly right: Port; readonly sent: unknown[] } {
  const listeners = { left: new Set<(message: unknown) => void>(), right: new Set<(message: unknown) => void>() };
  const sent: unknown[] = [];
  const port = (here: "left" | "right", there: "left" | "right"): Port => ({
    post: (message) => {
      const copy: unknown = structuredClone(message);
      sent.push(copy);
      queueMicrotask(() => {
        for (const listener of listeners[there]) listener(copy);
      });
    },
    onMessage: (listener) => {
      listeners[here].add(listener);
      return () => listeners[here].delete(listener);
    },
  });
  return { left: port("left", "right"), right: port("right", "left"), sent };
}

function channels() {
  const { left, right, sent } = wire();
  return { client: new Channel(left), server: new Channel(right), right, sent };
}

describe("Channel", () => {
  test("answers each request by its id, whatever the order of the answers", async () => {
    const { client, server } = channels();
    const release: (() => void)[] = [];
    server.handle(double, ({ n }) => new Promise((resolve) => release.push(() => resolve({ n: n * 2 }))));
    const answers = [client.send(double, { n: 1 }), client.send(double, { n: 2 })];
    await expect.poll(() => release.length).toBe(2);
    release.reverse().forEach((answer) => answer());
    expect(await Promise.all(answers)).toEqual([{ n: 2 }, { n: 4 }]);
  });

  test("works in both directions over one wire", async () => {
    const { client, server } = channels();
    server.handle(double, async ({ n }) => ({ n: n * Number(await server.send(slow, null)) }));
    client.handle(slow, () => "10");
    expect(await client.send(double, { n: 3 })).toEqual({ n: 30 });
  });

  test("rejects a method that the other side does not know", async () => {
    const { client } = channels();
    await expect(client.send(slow, null)).rejects.toMatchObject({ reason: "unknown-method", message: "test/slow is not known here." });
  });

  test("a handler that throws rejects with its message, and the channel goes on", async () => {
    const { client, server } = channels();
    server.handle(slow, () => {
      throw new Error("no such row");
    });
    server.handle(double, ({ n }) => ({ n }));
    await expect(client.send(slow, null)).rejects.toMatchObject({ reason: "failed", message: "no such row" });
    expect(await client.send(double, { n: 5 })).toEqual({ n: 5 });
  });

  test("an abort rejects at once and reaches the handler's signal", async () => {
    const { client, server } = channels();
    let seen: AbortSignalLike | undefined;
    server.handle(slow, (_params, signal) => {
      seen = signal;
      return new Promise<string>((resolve) => {
        signal.addEventListener("abort", () => resolve("too late"));
      });
    });
    const controller = new AbortController();
    const answer = client.send(slow, null, controller.signal);
    await expect.poll(() => seen).toBeDefined();
    controller.abort();
    await expect(answer).rejects.toMatchObject({ reason: "cancelled" });
    await expect.poll(() => seen?.aborted).toBe(true);
  });

  test("a request with an aborted signal is never sent", async () => {
    const { client, sent } = channels();
    await expect(client.send(slow, null, AbortSignal.abort())).rejects.toBeInstanceOf(ChannelError);
    expect(sent).toEqual([]);
  });

  test("dispose rejects what waits, cancels what runs and ignores what comes later", async () => {
    const { client, server } = channels();
    let seen: AbortSignalLike | undefined;
    let finish: ((text: string) => void) | undefined;
    server.handle(slow, (_params, signal) => {
      seen = signal;
      return new Promise<string>((resolve) => (finish = resolve));
    });
    const answer = client.send(slow, null);
    await expect.poll(() => seen).toBeDefined();
    client.dispose();
    await expect(answer).rejects.toMatchObject({ reason: "disposed" });
    server.dispose();
    expect(seen?.aborted).toBe(true);
    finish?.("late");
    await expect(client.send(slow, null)).rejects.toMatchObject({ reason: "disposed" });
  });

  test("notifications reach every listener until it stops listening", async () => {
    const { client, server } = channels();
    const heard: string[] = [];
    const stop = client.on(said, (text) => heard.push(`first ${text}`));
    client.on(said, (text) => heard.push(`second ${text}`));
    server.notify(said, "a");
    await expect.poll(() => heard).toEqual(["first a", "second a"]);
    stop();
    server.notify(said, "b");
    await expect.poll(() => heard).toEqual(["first a", "second a", "second b"]);
  });

  test("messages of others on the same port are ignored", async () => {
    const { client, server, right } = channels();
    const heard: string[] = [];
    client.on(said, (text) => heard.push(text));
    for (const foreign of [null, 7, "text", { type: "vscode" }, { tag: "nearmiss/0", kind: "answer", id: 1 }]) right.post(foreign);
    server.notify(said, "ours");
    await expect.poll(() => heard).toEqual(["ours"]);
  });

  test("a second handler for a method is a bug", () => {
    const { server } = channels();
    server.handle(slow, () => "one");
    expect(() => server.handle(slow, () => "two")).toThrow("test/slow has a handler already.");
  });
});
