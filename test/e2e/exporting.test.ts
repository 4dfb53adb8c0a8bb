import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chooseFile } from "./support/fileDialog";
import { startJourney } from "./support/journey";
import type { Journey } from "./support/journey";

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney();
  await journey.editor.codeLens("Review hard negatives").click();
  await journey.panel.ready();
});

afterAll(async () => {
  await journey.end();
});

async function exportTo(file: string, choice: string): Promise<void> {
  await journey.command("Nearmiss: Export Curated Set");
  await journey.page.locator(".quick-input-widget .monaco-list-row", { hasText: choice }).first().click();
  await chooseFile(journey.page, { title: "Export to a New File", suggests: /\.jsonl$/u }, file);
}

test("export writes a new file and its manifest", async () => {
  await journey.panel.press("x", "False negative");
  const out = path.join(journey.workspace, "curated.jsonl");
  await exportTo(out, "with the negatives that the file lists");
  await journey.notification("Exported");
  await journey.screenshot("export");
  const files = fs.readdirSync(journey.workspace).filter((name) => name.startsWith("curated"));
  expect(files).toEqual(["curated.jsonl", expect.stringContaining("manifest")]);
  expect(fs.readFileSync(out, "utf8").split("\n").length).toBeGreaterThan(80);
});

test("the message opens what was written", async () => {
  const message = await journey.notification("Exported");
  await message.locator(".monaco-button", { hasText: /^Open$/u }).click();
  await journey.editor.tab("curated.jsonl").waitFor();
});

test("records that nobody touched are byte-identical, and the marked one has its new positive", () => {
  const before = journey.file("train.jsonl").split("\n");
  const after = journey.file("curated.jsonl").split("\n");
  expect(after.flatMap((line, i) => (line === before[i] ? [] : [i + 1]))).toEqual([1]);
  const positives = (line: string | undefined): number => (JSON.parse(line ?? "") as { pos: string[] }).pos.length;
  expect(positives(after[0])).toBe(positives(before[0]) + 1);
});

test("with mined negatives, every record has those that the panel shows", async () => {
  await journey.editor.tab("train.jsonl").click();
  await exportTo(path.join(journey.workspace, "mined.jsonl"), "with mined negatives");
  await journey.notification("Exported 86 records");
  const [first] = journey.file("mined.jsonl").split("\n");
  const { neg } = JSON.parse(first ?? "") as { neg: string[] };
  expect(neg).toHaveLength(5);
  expect(neg[0]).toBe(await journey.panel.textOfCurrentCard());
});

test("an existing file is refused", async () => {
  const before = journey.file("curated.jsonl");
  await journey.editor.tab("train.jsonl").click();
  await exportTo(path.join(journey.workspace, "curated.jsonl"), "with mined negatives");
  // VS Code's own dialog asks first; the server refuses all the same.
  await journey.page.locator(".quick-input-title", { hasText: "curated.jsonl already exists." }).waitFor();
  await journey.page.getByRole("button", { name: "OK" }).click();
  await journey.notification("curated.jsonl: The file exists already and is left as it is.");
  expect(journey.file("curated.jsonl")).toBe(before);
});
