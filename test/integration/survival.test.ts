import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { appendMark } from "#protocol/marks";
import { openReview, showQuery } from "#protocol/review";
import { proposedConfig, proposeSampler } from "#protocol/sampler";
import { datasetStatus, statusDidChange } from "#protocol/status";
import { LspHarness } from "../support/lspHarness";
import { repoRoot } from "../support/repoRoot";

const sample = path.join(repoRoot, "extension/sample");
const cacheFolder = path.join(repoRoot, ".cache/test/survival-vectors");
let servers: LspHarness[] = [];

afterEach(async () => {
  for (const server of servers.reverse()) await server.end();
  servers = [];
});

async function start(options: { readonly files?: string; readonly workspace?: string }): Promise<LspHarness> {
  const server = await LspHarness.start({ ...options, cacheFolder });
  servers.push(server);
  return server;
}

async function reviewed(server: LspHarness, dataset: string): Promise<void> {
  const ready = server.ready();
  await server.value(openReview, { dataset });
  await ready;
}

function changed(server: LspHarness, file: string): Promise<void> {
  return server.connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri: server.uri(file), type: 2 }] });
}

test("every acknowledged mark is on disk when the server is killed", async () => {
  const server = await start({ files: sample });
  const dataset = server.uri("train.jsonl");
  await server.value(openReview, { dataset });
  const acknowledged: string[] = [];
  const died = new Promise((resolve) => server.process.once("exit", resolve));
  for (let index = 0; index < 40; index += 1) {
    const view = await server.value(showQuery, { dataset, index });
    const [first] = view.candidates;
    if (first === undefined) continue;
    await server.value(appendMark, {
      dataset,
      query: view.key,
      document: first.key,
      verdict: "partly_relevant",
      blind: false,
      suggestionShown: false,
    });
    acknowledged.push(`${view.key} ${first.key}`);
  }
  const last = await server.value(showQuery, { dataset, index: 50 });
  // One more is under way when it dies; whether that one is on disk, nobody was told.
  const unanswered = server
    .send(appendMark, {
      dataset,
      query: last.key,
      document: last.candidates[0]?.key ?? "",
      verdict: "partly_relevant",
      blind: false,
      suggestionShown: false,
    })
    .catch(() => "cut off");
  server.process.kill("SIGKILL");
  await died;
  const lines = readFileSync(path.join(server.workspace, ".nearmiss/marks/tester.jsonl"), "utf8").split("\n");
  const onDisk = lines
    .filter((line) => line.endsWith("}"))
    .map((line) => JSON.parse(line) as { query: { key: string }; document: { key: string } });
  expect(acknowledged.length).toBeGreaterThan(30);
  server.connection.dispose();
  expect(await unanswered).toBe("cut off");
  expect(onDisk.map(({ query, document }) => `${query.key} ${document.key}`)).toEqual(expect.arrayContaining(acknowledged));
});

test("a second server finds the marks, and embeds nothing", async () => {
  const first = await start({ files: sample });
  const dataset = first.uri("train.jsonl");
  await reviewed(first, dataset);
  const before = await first.value(showQuery, { dataset, index: 2 });
  const [hardest] = before.candidates;
  await first.value(appendMark, {
    dataset,
    query: before.key,
    document: hardest?.key ?? "",
    verdict: "false_negative",
    blind: false,
    suggestionShown: false,
  });
  const second = await start({ workspace: first.workspace });
  await reviewed(second, dataset);
  const after = await second.value(showQuery, { dataset, index: 2 });
  expect(after.candidates.map(({ key }) => key)).not.toContain(hardest?.key);
  expect(after.positives.filter(({ promoted }) => promoted).map(({ key }) => key)).toEqual([hardest?.key]);
  expect((await second.value(datasetStatus, { dataset })).embedded).toBe(0);
});

