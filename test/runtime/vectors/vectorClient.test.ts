import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { neverCancelled } from "#core/util/cancellation";
import type { ProcessStatus } from "../../../server/runtime/process/processLink";
import type { VectorClient } from "../../../server/runtime/vectors/vectorClient";
import { builtModels, buildVectorProcess } from "../../support/buildVectorProcess";
import { EMBEDDED, EXACT, failureOf, scoresOf, startClient, temporaryFolder, textsBySide, valueOf } from "./fixture";

const QUERIES = ["which wing stalls first", "how to bake bread"];
const DOCUMENTS = Array.from(
  { length: 120 },
  (_, i) => `Passage ${String(i)}: ${"the swept wing stalls at the tip first ".repeat(1 + (i % 7))}`,
);
const TEXT = textsBySide({ query: QUERIES, document: DOCUMENTS });
const ALL = [...DOCUMENTS.keys()];

async function open(parts: Parameters<typeof startClient>[0]): Promise<VectorClient> {
  const client = await startClient({ source: { kind: "texts", text: TEXT }, ...parts });
  valueOf(await client.open(EMBEDDED));
  return client;
}

function kill(client: VectorClient): void {
  process.kill(client.processId!, "SIGKILL");
}

test("a process killed in the middle of embedding is replaced, and the result is the same", async () => {
  const statuses: ProcessStatus[] = [];
  const cacheFolder = temporaryFolder();
  const [calm, shaken] = [await open({}), await open({ settings: { cacheFolder }, onStatus: (status) => statuses.push(status) })];
  for (const client of [calm, shaken]) {
    valueOf(await client.put("query", [0, 1], { cancellation: neverCancelled }));
    valueOf(await client.index(EXACT, neverCancelled));
  }
  valueOf(await calm.put("document", ALL, { cancellation: neverCancelled }));
  let killed = false;
  const report = await shaken.put("document", ALL, {
    cancellation: neverCancelled,
    onProgress: ({ done }) => {
      if (killed || done === ALL.length) return;
      killed = true;
      kill(shaken);
    },
  });
  expect(killed).toBe(true);
  valueOf(report);
  expect(statuses).toEqual(["starting", "ready", "restarting", "ready"]);
  const scores = async (client: VectorClient) => (await scoresOf(client, [0, 1], ALL)).flat();
  const [expected, actual] = [await scores(calm), await scores(shaken)];
  expect(Math.max(...expected.map((score, i) => Math.abs(score - actual[i]!)))).toBeLessThan(1e-6);
});

test("vectors of a process killed while idle come back from the cache", async () => {
  const client = await open({ settings: { cacheFolder: temporaryFolder() } });
  await client.put("query", [0], { cancellation: neverCancelled });
  await client.put("document", [0, 1, 2], { cancellation: neverCancelled });
  await client.drop("document", [1]);
  const job = { query: 0, positives: [2], extra: [] };
  const before = valueOf(await client.retrieve([job], 5, neverCancelled));
  kill(client);
  expect(valueOf(await client.retrieve([job], 5, neverCancelled))).toEqual(before);
  expect([...before[0]!.documents].sort()).toEqual([0, 2]);
});

test("a process that dies again and again is given up, and a new open tries anew", async () => {
  const statuses: ProcessStatus[] = [];
  const client = await startClient({
    source: {
      kind: "texts",
      // Each time the text is asked for, the process that shall embed it is killed.
      text: () => {
        kill(client);
        return "fatal";
      },
    },
    onStatus: (status) => statuses.push(status),
  });
  valueOf(await client.open(EMBEDDED));
  expect(failureOf(await client.put("query", [0], { cancellation: neverCancelled }))).toEqual({
    reason: "worker-died",
    message: "The process that makes vectors was ended by SIGKILL, 6 times in 180 seconds.",
    nextStep: "Try again. If it goes on, choose a smaller model or fewer threads; the machine may be out of memory.",
  });
  expect(statuses.filter((status) => status === "restarting")).toHaveLength(5);
  expect(statuses.at(-1)).toBe("dead");
  valueOf(await client.open(EMBEDDED));
  expect(statuses.at(-1)).toBe("ready");
});

test("embedding can be stopped, and goes on where it stopped", async () => {
  const client = await open({});
  const cancellation = { requested: false };
  const stopped = await client.put("document", ALL, {
    cancellation,
    first: ALL.slice(0, 10),
    onProgress: ({ done }) => {
      cancellation.requested = done >= 10;
    },
  });
  expect(failureOf(stopped).reason).toBe("cancelled");
  const { embedded } = valueOf(await client.put("document", ALL, { cancellation: neverCancelled }));
  expect(embedded).toBeGreaterThan(0);
  expect(embedded).toBeLessThanOrEqual(ALL.length - 10);
  expect(failureOf(await client.put("document", [0, 900], { cancellation: { requested: true } })).reason).toBe("cancelled");
});

