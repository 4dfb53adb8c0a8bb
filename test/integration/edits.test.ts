import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { textKey } from "#core/collection/textKey";
import { editsWereMarked, marksAsEdits, takeBackEdits } from "#protocol/edits";
import type { EditsMarked, MarksEdit } from "#protocol/edits";
import { runExport } from "#protocol/exporting";
import { appendMark, undoMark } from "#protocol/marks";
import { openReview } from "#protocol/review";
import type { Verdict } from "#protocol/review";
import { LspHarness } from "../support/lspHarness";
import { sha256 } from "../support/sha256";

/** What a person says by editing a training file and saving it, and what marks do to a training file. */
interface Row {
  readonly query: string;
  readonly pos: readonly string[];
  readonly neg: readonly string[];
}

const rome: Row = { query: "capital of Italy", pos: ["Rome is the capital."], neg: ["Milan is large.", "Turin makes cars."] };
const paris: Row = {
  query: "capital of France",
  pos: ["Paris is the seat of government."],
  neg: ["Lyon is on the Rhone.", "Nice has a beach."],
};
const madrid: Row = {
  query: "capital of Spain",
  pos: ["Madrid is the capital."],
  neg: ["Sevilla is hot in summer.", "Bilbao has a museum."],
};
const start = [rome, paris, madrid];

let server: LspHarness;

beforeAll(async () => {
  server = await LspHarness.start();
});

afterAll(() => server.end());

