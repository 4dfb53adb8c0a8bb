import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { quickInput, startJourney } from "./support/journey";
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

async function exportTo(file: string): Promise<void> {
  await journey.command("Nearmiss: Export Curated Set");
  await journey.page.locator(".quick-input-widget .monaco-list-row", { hasText: "FlagEmbedding" }).first().click();
  await journey.page.locator(".quick-input-title", { hasText: "Export to a New File" }).waitFor();
  const input = quickInput(journey.page);
  // The dialog fills in its suggestion some time after it has appeared.
  await expect.poll(() => input.inputValue()).toMatch(/\.jsonl$/u);
  await input.fill(file);
  await input.press("Enter");
}

test("export writes a new file and its manifest", async () => {
  await journey.panel.press("x", "False negative");
  const out = path.join(journey.workspace, "curated.jsonl");
  await exportTo(out);
  const toast = journey.page.locator(".notification-toast", { hasText: "Exported" });
  await toast.waitFor();
  await journey.screenshot("export");
  const files = fs.readdirSync(journey.workspace).filter((name) => name.startsWith("curated"));
  expect(files).toEqual(["curated.jsonl", expect.stringContaining("manifest")]);
  expect(fs.readFileSync(out, "utf8").split("\n").length).toBeGreaterThan(80);
});

test("the message opens what was written", async () => {
  await journey.page.locator(".notification-toast .monaco-button", { hasText: /^Open$/u }).click();
  await journey.editor.tab("curated.jsonl").waitFor();
});

test("records that nobody touched are byte-identical", () => {
  const original = new Set(journey.file("train.jsonl").split("\n"));
  const untouched = journey
    .file("curated.jsonl")
    .split("\n")
    .filter((line) => original.has(line));
  expect(untouched.length).toBeGreaterThan(0);
});

test("an existing file is refused", async () => {
  const before = journey.file("curated.jsonl");
  await journey.editor.tab("train.jsonl").click();
  await exportTo(path.join(journey.workspace, "curated.jsonl"));
  // VS Code's own dialog asks first; the server refuses all the same.
  await journey.page.getByRole("button", { name: /^(?:Replace|OK|Yes)$/u }).click();
  await journey.page.locator(".notification-toast", { hasText: "curated.jsonl" }).waitFor();
  expect(journey.file("curated.jsonl")).toBe(before);
});
