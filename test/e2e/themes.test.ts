import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
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

const themes = [
  { name: "Default Light Modern", kind: "vscode-light" },
  { name: "Default Dark Modern", kind: "vscode-dark" },
  { name: "Default High Contrast", kind: "vscode-high-contrast" },
  { name: "Default High Contrast Light", kind: "vscode-high-contrast-light" },
] as const;

test.each(themes)("the panel follows $name", async ({ name, kind }) => {
  const folder = path.join(journey.workspace, ".vscode");
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, "settings.json"), JSON.stringify({ "workbench.colorTheme": name }));
  const body = journey.panel.document.locator(`body[data-vscode-theme-kind="${kind}"]`);
  await body.waitFor();
  await journey.screenshot(`theme-${kind}`);
  const [text, ground] = await body.evaluate((element) => {
    const style = getComputedStyle(element);
    return [style.color, getComputedStyle(element.ownerDocument.documentElement).getPropertyValue("--vscode-editor-background")];
  });
  expect(text).not.toBe(ground);
});
