import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Locator } from "playwright-core";
import { overflowing, paleMarks, paleTexts } from "./support/contrast";
import { chooseFile } from "./support/fileDialog";
import { startJourney } from "./support/journey";
import type { Journey } from "./support/journey";

let journey: Journey;
let view: Locator;

beforeAll(async () => {
  journey = await startJourney();
  view = journey.panel.document.getByRole("region", { name: "Gradients", exact: true });
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

/** Waits until the plots are those of the temperature on show; the first time the whole file is searched. */
async function settled(): Promise<void> {
  await view.locator('[aria-busy="false"] .plot svg').nth(3).waitFor({ timeout: 60_000 });
}

async function kept(): Promise<number> {
  const figures = await view
    .getByRole("region", { name: /^Kept negatives by/u })
    .locator("dd.figure")
    .allInnerTexts();
  return figures.reduce((sum, text) => sum + Number(/^[\d,]+/u.exec(text)?.[0].replaceAll(",", "")), 0);
}

test("every card says what it does to the gradient, and the query among how many it is spread", async () => {
  expect(await journey.panel.currentCard.locator(".gradient").innerText()).toMatch(/^(easy|useful|dominant)/u);
  expect(await journey.panel.document.getByText(/^gradient on ~\d+\.\d of \d+$/u).count()).toBe(1);
});

test("the palette opens the view, whose classes add up to what is kept", async () => {
  await journey.command("Nearmiss: Show Gradients");
  await settled();
  await journey.screenshot("gradients");
  const plane = await view.getByRole("img", { name: /^Gradient \|g\| against D/u }).getAttribute("aria-label");
  expect(Number(/(\d+) of them kept/u.exec(plane ?? "")?.[1])).toBe(await kept());
});

test("a smaller temperature makes more of them easy, and is saved through the diff", async () => {
  const easy = async (): Promise<number> => Number((await view.locator("dd.figure").first().innerText()).split(/\s/u)[0]);
  const before = await easy();
  const slider = view.getByRole("slider", { name: /^Temperature/u });
  await slider.focus();
  await slider.press("Home");
  await settled();
  expect(await easy()).toBeGreaterThan(before);
  await view.getByRole("button", { name: "Save to config…" }).click();
  await journey.page.getByRole("button", { name: "Accept Config Change" }).click();
  await expect.poll(() => fs.existsSync(path.join(journey.workspace, ".nearmiss", "config.json"))).toBe(true);
  expect(JSON.parse(journey.file(".nearmiss/config.json"))).toMatchObject({ training: { temperature: 0.005 } });
  await view.getByText("as in the config").waitFor();
});

test("a plot is saved as an SVG that stands alone", async () => {
  await settled();
  await view.getByRole("button", { name: "Save as SVG: Mean and variance of |g| by rank" }).click();
  const out = path.join(journey.workspace, "ranks.svg");
  await chooseFile(journey.page, { title: "Save Picture", suggests: /gradient-by-rank-tau-0\.005\.svg$/u }, out);
  await journey.panel.said.getByText("SVG saved").waitFor();
  expect(fs.readFileSync(out, "utf8")).toMatch(
    /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" .*<title>Mean and variance of \|g\| by rank, τ = 0\.005<\/title>/u,
  );
});

const marks = [
  ["svg g.true_negative", "fill"],
  ["svg g.false_negative", "fill"],
  ["svg g.other", "fill"],
  ["svg g.positive", "stroke"],
  ["svg path.mean, svg g.mean", "stroke"],
  ["svg g.usefulbar", "fill"],
  ["svg g.harmfulbar", "fill"],
  ["svg g.hardness", "fill"],
  [".shares .useful", "fill"],
] as const;

test.each([
  ["Default Light Modern", "vscode-light"],
  ["Default Dark Modern", "vscode-dark"],
  ["Default High Contrast", "vscode-high-contrast"],
])("%s: plots and words stand out from the ground, and nothing is cut off", async (name, kind) => {
  const folder = path.join(journey.workspace, ".vscode");
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, "settings.json"), JSON.stringify({ "workbench.colorTheme": name }));
  await journey.panel.document.locator(`body[data-vscode-theme-kind="${kind}"]`).waitFor();
  await settled();
  await journey.screenshot(`gradients-${kind}`);
  expect(await paleTexts(journey.panel.document)).toEqual([]);
  expect(await paleMarks(journey.panel.document, "[data-gradients]", marks)).toEqual([]);
  expect(await overflowing(journey.panel.document, "[data-gradients]")).toEqual([]);
});

test("Enter on a dot opens its candidate", async () => {
  await view.getByRole("button", { name: /^Candidates of the plot/u }).focus();
  await journey.page.keyboard.press("ArrowLeft");
  const query = /query (\d+)/u.exec(await view.locator(".readout").innerText())?.[1];
  await journey.page.keyboard.press("Enter");
  await expect.poll(() => journey.panel.document.getByRole("textbox", { name: "Query number" }).inputValue()).toBe(query);
});
