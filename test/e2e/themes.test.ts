import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { overflowing, paleMarks, paleTexts } from "./support/contrast";
import { startJourney } from "./support/journey";
import type { Journey } from "./support/journey";

let journey: Journey;

// Some queries run short, and passages are marked, so that the sampler view has everything that it can show.
const config = `{
  "sampler": {
    "mix": [
      { "source": "same_article", "n": 3, "relative_margin": 0.2 },
      { "source": "simans", "n": 3 }
    ],
    "max_positive_similarity": 0.8,
    "same_article": { "field": "article", "order_field": "order", "adjacent": 2 }
  }
}
`;

beforeAll(async () => {
  journey = await startJourney({
    prepare: (workspace) => {
      fs.mkdirSync(path.join(workspace, ".nearmiss"));
      fs.writeFileSync(path.join(workspace, ".nearmiss", "config.json"), config);
    },
  });
  await journey.editor.codeLens("Review hard negatives").click();
  await journey.panel.ready();
  for (const [key, announcement] of [
    ["a", "True negative"],
    ["x", "False negative"],
    ["p", "Partly relevant"],
  ] as const) {
    await journey.panel.press(key, announcement);
  }
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

/** Widths of the window, in pixels, and whether the panel has all of its editors' room. */
const groups = [
  { group: "narrow", width: 900, alone: false },
  { group: "normal", width: 1400, alone: false },
  { group: "wide", width: 2060, alone: true },
] as const;

async function toggleMaximized(): Promise<void> {
  await journey.command("View: Toggle Maximize Editor Group");
  await journey.panel.focused();
}

describe.each(themes)("$name", ({ name, kind }) => {
  test("the panel follows it", async () => {
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
    expect(await paleTexts(journey.panel.document)).toEqual([]);
  });

  test.each(groups)("the sampler view can be read in a $group editor group", async ({ group, width, alone }) => {
    const { sampler, document } = journey.panel;
    await journey.page.setViewportSize({ width, height: 900 });
    if (alone) await toggleMaximized();
    await journey.command("Nearmiss: Show Sampler");
    await sampler.settled();
    await sampler.settingsOf.selectOption({ label: "1: same article × 3" });
    await sampler.slider("relative_margin").press("PageUp");
    await sampler.settled();
    await journey.screenshot(`sampler-${kind}-${group}`);
    expect(await paleTexts(document)).toEqual([]);
    expect(await paleMarks(document)).toEqual([]);
    expect(await overflowing(document)).toEqual([]);
    await sampler.button("Reset").click();
    if (!alone) return;
    await toggleMaximized();
    await sampler.button(/^Close/u).click();
    await sampler.view.waitFor({ state: "detached" });
  });
});
