import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { textKey } from "#core/collection/textKey";
import { appendMark } from "#protocol/marks";
import { openReview } from "#protocol/review";
import { LspHarness } from "../support/lspHarness";
import { sha256 } from "../support/sha256";

/** Marks files that something went wrong with, in the real server: all that can be used counts, and the editor says what cannot. */
const TRAINING = [
  { query: "capital of Italy", pos: ["Rome is the capital."], neg: ["Milan is large.", "Turin makes cars."] },
  { query: "capital of France", pos: ["Paris is the capital."], neg: ["Lyon is on the Rhone.", "Nice has a beach."] },
]
  .map((row) => `${JSON.stringify(row)}\n`)
  .join("");

let server: LspHarness;

beforeAll(async () => {
  server = await LspHarness.start();
  mkdirSync(path.join(server.workspace, ".nearmiss/marks"), { recursive: true });
  writeFileSync(path.join(server.workspace, "train.jsonl"), TRAINING);
});

afterAll(() => server.end());

function mark(name: string, query: string, document: string, change: Readonly<Record<string, unknown>> = {}): string {
  const texts = { query: { key: textKey(query, sha256) }, document: { key: textKey(document, sha256) } };
  const header = { kind: "verdict", mark: name, time: "2026-01-01T00:00:00Z", author: "ann", verdict: "false_negative", ...texts };
  return JSON.stringify({ ...header, file: "train.jsonl", blind: false, suggestion_shown: false, tool: "t", ...change });
}

function write(name: string, lines: readonly string[], end = "\n"): void {
  writeFileSync(path.join(server.workspace, ".nearmiss/marks", name), lines.join("\n") + end);
}

const milan = mark("1", "capital of Italy", "Milan is large.");
const lyon = mark("2", "capital of France", "Lyon is on the Rhone.");

test("what does not count is told at its line, and what counts does so once", async () => {
  write("ann.jsonl", [milan, "<<<<<<< HEAD", lyon, "=======", milan, ">>>>>>> other"], `\n${lyon.slice(0, 40)}`);
  write("bob.jsonl", [
    mark("3", "capital of Italy", "Milan is large.", { author: "bob", lane: "lottery" }),
    mark("4", "a query of before", "x"),
  ]);
  const published = server.diagnostics(".nearmiss/marks/ann.jsonl", (found) => found.length > 0);
  const ofBob = server.diagnostics(".nearmiss/marks/bob.jsonl", (found) => found.length > 0);
  await server.open("train.jsonl", TRAINING);
  const { view } = await opened();
  const shown = [...(await published), ...(await ofBob)];
  expect(shown.map(({ range, severity, message }) => `${String(range.start.line + 1)} ${String(severity)} ${message}`))
    .toMatchInlineSnapshot(`
    [
      "2 2 The line is left over from a merge in Git that was not finished. The marks on both sides of it count; delete this line.",
      "4 2 The line is left over from a merge in Git that was not finished. The marks on both sides of it count; delete this line.",
      "5 3 A line repeats a mark that is there already, as merging leaves it: the mark counts once.",
      "6 2 The line is left over from a merge in Git that was not finished. The marks on both sides of it count; delete this line.",
      "7 2 The last line is cut off and was left out: a write did not finish.",
      "1 2 The mark counts without its lane: lane must be one of harvest, audit, second, conflicts, disagreements, adhoc.",
    ]
  `);
  expect(view.counts).toMatchObject({ marks: 3, falseNegatives: 3 });
});

test("a mark on a text that is gone has no effect, and the lens above the file says so", async () => {
  const lenses = await server.connection.sendRequest<readonly { command: { title: string } }[]>("textDocument/codeLens", {
    textDocument: { uri: server.uri("train.jsonl") },
  });
  expect(lenses.map(({ command }) => command.title)).toContain("1 mark on texts that changed or are gone");
});

test("a marks file that is open is no training file, and mended it has no problem", async () => {
  const file = ".nearmiss/marks/ann.jsonl";
  const text = readFileSync(path.join(server.workspace, file), "utf8");
  const mended = server.diagnostics(file, (found) => found.length === 0);
  await server.open(file, text);
  write("ann.jsonl", [milan, lyon]);
  await server.changedOnDisk(file);
  expect(await mended).toEqual([]);
  const { view } = await opened();
  expect(view.counts).toMatchObject({ marks: 3 });
});

test("a new mark stands on a line of its own behind a torn one, which stays", async () => {
  write("tester.jsonl", [mark("9", "capital of Italy", "Turin makes cars.", { author: "tester" })], '\n{"kind":"verd');
  await server.changedOnDisk(".nearmiss/marks/tester.jsonl");
  const { dataset } = await opened();
  const document = textKey("Lyon is on the Rhone.", sha256);
  const query = textKey("capital of France", sha256);
  await server.value(appendMark, { dataset, query, document, verdict: "true_negative", blind: false, suggestionShown: false });
  const lines = readFileSync(path.join(server.workspace, ".nearmiss/marks/tester.jsonl"), "utf8").split("\n");
  expect([lines.length, lines[1]]).toEqual([4, '{"kind":"verd']);
  expect((await opened()).view.counts.marks).toBe(5);
});

async function opened() {
  const dataset = server.uri("train.jsonl");
  return { dataset, view: await server.value(openReview, { dataset }) };
}
