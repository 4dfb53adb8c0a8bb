import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appendMark, undoMark } from "#protocol/marks";
import { openReview, showQuery, stepQuery } from "#protocol/review";
import type { QueryView } from "#protocol/review";
import { datasetStatus } from "#protocol/status";
import { LspHarness } from "../support/lspHarness";
import { repoRoot } from "../support/repoRoot";

const sample = path.join(repoRoot, "extension/sample");
const training = readFileSync(path.join(sample, "train.jsonl"), "utf8");
let server: LspHarness;
let dataset: string;

beforeAll(async () => {
  server = await LspHarness.start({ files: sample });
  dataset = server.uri("train.jsonl");
});

afterAll(() => server.end());

function summary({ id, retrieval, candidates, dropped, short }: QueryView) {
  return { id, retrieval, kept: candidates.length, dropped: dropped.length, short };
}

test("code lenses say what the file is once it is checked", async () => {
  const checked = server.diagnostics("train.jsonl", (found) => found.length > 0);
  await server.open("train.jsonl", training);
  const codes = (await checked).map(({ code, range }) => `${String(code)} line ${String(range.start.line + 1)}`);
  expect(codes).toMatchInlineSnapshot(`
    [
      "HN201 line 63",
      "HN201 line 64",
      "HN204 line 68",
      "HN204 line 75",
      "HN401 line 79",
      "HN106 line 86",
      "HN201 line 50",
    ]
  `);
  const lenses = await server.connection.sendRequest<{ command: { title: string } }[]>("textDocument/codeLens", {
    textDocument: { uri: dataset },
  });
  expect(lenses.map(({ command }) => command.title)).toMatchInlineSnapshot(`
    [
      "FlagEmbedding, 85 queries",
      "Review hard negatives",
      "7 problems",
    ]
  `);
});

test("a review begins with lexical candidates and goes on with dense ones", async () => {
  const ready = server.ready();
  const first = await server.value(openReview, { dataset, line: 9 });
  expect(summary(first)).toMatchInlineSnapshot(`
    {
      "dropped": 95,
      "id": "q009",
      "kept": 5,
      "retrieval": "lexical",
      "short": 0,
    }
  `);
  const status = await ready;
  expect({ ...status, dataset: "", revision: 0 }).toMatchInlineSnapshot(`
    {
      "cached": 0,
      "counts": {
        "falseNegatives": 0,
        "marks": 0,
        "queries": 85,
        "queriesReviewed": 0,
      },
      "dataset": "",
      "documents": 339,
      "done": 424,
      "embedded": 424,
      "format": "FlagEmbedding",
      "fromDisk": false,
      "index": {
        "kind": "exact",
        "recall": 1,
        "recallSample": 0,
      },
      "model": "all-MiniLM-L6-v2",
      "phase": "ready",
      "queries": 85,
      "revision": 0,
      "total": 424,
    }
  `);
  const dense = await server.value(showQuery, { dataset, key: first.key });
  expect(summary(dense)).toMatchInlineSnapshot(`
    {
      "dropped": 95,
      "id": "q009",
      "kept": 5,
      "retrieval": "dense",
      "short": 0,
    }
  `);
});

test("a false negative leaves, comes back with undo, and both are on disk", async () => {
  const before = await server.value(showQuery, { dataset, index: 8 });
  const [hardest] = before.candidates;
  if (hardest === undefined) throw new Error("no candidate");
  const { view } = await server.value(appendMark, {
    dataset,
    query: before.key,
    document: hardest.key,
    verdict: "false_negative",
    blind: false,
    suggestionShown: false,
  });
  expect(view.candidates.map(({ key }) => key)).not.toContain(hardest.key);
  expect(view.candidates).toHaveLength(before.candidates.length);
  expect(view.positives.map(({ key, promoted }) => ({ key, promoted }))).toContainEqual({ key: hardest.key, promoted: true });
  const undone = await server.value(undoMark, { dataset, index: 0 });
  expect(undone.done).toMatchObject({ verdict: "false_negative", document: hardest.key });
  expect(undone.view.candidates.map(({ key }) => key)).toEqual(before.candidates.map(({ key }) => key));
  const lines = readFileSync(path.join(server.workspace, ".nearmiss/marks/tester.jsonl"), "utf8").trimEnd().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as { kind: string }).kind)).toEqual(["verdict", "undo"]);
});

test("stepping stops at the ends", async () => {
  const last = await server.value(stepQuery, { dataset, index: 10_000, direction: -1, onlyOpen: false });
  expect(last.index).toBe(last.total - 1);
  expect((await server.value(stepQuery, { dataset, index: last.index, direction: 1, onlyOpen: true })).index).toBe(last.index);
});

test("an edited row embeds one text", async () => {
  const before = await server.value(datasetStatus, { dataset });
  const line = training.split("\n").findIndex((text) => text.includes("how do i factory reset the hub"));
  const character = (training.split("\n")[line] ?? "").indexOf("how do i");
  await server.change("train.jsonl", [{ range: { start: { line, character }, end: { line, character } }, text: "please, " }]);
  const after = await server.once(
    () => server.value(datasetStatus, { dataset }),
    ({ phase, embedded }) => phase === "ready" && embedded > before.embedded,
  );
  expect(after.embedded - before.embedded).toBe(1);
  expect((await server.value(showQuery, { dataset, index: 0 })).text).toBe("please, how do i factory reset the hub");
});
