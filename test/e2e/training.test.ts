import fs from "node:fs";
import path from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { overflowing, paleMarks, paleTexts } from "./support/contrast";
import { startJourney } from "./support/journey";
import type { Journey } from "./support/journey";

let journey: Journey;

// Moves vectors so far that other negatives are mined in the second round, and takes long enough to be looked at.
const config = `{
  "training": {
    "rounds": { "count": 2 },
    "learning_rate": 0.002,
    "early_stopping_patience": 30,
    "adapter": { "regularization": 0 }
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
});

afterAll(async () => {
  await journey.end();
});

function view(): Locator {
  return journey.panel.document.getByRole("region", { name: "Training", exact: true });
}

function button(name: string | RegExp): Locator {
  return view().getByRole("button", { name });
}

test("every card says in a word what it does to the gradient", async () => {
  await expect.poll(() => journey.panel.currentCard.innerText()).toMatch(/easy|useful|dominant/u);
});

test("the gradients are drawn, and a marked passage among them opens", async () => {
  await journey.panel.press("x", "False negative");
  await journey.panel.currentCard.press("v");
  const gradients = journey.panel.document.getByRole("region", { name: "Gradients", exact: true });
  await gradients.getByText("false negative 1").waitFor();
  await journey.screenshot("gradients");
  expect(await gradients.locator("svg").count()).toBeGreaterThan(2);
  await gradients.press("Escape");
  await journey.panel.currentCard.waitFor();
});

test("training shows how far it is, and marking goes on meanwhile", async () => {
  await journey.panel.currentCard.press("l");
  await view().getByText("Nothing is trained yet").waitFor();
  await journey.screenshot("training-before");
  await button("Train").click();
  await button(/^Stop/u).waitFor();
  await view()
    .getByText(/step \d+ of \d+/u)
    .first()
    .waitFor();
  await journey.screenshot("training-live");
  await view().press("Escape");
  await journey.panel.press("a", "True negative");
  expect(fs.readdirSync(path.join(journey.workspace, ".nearmiss", "training"))).toEqual(["train-1"]);
});

test("it ends with a comparison on queries that it has not seen, and changes nothing by itself", async () => {
  await journey.panel.currentCard.press("l");
  await view().getByText("Finished after 2 rounds, as rounds.count says.").waitFor({ timeout: 120_000 });
  await view().getByText("Encoder as it is", { exact: true }).first().waitFor();
  expect(await view().getByRole("table").first().innerText()).toContain("nDCG@10");
  expect(journey.file(".nearmiss/config.json")).toBe(config);
  await journey.screenshot("training-report");
});

test("two rounds are compared, query by query, each change with its reason", async () => {
  await button("Compare rounds").click();
  await view()
    .getByText(/changed quer(y|ies)/u)
    .first()
    .waitFor();
  const query = view()
    .getByRole("button", { name: /added, \d+ dropped/u })
    .first();
  await query.click();
  await view()
    .getByText(/rank \d+, score/u)
    .first()
    .waitFor();
  await button("Open query").scrollIntoViewIfNeeded();
  await journey.screenshot("training-compare");
});

/** The curves, and the encoder's line to compare with. */
const marks = [
  ['[data-run] svg g[aria-label="line"] path', "stroke"],
  ['[data-run] svg g[aria-label="dot"] circle', "fill"],
  ['[data-run] svg g[aria-label="rule"][stroke-dasharray="5,3"] line', "stroke"],
  ['[data-run] svg g[aria-label="rect"] rect', "fill"],
] as const;

test.each([
  ["Default Dark Modern", "vscode-dark"],
  ["Default High Contrast", "vscode-high-contrast"],
  ["Default Light Modern", "vscode-light"],
])("%s: the report stands out from the ground, and nothing is cut off", async (name, kind) => {
  const folder = path.join(journey.workspace, ".vscode");
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, "settings.json"), JSON.stringify({ "workbench.colorTheme": name }));
  await journey.panel.document.locator(`body[data-vscode-theme-kind="${kind}"]`).waitFor();
  await button("Open query").waitFor();
  await journey.screenshot(`training-${kind}`);
  expect(await paleTexts(journey.panel.document)).toEqual([]);
  expect(await paleMarks(journey.panel.document, "[data-training]", marks)).toEqual([]);
  expect(await overflowing(journey.panel.document, "[data-training]")).toEqual([]);
});

/** What the word "new" of a card says when it is pointed at; the word alone is found in passages as well. */
const newWhy = /^Brought by the adapter in use/u;

test("adopted, the adapter decides what is mined; what it brought is new and is asked about next", async () => {
  await button("Use this adapter…").click();
  await journey.page.getByRole("button", { name: "Accept Config Change" }).click();
  await view().getByText("train-1", { exact: true }).first().waitFor();
  await expect.poll(() => journey.file(".nearmiss/config.json")).toContain('"adapter": "train-1"');
  await journey.panel.status.getByText(/with train-1/u).waitFor();
  await view().press("Escape");
  await journey.panel.currentCard.press("n");
  await journey.panel.currentCard.getByTitle(newWhy).waitFor();
  await journey.screenshot("training-new");
});

test("going back, nothing is new any more", async () => {
  await journey.panel.currentCard.press("l");
  await button("Go back to the encoder as it is…").click();
  await journey.page.getByRole("button", { name: "Accept Config Change" }).click();
  await view().getByText("Encoder as it is", { exact: true }).first().waitFor();
  await view().press("Escape");
  await journey.panel.status.getByText(/with train-1/u).waitFor({ state: "detached" });
  await expect.poll(() => journey.panel.cards.getByTitle(newWhy).count()).toBe(0);
  expect(JSON.parse(journey.file(".nearmiss/config.json"))).toMatchObject({ model: { adapter: null } });
});
