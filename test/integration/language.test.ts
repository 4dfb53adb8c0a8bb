import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LspHarness } from "../support/lspHarness";
import { repoRoot } from "../support/repoRoot";

/** Editor features on a small file with one of each problem. */
const TRAINING = [
  '{"id": "a", "query": "capital of France", "pos": ["Paris is the capital."], "neg": ["Paris is the capital.", "Lyon is large.", "Lyon is large."], "neg_scores": [1, 2, 3]}',
  '{"id": "b", "query": "capital of Italy", "pos": ["Rome is the capital."], "neg": ["Lyon is large."],}',
  "",
  '{"id": "c", "query": "capital of Spain", "pos": "Madrid is the capital.", "neg": []}',
].join("\n");

let server: LspHarness;
let document: { readonly textDocument: { readonly uri: string } };

beforeAll(async () => {
  server = await LspHarness.start();
  writeFileSync(path.join(server.workspace, "train.jsonl"), TRAINING);
  document = { textDocument: { uri: server.uri("train.jsonl") } };
});

afterAll(() => server.end());

interface Action {
  readonly title: string;
  readonly kind: string;
  readonly edit: { readonly documentChanges: readonly { readonly edits: readonly TextEdit[] }[] };
}

interface TextEdit {
  readonly range: { readonly start: Position; readonly end: Position };
  readonly newText: string;
}

interface Position {
  readonly line: number;
  readonly character: number;
}

function applied(text: string, edits: readonly TextEdit[]): string {
  const starts = [0, ...[...text.matchAll(/\n/gu)].map((match) => match.index + 1)];
  const offset = ({ line, character }: Position): number => (starts[line] ?? text.length) + character;
  return [...edits]
    .sort((a, b) => offset(b.range.start) - offset(a.range.start))
    .reduce((result, { range, newText }) => result.slice(0, offset(range.start)) + newText + result.slice(offset(range.end)), text);
}

function actionsOn(line: number, only?: readonly string[]): Promise<readonly Action[]> {
  const range = { start: { line, character: 0 }, end: { line, character: 10_000 } };
  return server.connection.sendRequest("textDocument/codeAction", {
    ...document,
    range,
    context: { diagnostics: [], ...(only === undefined ? {} : { only }) },
  });
}

test("problems are reported where they are", async () => {
  const checked = server.diagnostics("train.jsonl", (found) => found.length > 0);
  await server.open("train.jsonl", TRAINING);
  const found = (await checked).map(
    ({ code, message, range }) => `${String(range.start.line + 1)}:${String(range.start.character + 1)} ${String(code)} ${message}`,
  );
  expect(found).toMatchInlineSnapshot(`
    [
      "1:85 HN201 The negative "Paris is the capital." is also pos[0], a positive of this query.",
      "1:128 HN204 The negative "Lyon is large." stands at neg[1] already.",
      "2:100 HN001 The comma before "}" is one too many.",
      "3:1 HN003 The line holds no record.",
      "4:49 HN102 "pos" is a text; FlagEmbedding needs a list of texts.",
      "4:82 HN106 "neg" is an empty list: the query has no negatives yet.",
      "4:84 HN003 The last line does not end with a line feed.",
    ]
  `);
});

test("a quick fix removes the positive from the negatives, with its score, and nothing else", async () => {
  const actions = await actionsOn(0, ["quickfix"]);
  expect(actions.map(({ title }) => title)).toMatchInlineSnapshot(`
    [
      "Remove it from the negatives",
      "Remove the repetition",
    ]
  `);
  const fixed = applied(TRAINING, actions[0]?.edit.documentChanges[0]?.edits ?? []);
  expect(fixed.split("\n")[0]).toMatchInlineSnapshot(
    `"{"id": "a", "query": "capital of France", "pos": ["Paris is the capital."], "neg": ["Lyon is large.", "Lyon is large."], "neg_scores": [2, 3]}"`,
  );
  expect(fixed.split("\n").slice(1)).toEqual(TRAINING.split("\n").slice(1));
});

test("fix-all applies every safe fix", async () => {
  const [all] = await actionsOn(0, ["source.fixAll"]);
  expect(all?.title).toMatchInlineSnapshot(`"Apply all 6 safe fixes"`);
  expect(applied(TRAINING, all?.edit.documentChanges[0]?.edits ?? []).split("\n")).toMatchInlineSnapshot(`
    [
      "{"id": "a", "query": "capital of France", "pos": ["Paris is the capital."], "neg": ["Lyon is large."], "neg_scores": [2]}",
      "{"id": "b", "query": "capital of Italy", "pos": ["Rome is the capital."], "neg": ["Lyon is large."]}",
      "{"id": "c", "query": "capital of Spain", "pos": ["Madrid is the capital."], "neg": []}",
      "",
    ]
  `);
});

test("a hover says what a passage is and where else it stands, as plain text", async () => {
  const character = (TRAINING.split("\n")[0] ?? "").indexOf("Lyon");
  const hover = await server.connection.sendRequest<{ contents: { kind: string; value: string } }>("textDocument/hover", {
    ...document,
    position: { line: 0, character },
  });
  expect(hover.contents).toMatchInlineSnapshot(`
    {
      "kind": "plaintext",
      "value": "Listed negative 2 of 3
    Used by no other query",
    }
  `);
});

test("symbols name records by their queries", async () => {
  const symbols = await server.connection.sendRequest<{ name: string; detail: string }[]>("textDocument/documentSymbol", document);
  expect(symbols.map(({ name, detail }) => `${name} | ${detail}`)).toMatchInlineSnapshot(`
    [
      "capital of France | a · 1 pos, 3 neg",
      "capital of Spain | c · 1 pos, 0 neg",
    ]
  `);
});

test("the sample's fix-all leaves every other byte alone", async () => {
  const sample = readFileSync(path.join(repoRoot, "extension/sample/train.jsonl"), "utf8");
  const checked = server.diagnostics("sample.jsonl", (found) => found.length > 0);
  await server.open("sample.jsonl", sample);
  await checked;
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  const [all] = await server.connection.sendRequest<Action[]>("textDocument/codeAction", {
    textDocument: { uri: server.uri("sample.jsonl") },
    range,
    context: { diagnostics: [], only: ["source.fixAll.nearmiss"] },
  });
  const fixed = applied(sample, all?.edit.documentChanges[0]?.edits ?? []).split("\n");
  const changed = sample.split("\n").flatMap((line, i) => (line === fixed[i] ? [] : [i + 1]));
  expect(changed).toMatchInlineSnapshot(`
    [
      50,
      63,
      64,
      68,
      75,
      79,
    ]
  `);
});
