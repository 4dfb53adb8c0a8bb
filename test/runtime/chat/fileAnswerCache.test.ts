import { spawn } from "node:child_process";
import { appendFileSync, chmodSync, mkdirSync, readFileSync, readdirSync, statSync, truncateSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";
import type { ChatAnswer } from "#core/chat/chat";
import { CachedChat } from "#core/chat/cachedChat";
import { neverCancelled } from "#core/util/cancellation";
import { EndpointChat } from "../../../server/runtime/chat/endpointChat";
import { FileAnswerCache } from "../../../server/runtime/chat/fileAnswerCache";
import { sha256 } from "../../../server/runtime/hash";
import { answer, cutMidway, inTurn, startChatServer } from "../../support/chatServer";
import { repoRoot } from "../../support/repoRoot";
import { scratchFolder } from "../store/scratchFolder";

const silent = (): void => undefined;

function said(text: string): ChatAnswer {
  return { text, ending: "stop", usage: { inputTokens: 3, outputTokens: 2, estimated: false }, model: "small-1" };
}

function fileIn(folder: string, name = "answers.jsonl"): string {
  return path.join(folder, "answers", name);
}

test("an answer is there for the next process as it was given, and only the user may read the file", async () => {
  const folder = scratchFolder();
  const given: ChatAnswer = {
    ...said("“Ja”\n\u2028"),
    tokens: [{ token: "“Ja”", logprob: -0.25, alternatives: [{ token: "Nein", logprob: -1.5 }] }],
  };
  await new FileAnswerCache(folder, silent).put(sha256("a"), given);
  const later = new FileAnswerCache(folder, silent);
  expect(await later.get(sha256("a"))).toEqual(given);
  expect(await later.get(sha256("b"))).toBeUndefined();
  expect(
    readFileSync(fileIn(folder), "utf8")
      .split("\n")
      .filter((line) => line !== ""),
  ).toHaveLength(1);
  if (process.platform === "win32") return;
  expect((statSync(fileIn(folder)).mode & 0o777).toString(8)).toBe("600");
  expect((statSync(path.join(folder, "answers")).mode & 0o777).toString(8)).toBe("700");
});

test("a file that others may read is closed to them", async () => {
  const folder = scratchFolder({ "answers/answers.jsonl": "" });
  chmodSync(fileIn(folder), 0o644);
  await new FileAnswerCache(folder, silent).put("a", said("A"));
  if (process.platform !== "win32") expect((statSync(fileIn(folder)).mode & 0o777).toString(8)).toBe("600");
});

test("nothing is made before the first answer", async () => {
  const folder = scratchFolder();
  expect(await new FileAnswerCache(folder, silent).get("a")).toBeUndefined();
  expect(readdirSync(folder)).toEqual([]);
});

test("torn lines and lines of others cost nothing but themselves", async () => {
  const folder = scratchFolder();
  const first = new FileAnswerCache(folder, silent);
  await first.put("a", said("A"));
  await first.put("b", said("B"));
  truncateSync(fileIn(folder), statSync(fileIn(folder)).size - 20);
  const second = new FileAnswerCache(folder, silent);
  expect([await second.get("a"), await second.get("b")]).toEqual([said("A"), undefined]);
  appendFileSync(fileIn(folder), '\n{"name":"x","answer":{"text":1}}\n"name"\n\u0000\u0000\n{"name":"y');
  await second.put("b", said("B again"));
  await second.put("c", said("C"));
  const third = new FileAnswerCache(folder, silent);
  const names = ["a", "b", "c", "x", "y"];
  expect(await Promise.all(names.map((name) => third.get(name)))).toEqual([said("A"), said("B again"), said("C"), undefined, undefined]);
});

test("what another process keeps is found without a start anew", async () => {
  const folder = scratchFolder();
  const [one, other] = [new FileAnswerCache(folder, silent), new FileAnswerCache(folder, silent)];
  expect(await other.get("a")).toBeUndefined();
  await one.put("a", said("A"));
  expect(await other.get("a")).toEqual(said("A"));
  await Promise.all(
    [...Array(50).keys()].flatMap((i) => [one.put(`one-${String(i)}`, said("1")), other.put(`other-${String(i)}`, said("2"))]),
  );
  expect(await one.get("other-49")).toEqual(said("2"));
  expect(await other.get("one-0")).toEqual(said("1"));
});

test("a full file makes room: the newest answers stay, in two files, whoever began the new one", async () => {
  const folder = scratchFolder();
  const line = 160;
  const options = { mostBytes: 10 * line };
  const [one, other] = [new FileAnswerCache(folder, silent, options), new FileAnswerCache(folder, silent, options)];
  for (let i = 0; i < 30; i += 1) {
    await one.put(`n${String(i)}`, said(String(i)));
    // Looks at each answer while it is new, so that what it knows of the files is of many times.
    expect(await other.get(`n${String(i)}`)).toEqual(said(String(i)));
  }
  expect(readdirSync(path.join(folder, "answers")).sort()).toEqual(["answers-before.jsonl", "answers.jsonl"]);
  const kept: number[] = [];
  for (let i = 0; i < 30; i += 1) if ((await other.get(`n${String(i)}`)) !== undefined) kept.push(i);
  expect(kept.at(-1)).toBe(29);
  expect(kept).toEqual([...Array(30).keys()].slice(30 - kept.length));
  expect(kept.length).toBeGreaterThanOrEqual(10);
  expect(statSync(fileIn(folder)).size + statSync(fileIn(folder, "answers-before.jsonl")).size).toBeLessThan(2 * (10 * line + line));
});

test("a disk that refuses is told of once, and work goes on", async () => {
  const folder = scratchFolder({ answers: "a file where a folder is needed" });
  const log: string[] = [];
  const cache = new FileAnswerCache(folder, (level, message) => void log.push(`${level}: ${message.replace(folder, "CACHE")}`));
  await cache.put("a", said("A"));
  await cache.put("b", said("B"));
  expect(await cache.get("a")).toBeUndefined();
  expect(log).toEqual([
    `warn: Answers of language models cannot be kept in ${path.join("CACHE", "answers")} (EEXIST): a run that is stopped would ask for them again.`,
  ]);
});

test("processes that write at the same time lose nothing", async () => {
  const folder = scratchFolder();
  const bundle = path.join(scratchFolder(), "writer.cjs");
  await build({
    stdin: {
      contents: `
        import { FileAnswerCache } from "./server/runtime/chat/fileAnswerCache";
        const [, , folder, prefix] = process.argv;
        const cache = new FileAnswerCache(folder!, () => undefined);
        const usage = { inputTokens: 1, outputTokens: 1, estimated: false };
        async function main(): Promise<void> {
          for (let i = 0; i < 200; i += 1)
            await cache.put(prefix + String(i), { text: prefix!.repeat(500), ending: "stop", usage, model: "m" });
        }
        void main();`,
      loader: "ts",
      resolveDir: repoRoot,
    },
    bundle: true,
    platform: "node",
    format: "cjs",
    outfile: bundle,
    logLevel: "silent",
  });
  mkdirSync(path.join(folder, "answers"));
  const codes = ["p", "q"].map(
    (prefix) => new Promise((resolve) => spawn(process.execPath, [bundle, folder, prefix], { stdio: "ignore" }).once("exit", resolve)),
  );
  expect(await Promise.all(codes)).toEqual([0, 0]);
  const cache = new FileAnswerCache(folder, silent);
  let found = 0;
  for (const prefix of ["p", "q"]) {
    for (let i = 0; i < 200; i += 1) if ((await cache.get(prefix + String(i)))?.text === prefix.repeat(500)) found += 1;
  }
  expect(found).toBe(400);
});

test("an answer that was cut in the middle is not kept in part; the whole one is, and is not asked for again", async () => {
  const server = await startChatServer(inTurn(cutMidway("Half of this never comes."), answer("All of it.")));
  const folder = scratchFolder();
  const request = {
    model: "small-1",
    instructions: "",
    messages: [{ role: "user", text: "What is it?" }],
    maxTokens: 9,
    temperature: 0,
    seed: 1,
  } as const;
  const open = (): CachedChat => {
    // Waits of the back-off take no time.
    const later = (milliseconds: number, task: () => void): (() => void) => {
      if (milliseconds > 100 && milliseconds < 60_000) setImmediate(task);
      return silent;
    };
    const endpoint = new EndpointChat({ url: server.url, key: "sk-never-kept", timeout: 60, logger: silent, later });
    return new CachedChat(endpoint, new FileAnswerCache(folder, silent), sha256);
  };
  try {
    const first = await open().ask(request, neverCancelled);
    const again = await open().ask(request, neverCancelled);
    expect(first).toMatchObject({ ok: true, value: { text: "All of it." } });
    expect(again).toEqual(first);
    expect(server.requests).toHaveLength(2);
    const kept = readFileSync(fileIn(folder), "utf8");
    expect(kept).not.toContain("Half");
    expect(kept).not.toContain("sk-never-kept");
    // Nor is the question there: its hash is enough.
    expect(kept).not.toContain("What is it?");
  } finally {
    await server.close();
  }
});