test("what is looked at overtakes a long run", async () => {
  const client = await open({});
  valueOf(await client.put("document", [0], { cancellation: neverCancelled }));
  const finished: string[] = [];
  const long = client.put("document", ALL, { cancellation: neverCancelled }).then(() => finished.push("all documents"));
  await client.put("query", [1], { cancellation: neverCancelled }).then(() => finished.push("the query"));
  await client.retrieve([{ query: 1, positives: [], extra: [] }], 10, neverCancelled).then(() => finished.push("its neighbours"));
  await long;
  expect(finished).toEqual(["the query", "its neighbours", "all documents"]);
});

test("slots named first have vectors before the others", async () => {
  const client = await open({});
  await client.put("query", [0], { cancellation: neverCancelled });
  const last = ALL.length - 1;
  const put = client.put("document", ALL, { cancellation: neverCancelled, first: [last] });
  const [hit] = valueOf(await client.retrieve([{ query: 0, positives: [last], extra: [] }], 1000, neverCancelled));
  expect(hit!.documents.length).toBeLessThan(ALL.length);
  valueOf(await put);
});

test("a slot dropped while its text is on the way stays empty, and takes its next text", async () => {
  const texts = new Map([[0, "the swept wing stalls at the tip first"]]);
  const client = await open({ source: { kind: "texts", text: (side, slot) => (side === "query" ? QUERIES[slot]! : texts.get(slot)!) } });
  await client.put("query", [0], { cancellation: neverCancelled });
  const put = client.put("document", [0], { cancellation: neverCancelled });
  await client.drop("document", [0]);
  valueOf(await put);
  expect(failureOf(await client.retrieve([{ query: 0, positives: [0], extra: [] }], 1, neverCancelled)).reason).toBe("not-ready");
  texts.set(0, QUERIES[0]!);
  await client.put("document", [0], { cancellation: neverCancelled });
  const [[score]] = (await scoresOf(client, [0], [0])) as [[number]];
  expect(score).toBeCloseTo(1, 6);
});

test("a second run over the same texts embeds nothing", async () => {
  const settings = { cacheFolder: temporaryFolder() };
  const first = await open({ settings });
  expect(valueOf(await first.put("document", ALL, { cancellation: neverCancelled }))).toEqual({ embedded: ALL.length, cached: 0 });
  expect(valueOf(await first.put("document", ALL, { cancellation: neverCancelled }))).toEqual({ embedded: 0, cached: 0 });
  const second = await open({ settings });
  expect(valueOf(await second.put("document", [...ALL].reverse(), { cancellation: neverCancelled }))).toEqual({
    embedded: 0,
    cached: ALL.length,
  });
});

test("the process ends when its parent is killed", async () => {
  const folder = temporaryFolder();
  const parentFile = path.join(folder, "parent.mjs");
  const clientFile = path.resolve(import.meta.dirname, "../../../server/runtime/vectors/vectorClient.ts");
  const source = `
    import { VectorClient } from ${JSON.stringify(clientFile)};
    const client = new VectorClient(${JSON.stringify({
      processFile: await buildVectorProcess(),
      settings: { modelsFolder: builtModels(), baseFolder: folder },
      source: { kind: "texts" },
    })});
    void client.open(${JSON.stringify(EMBEDDED)}).then(() => console.log(client.processId));`;
  await build({
    stdin: { contents: source, resolveDir: folder },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile: parentFile,
    logLevel: "silent",
  });
  const parent = spawn(process.execPath, [parentFile], { stdio: ["ignore", "pipe", "inherit"] });
  const [output] = (await once(parent.stdout, "data")) as [Buffer];
  const child = Number(output.toString());
  expect(isRunning(child)).toBe(true);
  parent.kill("SIGKILL");
  await once(parent, "exit");
  await expect.poll(() => isRunning(child)).toBe(false);
});

/** A process that has ended but was not waited for counts as ended. */
function isRunning(pid: number): boolean {
  if (process.platform === "linux")
    return fs.existsSync(`/proc/${String(pid)}`) && !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${String(pid)}/status`, "utf8"));
  return execFileSync("ps", ["-A", "-o", "pid="]).toString().split("\n").map(Number).includes(pid);
}
