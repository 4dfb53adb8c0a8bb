import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startJourney } from "./support/journey";
import type { Journey } from "./support/journey";
import type { SamplerPage } from "./support/samplerPage";

let journey: Journey;
let sampler: SamplerPage;

const config = `{
  "sampler": {
    "mix": [
      // The right article, the wrong passage.
      { "source": "same_article", "n": 2, "relative_margin": null },
      { "source": "simans", "n": 2 }, // the region between
      { "source": "random", "n": 1 }
    ],
    "same_article": { "field": "article", "order_field": "order" }
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
  sampler = journey.panel.sampler;
  await journey.editor.codeLens("Review hard negatives").click();
  await journey.panel.ready();
});

afterAll(async () => {
  await journey.end();
});

/** Saves what was moved in the sampler view, by the diff. */
async function save(): Promise<void> {
  await sampler.button("Save to config…").click();
  await journey.page.getByRole("button", { name: "Accept Config Change" }).click();
  await sampler.button("Save to config…").and(journey.panel.document.locator("[disabled]")).waitFor();
}

/** Goes down the list, which lays out only what is near, and takes the headers of its cards. */
async function headersOf(cards: number): Promise<readonly string[]> {
  const headers: string[] = [];
  for (let card = 0; card < cards; card += 1) {
    if (card > 0) await journey.panel.currentCard.press("j");
    headers.push((await journey.panel.currentCard.locator("header").innerText()).replaceAll(/\s+/gu, " "));
  }
  return headers;
}

test("each card names its sources, and with which probability it was drawn", async () => {
  await journey.panel.document.getByText("5 to judge").waitFor();
  const headers = await headersOf(5);
  expect(headers.filter((header) => header.includes("same article"))).not.toEqual([]);
  expect(headers.filter((header) => /SimANS, p [\d.]+ %/u.test(header))).toHaveLength(2);
  expect(headers.filter((header) => /not ranked · random/u.test(header))).toHaveLength(1);
  await journey.screenshot("mix");
});

test("dropped cards say by which rule, in words", async () => {
  await journey.panel.currentCard.press("t");
  await journey.panel.said.filter({ hasText: "Dropped on" }).waitFor();
  await journey.panel.currentCard.press("j");
  const dropped = journey.panel.document.getByRole("article", { name: /^Dropped candidate 1$/u });
  await dropped.waitFor();
  await journey.screenshot("mix-dropped");
  expect(await dropped.innerText()).toMatch(/Dropped: \w+ \w+/u);
  await journey.panel.currentCard.press("t");
});

test("the view counts each source", async () => {
  await journey.panel.currentCard.press("s");
  await sampler.settled();
  expect(await sampler.sources.getByRole("rowheader").allInnerTexts()).toEqual(["same article × 2", "SimANS × 2", "random × 1"]);
  const { kept, candidates } = await sampler.figures();
  const dropped = Object.values(await sampler.droppedByRule()).reduce((sum, count) => sum + count, 0);
  expect(kept + dropped + (await sampler.passedNotDrawn())).toBe(candidates);
  await journey.screenshot("sampler-mix");
});

test("a source shows its own values, and the sampler's where it has none", async () => {
  await sampler.settingsOf.selectOption({ label: "1: same article × 2" });
  expect(await sampler.row("relative_margin").innerText()).toMatch(/off\s+own/u);
  expect(await sampler.row("near_duplicate_similarity").innerText()).toContain("inherited");
  expect(await sampler.slider("near_duplicate_similarity").inputValue()).toBe("0.97");
});

test("saving a source's own threshold writes into its entry of the mix alone", async () => {
  await sampler.settingsOf.selectOption({ label: "2: SimANS × 2" });
  await sampler.slider("relative_margin").press("PageUp");
  await sampler.settled();
  await save();
  expect(journey.file(".nearmiss/config.json")).toBe(config.replace('"simans", "n": 2', '"simans", "n": 2, "relative_margin": 0.1'));
  await sampler.row("relative_margin").getByText("own", { exact: true }).waitFor();
});

test("given up for the sampler's value, it is taken out again", async () => {
  await sampler.button("relative_margin: use the sampler's value, 0.05").click();
  await sampler.settled();
  expect(await sampler.row("relative_margin").innerText()).toContain("inherited");
  await save();
  expect(journey.file(".nearmiss/config.json")).toBe(config);
});

test("hovering over a listed negative in the editor shows scores, sources and the reason", async () => {
  const listed = journey.file("train.jsonl").split("\n")[0] ?? "";
  await journey.editor.goTo("train.jsonl", 1, listed.indexOf('"neg": ["') + '"neg": ["'.length + 5);
  await journey.command("Show or Focus Hover");
  const hover = journey.page.locator(".monaco-hover .hover-contents", { hasText: "Listed negative 1 of" }).first();
  await hover.waitFor();
  await journey.screenshot("hover");
  // Each blank may be one that does not break.
  const text = (await hover.innerText()).replaceAll(/[^\S\n]/gu, " ");
  expect(text).toMatch(/Similarity \d\.\d{3}, \d\.\d{3} to the nearest positive, rank \d+/u);
  expect(text).toMatch(/Found by [a-z_, ]+/u);
  expect(text).toMatch(/(?:Kept|Dropped): .+/u);
});