test("marks follow their texts when the file is reordered", async () => {
  const server = await start({ files: sample });
  const dataset = server.uri("train.jsonl");
  await reviewed(server, dataset);
  const view = await server.value(showQuery, { dataset, index: 2 });
  const mark = {
    dataset,
    query: view.key,
    document: view.candidates[0]?.key ?? "",
    verdict: "cant_tell",
    blind: false,
    suggestionShown: false,
  } as const;
  await server.value(appendMark, mark);
  const file = path.join(server.workspace, "train.jsonl");
  writeFileSync(file, `${readFileSync(file, "utf8").trimEnd().split("\n").reverse().join("\n")}\n`);
  await changed(server, "train.jsonl");
  const moved = await server.once(
    () => server.value(showQuery, { dataset, key: view.key }),
    ({ index }) => index !== view.index,
  );
  expect(moved.index).toBe(moved.total - 3);
  expect(moved.dropped.filter(({ verdict }) => verdict === "cant_tell").map(({ key }) => key)).toEqual([view.candidates[0]?.key]);
});

test("a config edited by hand re-mines, a broken one leaves the last good one in force", async () => {
  const server = await start({ files: sample });
  const dataset = server.uri("train.jsonl");
  await reviewed(server, dataset);
  mkdirSync(path.join(server.workspace, ".nearmiss"), { recursive: true });
  const config = path.join(server.workspace, ".nearmiss/config.json");
  const write = async (text: string): Promise<void> => {
    writeFileSync(config, text);
    await changed(server, ".nearmiss/config.json");
  };
  const candidates = async (): Promise<number> => (await server.value(showQuery, { dataset, index: 0 })).candidates.length;
  const problem = async (): Promise<string | undefined> => (await server.value(datasetStatus, { dataset })).configProblem?.message;
  await write('{"sampler": {"num_negatives": 2}}');
  expect(await server.once(candidates, (count) => count !== 5)).toBe(2);
  await write('{"sampler": {"num_negatives": "three"}}');
  expect(await server.once(problem, (found) => found !== undefined)).toMatchInlineSnapshot(
    `"sampler.num_negatives is "three", but must be a number."`,
  );
  expect(await candidates()).toBe(2);
  await write('{"sampler": {"num_negatives": 3}}');
  expect(await server.once(candidates, (count) => count !== 2)).toBe(3);
  expect(await problem()).toBeUndefined();
});

test("a config that comes or goes with its folder, of which alone an editor tells, is seen", async () => {
  const server = await start({ files: sample });
  const dataset = server.uri("train.jsonl");
  await reviewed(server, dataset);
  const folder = path.join(server.workspace, ".nearmiss");
  const kept = async (): Promise<number> => (await server.value(showQuery, { dataset, index: 0 })).candidates.length;
  mkdirSync(folder);
  writeFileSync(path.join(folder, "config.json"), '{"sampler": {"num_negatives": 2}}');
  await changed(server, ".nearmiss");
  expect(await server.once(kept, (count) => count !== 5)).toBe(2);
  rmSync(folder, { recursive: true });
  await changed(server, ".nearmiss");
  expect(await server.once(kept, (count) => count !== 2)).toBe(5);
});

test("a deleted data file is told, and what was read stays in use", async () => {
  const server = await start({ files: sample });
  const dataset = server.uri("train.jsonl");
  await reviewed(server, dataset);
  rmSync(path.join(server.workspace, "train.jsonl"));
  const failed = server.next(statusDidChange, ({ phase }) => phase === "failed");
  await changed(server, "train.jsonl");
  const { failure } = await failed;
  expect({ ...failure, place: undefined }).toMatchInlineSnapshot(`
    {
      "message": "There is no such file or folder.",
      "nextStep": "Check the path.",
      "place": undefined,
      "reason": "missing-file",
    }
  `);
  const view = await server.value(showQuery, { dataset, index: 1 });
  expect(view.candidates.length).toBeGreaterThan(0);
  const marked = await server.value(appendMark, {
    dataset,
    query: view.key,
    document: view.candidates[0]?.key ?? "",
    verdict: "true_negative",
    blind: false,
    suggestionShown: false,
  });
  expect(marked.view.counts.marks).toBe(1);
});

