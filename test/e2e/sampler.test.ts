import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startJourney } from "./support/journey";
import type { Journey } from "./support/journey";
import type { SamplerPage } from "./support/samplerPage";

let journey: Journey;
let sampler: SamplerPage;

const commented = `{
  // Agreed with the support team.
  "sampler": {
    "num_negatives": 4, // one of them is often wrong
    "relative_margin": 0.05, // NV-Retriever
    "seed": 7
  }
}
`;

beforeAll(async () => {
  journey = await startJourney();
  sampler = journey.panel.sampler;
  await journey.editor.codeLens("Review hard negatives").click();
  await journey.panel.ready();
});

afterAll(async () => {
  await journey.end();
});

function configFile(): string {
  return path.join(journey.workspace, ".nearmiss", "config.json");
}

async function slide(setting: string, ...keys: readonly string[]): Promise<void> {
  await sampler.slider(setting).focus();
  for (const key of keys) await sampler.slider(setting).press(key);
  await sampler.settled();
}

test("its key opens the sampler view, and Escape goes back to the card", async () => {
  const card = await journey.panel.textOfCurrentCard();
  await journey.panel.currentCard.press("s");
  await sampler.view.waitFor();
  await sampler.settled();
  await sampler.view.press("Escape");
  await sampler.view.waitFor({ state: "detached" });
  expect(await journey.panel.textOfCurrentCard()).toBe(card);
});

test("the palette opens it too", async () => {
  await journey.command("Nearmiss: Show Sampler");
  await sampler.settled();
  await journey.screenshot("sampler");
});

test("every candidate of the file is kept, dropped by one rule, or passed and not drawn", async () => {
  const { kept, candidates } = await sampler.figures();
  expect(kept).toBe(85 * 5);
  const dropped = Object.values(await sampler.droppedByRule()).reduce((sum, count) => sum + count, 0);
  expect(kept + dropped + (await sampler.passedNotDrawn())).toBe(candidates);
});

test("moving a slider by its keys changes figures and histogram, and writes nothing", async () => {
  const before = { histogram: await sampler.histogram(/^Histogram of D/u), rules: await sampler.droppedByRule() };
  await slide("relative_margin", "PageUp", "PageUp", "PageUp", "ArrowRight");
  expect(await sampler.slider("relative_margin").inputValue()).toBe("0.205");
  const rules = await sampler.droppedByRule();
  expect(rules["Within the relative margin"]).toBeGreaterThan(before.rules["Within the relative margin"] ?? 0);
  expect(await sampler.histogram(/^Histogram of D/u)).not.toBe(before.histogram);
  expect(fs.existsSync(configFile())).toBe(false);
  await sampler.button("Reset").click();
  await sampler.settled();
  expect(await sampler.droppedByRule()).toEqual(before.rules);
});

test("a config file written by hand is what the view shows next", async () => {
  fs.mkdirSync(path.dirname(configFile()), { recursive: true });
  fs.writeFileSync(configFile(), commented);
  await expect.poll(async () => (await sampler.figures()).kept).toBe(85 * 4);
});

test("saving shows a diff first; discarding it writes nothing and keeps what was moved", async () => {
  await slide("relative_margin", "PageUp", "PageUp");
  await sampler.button("Save to config…").click();
  await journey.editor.tab("config.json: present ↔ proposed").waitFor();
  await journey.screenshot("sampler-diff");
  await journey.page.getByRole("button", { name: "Discard Config Change" }).click();
  await journey.editor.tab("config.json: present ↔ proposed").waitFor({ state: "detached" });
  expect(journey.file(".nearmiss/config.json")).toBe(commented);
  expect(await sampler.slider("relative_margin").inputValue()).toBe("0.15");
});

test("accepting the diff writes that setting alone, and the candidates of the query are other ones", async () => {
  const texts = (): Promise<readonly string[]> => journey.panel.cards.locator("p.text").allInnerTexts();
  await sampler.button(/^Close/u).click();
  await journey.panel.currentCard.waitFor();
  const before = await texts();
  await journey.panel.currentCard.press("s");
  await sampler.button("Save to config…").click();
  await journey.page.getByRole("button", { name: "Accept Config Change" }).click();
  await journey.panel.said.filter({ hasText: "Config saved, mining again" }).waitFor();
  expect(journey.file(".nearmiss/config.json")).toBe(commented.replace('"relative_margin": 0.05', '"relative_margin": 0.15'));
  await sampler.button(/^Close/u).click();
  await expect.poll(texts).not.toEqual(before);
});

test("a mark is a dot in the histograms, and pressing it goes to its query", async () => {
  const query = await journey.panel.queryText.innerText();
  await journey.panel.press("x", "False negative");
  await journey.panel.currentCard.press("Enter");
  await journey.panel.queryText.filter({ hasNotText: query }).waitFor();
  await journey.panel.currentCard.press("s");
  const dot = sampler.dots.filter({ hasText: /^false negative, D −0\.\d+, query 1$/u });
  await dot.waitFor();
  await journey.screenshot("sampler-dots");
  await dot.click();
  await journey.panel.queryText.filter({ hasText: query }).waitFor();
});
