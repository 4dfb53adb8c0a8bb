import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { textKey } from "#core/collection/textKey";
import { sha256 } from "../support/sha256";
import { startJourney } from "./support/journey";
import type { Journey } from "./support/journey";

interface Row {
  readonly query: string;
  readonly pos: readonly string[];
  readonly neg: readonly string[];
}

/** 1-based lines of the sample: one that the person edits, and one that somebody else has marked a negative of. */
const EDITED = 2;
const MARKED = 4;

let journey: Journey;
let before: readonly string[];

beforeAll(async () => {
  journey = await startJourney({
    // A row that is typed in one go must not get a second quote and bracket at its end.
    settings: { "editor.autoClosingBrackets": "never", "editor.autoClosingQuotes": "never" },
    prepare: (workspace) => {
      const { query, neg } = rowOf(readFileSync(path.join(workspace, "train.jsonl"), "utf8").split("\n"), MARKED);
      const texts = { query: { key: textKey(query, sha256) }, document: { key: textKey(neg[0] ?? "", sha256) } };
      const mark = { kind: "verdict", mark: "1", time: "2026-01-01T00:00:00Z", author: "ann", verdict: "false_negative", ...texts };
      mkdirSync(path.join(workspace, ".nearmiss/marks"), { recursive: true });
      writeFileSync(
        path.join(workspace, ".nearmiss/marks/ann.jsonl"),
        `${JSON.stringify({ ...mark, blind: false, suggestion_shown: false, tool: "t" })}\n`,
      );
    },
  });
  before = journey.file("train.jsonl").split("\n");
});

afterAll(async () => {
  await journey.end();
});

function rowOf(lines: readonly string[], line: number): Row {
  return JSON.parse(lines[line - 1] ?? "") as Row;
}

/** What the person's own marks file holds, as kinds and verdicts. */
function ownMarks(): readonly string[] {
  const file = ".nearmiss/marks/tester.jsonl";
  if (!existsSync(path.join(journey.workspace, file))) return [];
  const lines = journey.file(file).split("\n").slice(0, -1);
  return lines.map((line) => {
    const { kind, verdict, origin } = JSON.parse(line) as { readonly kind: string; readonly verdict?: string; readonly origin?: string };
    return [kind, verdict, origin].filter((part) => part !== undefined).join(" ");
  });
}

/** The button of the message that says that marks were applied. */
async function undoOfMarks(): Promise<Locator> {
  const message = await journey.notification("The marks are applied to train.jsonl");
  return message.locator(".monaco-button", { hasText: "Undo" });
}

/**
 * Asks for the preview, once more where VS Code applied the edits without it, as it does now and then soon after its start: it asks for its own
 * view before that view is active. The person is told, and undoes.
 */
async function previewOfMarks(): Promise<Locator> {
  const preview = journey.page.locator(".bulk-edit-panel");
  const changed = journey.page.locator(".tab.dirty");
  const ask = async (): Promise<boolean> => {
    await journey.command("Nearmiss: Apply Marks to This File");
    await preview.or(changed).first().waitFor();
    if (await preview.isVisible()) return true;
    await (await undoOfMarks()).click();
    await changed.waitFor({ state: "detached" });
    return false;
  };
  await expect.poll(ask, { timeout: 60_000 }).toBe(true);
  return preview;
}

test("a negative moved to the positives by hand is a mark on save, which the message takes back", async () => {
  const row = rowOf(before, EDITED);
  const [first, ...rest] = row.neg;
  const edited = JSON.stringify({ ...row, pos: [...row.pos, first], neg: rest });
  await journey.editor.goTo("train.jsonl", EDITED);
  await journey.page.keyboard.press("Home");
  await journey.page.keyboard.press("Shift+End");
  // A bracket typed over a selection would be put around it.
  await journey.page.keyboard.press("Delete");
  await journey.page.keyboard.insertText(edited);
  await journey.editor.save();
  const message = await journey.notification("Your edit was recorded as a mark: 1 false negative.");
  await journey.screenshot("edit-marked");
  expect(ownMarks()).toEqual(["verdict false_negative edit"]);
  await message.locator(".monaco-button", { hasText: "Undo" }).click();
  await expect.poll(ownMarks).toEqual(["verdict false_negative edit", "undo"]);
  expect(journey.file("train.jsonl").split("\n")[EDITED - 1]).toBe(edited);
});

test("marks are applied to the open text through the preview, with one undo, and saved they are no verdict again", async () => {
  const { page } = journey;
  const text = journey.file("train.jsonl").split("\n");
  const row = rowOf(text, MARKED);
  await journey.editor.goTo("train.jsonl", MARKED);
  const preview = await previewOfMarks();
  await preview.locator(".edit-checkbox").first().click();
  await journey.screenshot("apply-marks");
  await page.getByRole("button", { name: "Apply", exact: true }).click();
  const undo = await undoOfMarks();
  await journey.screenshot("marks-applied");
  await journey.editor.goTo("train.jsonl", MARKED);
  await journey.editor.save();
  await expect
    .poll(() => rowOf(journey.file("train.jsonl").split("\n"), MARKED))
    .toEqual({
      ...row,
      pos: [...row.pos, row.neg[0]],
      neg: row.neg.slice(1),
    });
  await undo.click();
  await page.locator(".tab.dirty").waitFor();
  await journey.editor.save();
  await expect.poll(() => journey.file("train.jsonl").split("\n")).toEqual(text);
  expect(ownMarks()).toEqual(["verdict false_negative edit", "undo"]);
});