test("marks that nobody drew at random lead to no proposal, and a change of the config is text until somebody saves it", async () => {
  const server = await start({ files: sample });
  const dataset = server.uri("train.jsonl");
  await reviewed(server, dataset);
  for (let index = 0; index < 6; index += 1) {
    const view = await server.value(showQuery, { dataset, index });
    const [hardest] = view.candidates;
    await server.value(appendMark, {
      dataset,
      query: view.key,
      document: hardest?.key ?? "",
      verdict: "false_negative",
      blind: false,
      suggestionShown: false,
    });
  }
  expect(await server.value(proposeSampler, { dataset })).toMatchInlineSnapshot(`
    {
      "proposals": [],
      "why": "Thresholds are proposed from pairs drawn at random only, and no audit has begun: harvested pairs are chosen for being suspect and say nothing about shares. Mark in the audit lane. About 79 of them, all clean, show 5 % for what is emitted now.",
    }
  `);
  const edit = await server.value(proposedConfig, { dataset, edits: [{ path: ["sampler", "range_min"], value: 5 }] });
  expect(edit.before).toBe("");
  expect(edit.after).toMatchInlineSnapshot(`
    "{
      "sampler": {
        "sampling_strategy": "top",
        "num_negatives": 5,
        "range_min": 5,
        "range_max": 100,
        "relative_margin": 0.05,
        "near_duplicate_similarity": 0.97,
        "seed": 42
      }
    }
    "
  `);
});

test("a BEIR folder is one data set, by whichever of its parts it is named", async () => {
  const server = await start({});
  const write = (file: string, lines: readonly string[]): void => {
    const whole = path.join(server.workspace, "small", file);
    mkdirSync(path.dirname(whole), { recursive: true });
    writeFileSync(whole, `${lines.join("\n")}\n`);
  };
  write("corpus.jsonl", [
    '{"_id": "d1", "title": "Pumps", "text": "A heat pump moves heat."}',
    '{"_id": "d2", "title": "", "text": "A heat pump needs power."}',
    '{"_id": "d3", "title": "Cats", "text": "Cats sleep."}',
  ]);
  write("queries.jsonl", ['{"_id": "q1", "text": "what does a heat pump do"}', '{"_id": "q2", "text": "not judged"}']);
  write("qrels/test.tsv", ["query-id\tcorpus-id\tscore", "q1\td1\t1", "q1\tnowhere\t1"]);
  const folder = server.uri("small");
  const ready = server.ready();
  const judged = server.diagnostics("small/qrels/test.tsv", () => true);
  const byFile = await server.value(openReview, { dataset: server.uri("small/queries.jsonl"), line: 1 });
  const byFolder = await server.value(openReview, { dataset: folder });
  expect([byFile.dataset, byFolder.dataset]).toEqual([folder, folder]);
  expect(byFolder.total).toBe(1);
  expect((await judged).map(({ code, message, range }) => `${String(range.start.line + 1)} ${String(code)} ${message}`))
    .toMatchInlineSnapshot(`
    [
      "3 HN302 The document "nowhere" is not in the corpus.",
    ]
  `);
  expect((await ready).dataset).toBe(folder);
  const { positives, candidates, dropped } = await server.value(showQuery, { dataset: folder, index: 0 });
  expect(positives.map(({ id, text }) => `${id} ${text}`)).toEqual(["d1 Pumps A heat pump moves heat."]);
  expect([...candidates, ...dropped].map(({ id, rule }) => `${id} ${rule}`)).toMatchInlineSnapshot(`
    [
      "d2 sampled",
      "d3 sampled",
      "d1 own_positive",
    ]
  `);
});