function textOf(rows: readonly Row[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}

/** A folder with one training file, which is open in the editor; with a `.nearmiss`, so that Nearmiss was used there. */
async function open(folder: string, config: string | null = "{}"): Promise<string> {
  mkdirSync(path.join(server.workspace, folder, ...(config === null ? [] : [".nearmiss"])), { recursive: true });
  if (config !== null) writeFileSync(path.join(server.workspace, folder, ".nearmiss", "config.json"), config);
  const file = `${folder}/train.jsonl`;
  writeFileSync(path.join(server.workspace, file), textOf(start));
  await server.open(file, textOf(start));
  return file;
}

/** Types a text, and saves it. */
async function edit(file: string, rows: readonly Row[] | string): Promise<void> {
  const text = typeof rows === "string" ? rows : textOf(rows);
  await server.change(file, [{ text }]);
  await server.save(file, text);
  // Nobody types and saves again before the file watcher has told of the save.
  await settled(file);
}

/** Returns when the server has dealt with all that it was told before. */
async function settled(file: string): Promise<void> {
  await server.value(takeBackEdits, { dataset: server.uri(file), marks: [] });
}

function told(file: string): Promise<EditsMarked> {
  return server.next(editsWereMarked, ({ dataset }) => dataset === server.uri(file));
}

async function editAndHear(file: string, rows: readonly Row[] | string): Promise<EditsMarked> {
  const heard = told(file);
  await edit(file, rows);
  return await heard;
}

interface MarkLine {
  readonly kind: string;
  readonly mark: string;
  readonly of?: string;
  readonly verdict?: string;
  readonly reason?: string;
  readonly origin?: string;
  readonly lane?: string;
  readonly file?: string;
  readonly line?: number;
  readonly group?: string;
  readonly config_hash?: string;
}

function marksFile(file: string): string {
  return path.join(server.workspace, path.dirname(file), ".nearmiss/marks/tester.jsonl");
}

function marksOf(file: string): readonly MarkLine[] {
  if (!existsSync(marksFile(file))) return [];
  const lines = readFileSync(marksFile(file), "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as MarkLine);
}

function verdictsOf(file: string): readonly string[] {
  return marksOf(file).map(({ kind, verdict, line }) => (verdict === undefined ? kind : `${verdict} on line ${String(line)}`));
}

const promoted: Row = { ...paris, pos: [...paris.pos, "Lyon is on the Rhone."], neg: ["Nice has a beach."] };
const cut: Row = { ...madrid, neg: ["Sevilla is hot in summer."] };

describe("an edit that a person saves is a mark", () => {
  test("one save gives one group of marks with what is known of them", async () => {
    const file = await open("moves");
    const heard = await editAndHear(file, [{ ...rome, pos: ["Rome has been the seat of the republic since 1946."] }, promoted, cut]);
    expect(heard.text).toMatchInlineSnapshot(
      `"Your edit was recorded as 3 marks: 1 bad positive, 1 false negative and 1 deleted negative (can't tell)."`,
    );
    const marks = marksOf(file);
    expect(marks.map(({ verdict, reason, origin, lane, file: named, line }) => ({ verdict, reason, origin, lane, named, line })))
      .toMatchInlineSnapshot(`
      [
        {
          "lane": "adhoc",
          "line": 1,
          "named": "train.jsonl",
          "origin": "edit",
          "reason": "taken out of the positives",
          "verdict": "bad_positive",
        },
        {
          "lane": "adhoc",
          "line": 2,
          "named": "train.jsonl",
          "origin": "edit",
          "reason": "moved from the negatives to the positives",
          "verdict": "false_negative",
        },
        {
          "lane": "adhoc",
          "line": 3,
          "named": "train.jsonl",
          "origin": "edit",
          "reason": "deleted from the negatives",
          "verdict": "cant_tell",
        },
      ]
    `);
    expect(heard.marks).toEqual(marks.map(({ mark }) => mark));
    expect(new Set(marks.map(({ group }) => group))).toEqual(new Set([marks[0]?.mark]));
    expect(marks[0]?.config_hash).toMatch(/^[0-9a-f]+$/u);
  });

  test("they are taken back together from the notice, once, and the file stays", async () => {
    const file = await open("undone");
    const { marks } = await editAndHear(file, [rome, promoted, cut]);
    const params = { dataset: server.uri(file), marks };
    expect((await server.value(takeBackEdits, params)).text).toMatchInlineSnapshot(`"Took back 2 marks. The file stays as you edited it."`);
    expect((await server.value(takeBackEdits, params)).text).toMatchInlineSnapshot(`"These marks were taken back or replaced already."`);
    expect(verdictsOf(file)).toEqual(["false_negative on line 2", "cant_tell on line 3", "undo", "undo"]);
    expect(readFileSync(path.join(server.workspace, file), "utf8")).toBe(textOf([rome, promoted, cut]));
  });

  test("the panel's undo takes them back as a group", async () => {
    const file = await open("panel");
    const dataset = server.uri(file);
    await server.value(openReview, { dataset });
    await editAndHear(file, [rome, promoted, cut]);
    const answer = await server.value(undoMark, { dataset, index: 0 });
    expect(answer.done).toMatchObject({ marks: 2, origin: "edit" });
    expect(answer.view.counts.marks).toBe(0);
  });

  test("an edit that goes back takes its mark back; typing and undoing before the save is nothing", async () => {
    const file = await open("back");
    await server.change(file, [{ text: textOf([rome, promoted, madrid]) }]);
    await edit(file, start);
    await editAndHear(file, [rome, promoted, madrid]);
    const heard = await editAndHear(file, start);
    expect(heard).toMatchObject({ marks: [], takenBack: 1 });
    expect(verdictsOf(file)).toEqual(["false_negative on line 2", "undo"]);
  });

  test("a passage cut out before one save and put in before the next was moved", async () => {
    const file = await open("autosaved");
    await editAndHear(file, [rome, { ...paris, neg: ["Nice has a beach."] }, madrid]);
    await editAndHear(file, [rome, promoted, madrid]);
    expect(verdictsOf(file)).toEqual(["cant_tell on line 2", "false_negative on line 2"]);
  });
});

describe("what is no verdict", () => {
  test("formatting, other fields, corrected texts, whole rows, saves without a change", async () => {
    const file = await open("nothing");
    await edit(file, start.map((row) => `${JSON.stringify({ ...row, seen: true }, null, 1).replaceAll("\n", "")}\n`).join(""));
    await edit(file, textOf(start).replaceAll("\n", "\r\n"));
    await edit(file, [{ ...rome, neg: ["Milan is very large.", "Turin makes cars."] }, madrid, paris]);
    await edit(file, [{ ...rome, neg: ["Milan is very large.", "Turin makes cars."] }, paris]);
    await server.save(file, textOf([{ ...rome, neg: ["Milan is very large.", "Turin makes cars."] }, paris]));
    await settled(file);
    await editAndHear(file, [{ ...rome, neg: ["Milan is very large.", "Turin makes cars."] }, promoted]);
    expect(verdictsOf(file)).toEqual(["false_negative on line 2"]);
  });

  test("a file that a script or a checkout wrote, and the editor took over without a save", async () => {
    const file = await open("script");
    const written = textOf([rome, { ...paris, neg: [] }, cut]);
    writeFileSync(path.join(server.workspace, file), written);
    await server.change(file, [{ text: written }]);
    await server.changedOnDisk(file);
    await settled(file);
    await editAndHear(file, [{ ...rome, neg: ["Milan is large."] }, { ...paris, neg: [] }, cut]);
    expect(verdictsOf(file)).toEqual(["cant_tell on line 1"]);
  });

  test("a file that somebody else wrote and this person saved over", async () => {
    const file = await open("conflict");
    writeFileSync(path.join(server.workspace, file), textOf([rome, promoted]));
    await server.changedOnDisk(file);
    await settled(file);
    await edit(file, [rome, promoted, cut]);
    await editAndHear(file, [rome, promoted, { ...cut, pos: [] }]);
    expect(verdictsOf(file)).toEqual(["bad_positive on line 3"]);
  });

  test("more rows than a person edits in one save", async () => {
    const file = await open("many");
    const many = Array.from({ length: 30 }, (_, i): Row => ({ ...paris, query: `query ${String(i)}` }));
    await edit(file, many);
    const heard = await editAndHear(
      file,
      many.map((row): Row => ({ ...row, neg: ["Nice has a beach."] })),
    );
    expect(heard).toMatchObject({ marks: [], takenBack: 0 });
    expect(heard.text).toMatchInlineSnapshot(
      `"30 records changed in one save, as a script or a replacement does it: no marks were made of them."`,
    );
    expect(marksOf(file)).toEqual([]);
  });

  test("where the config says so, and where nobody has used Nearmiss", async () => {
    const off = await open("off", '{ "curation": { "edits_are_marks": false } }');
    const unused = await open("unused", null);
    const last = await open("last");
    await edit(off, [rome, promoted, madrid]);
    await edit(unused, [rome, promoted, madrid]);
    await editAndHear(last, [rome, promoted, madrid]);
    expect([marksOf(off), marksOf(unused)]).toEqual([[], []]);
    expect(existsSync(path.join(server.workspace, "unused/.nearmiss"))).toBe(false);
    expect(marksOf(last)).toHaveLength(1);
  });
});

function applied(text: string, edits: readonly MarksEdit[]): string {
  const starts = [0, ...[...text.matchAll(/\n/gu)].map((match) => match.index + 1)];
  const offset = ({ line, character }: MarksEdit["range"]["start"]): number => (starts[line] ?? text.length) + character;
  return [...edits]
    .sort((a, b) => offset(b.range.start) - offset(a.range.start))
    .reduce((result, { range, text: added }) => result.slice(0, offset(range.start)) + added + result.slice(offset(range.end)), text);
}

describe("marks applied to the open file", () => {
  test("are the edits that an export with the file's own negatives makes; saved, they record nothing", async () => {
    const file = await open("apply");
    const dataset = server.uri(file);
    const ready = server.ready();
    await server.value(openReview, { dataset });
    await ready;
    const mark = async (index: number, document: string | undefined, verdict: Verdict): Promise<void> => {
      const query = textKey(start[index]?.query ?? "", sha256);
      const params = { dataset, query, index, verdict, blind: false, suggestionShown: false };
      await server.value(appendMark, document === undefined ? params : { ...params, document: textKey(document, sha256) });
    };
    expect((await server.value(marksAsEdits, { dataset })).edits).toEqual([]);
    await mark(1, "Lyon is on the Rhone.", "false_negative");
    await mark(1, "Nice has a beach.", "partly_relevant");
    await mark(2, undefined, "bad_query");
    const { edits, text } = await server.value(marksAsEdits, { dataset });
    expect(text).toMatchInlineSnapshot(`"1 record with other passages, 1 record left out."`);
    expect(
      edits.map(({ kind, range, text: added }) => `${kind} ${String(range.start.line + 1)}:${String(range.start.character + 1)} ${added}`),
    ).toMatchInlineSnapshot(`
      [
        "rewrite 2:71 ,"Lyon is on the Rhone."",
        "rewrite 2:80 ",
        "remove 3:1 ",
      ]
    `);
    const after = applied(textOf(start), edits);
    const out = path.join(server.workspace, "apply-out.jsonl");
    await server.value(runExport, { dataset, format: "flagembedding", negatives: "listed", certify: false, out: pathToFileURL(out).href });
    expect(after).toBe(readFileSync(out, "utf8"));

    const before = marksOf(file).length;
    await edit(file, after);
    // Undone and done again, they are no verdict either.
    await edit(file, start);
    await edit(file, after);
    expect((await server.value(marksAsEdits, { dataset })).edits).toEqual([]);
    const [first, second] = after.split("\n");
    await editAndHear(file, `${first?.replace('"Milan is large.",', "") ?? ""}\n${second ?? ""}\n`);
    expect(verdictsOf(file).slice(before)).toEqual(["cant_tell on line 1"]);
  });

  test("are refused where the file is not open as text", async () => {
    mkdirSync(path.join(server.workspace, "closed"));
    writeFileSync(path.join(server.workspace, "closed/train.jsonl"), textOf(start));
    const answer = await server.send(marksAsEdits, { dataset: server.uri("closed/train.jsonl") });
    expect(answer.ok ? undefined : answer.failure).toMatchObject({
      reason: "not-ready",
      message: "The training file is not open in an editor that Nearmiss follows.",
    });
  });
});
