import fs from "node:fs";
import path from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startJourney } from "./support/journey";
import type { Journey } from "./support/journey";
import { configDiff, openProposedChange } from "./support/proposedChange";

let journey: Journey;
let offered = "";

// A strict margin, only pairs drawn at random, and a target that some dozen clean marks show.
const config = `{
  "sampler": { "relative_margin": 0.3 },
  "curation": { "harvest": 0, "max_false_negatives": 0.3 }
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

function accept(): Locator {
  return journey.page.getByRole("button", { name: "Accept Config Change" });
}

function configFile(): string {
  return path.join(journey.workspace, ".nearmiss", "config.json");
}

/** Judges the pair on show as a true negative, and waits until another one is. */
async function judgePair(): Promise<void> {
  const { panel } = journey;
  // The next pair may be the same passage, of another query.
  const pairOnShow = async (): Promise<string> => `${await panel.queryText.innerText()}\n${await panel.textOfCurrentCard()}`;
  const pair = await pairOnShow();
  await panel.currentCard.press("a");
  await expect.poll(pairOnShow).not.toBe(pair);
}

test("after some clean pairs of the audit the panel offers a change of the sampler, and shows it as a diff", async () => {
  await journey.panel.currentCard.press("m");
  await journey.panel.document.getByRole("heading", { name: "Audit", level: 2 }).waitFor();
  offered = await openProposedChange(journey, judgePair);
  expect(offered).toContain("Your marks suggest a change");
  expect(offered).toMatch(/\d+ audited pairs, none false.*: at most [\d.]+ % \(target 30 %, 95 % sure\)/u);
  await accept().waitFor();
  await journey.screenshot("config-diff");
  expect(fs.readFileSync(configFile(), "utf8")).toBe(config);
});

test("discarding the diff writes nothing, and the change is still offered", async () => {
  await journey.page.getByRole("button", { name: "Discard Config Change" }).click();
  await journey.editor.tab(configDiff).waitFor({ state: "detached" });
  expect(fs.readFileSync(configFile(), "utf8")).toBe(config);
  expect(await journey.panel.proposal.innerText()).toContain("Your marks suggest a change");
  await journey.screenshot("proposal");
});

test("accepting it writes the file and mines again, also where VS Code hears late that the panel had the focus", async () => {
  const tellLate = await journey.panel.tellFocusLate();
  await journey.panel.button("Show the change").click();
  await journey.editor.tab(configDiff).waitFor();
  await tellLate();
  await accept().click();
  await journey.panel.said.filter({ hasText: "Config saved, mining again" }).waitFor();
  const changed = JSON.parse(fs.readFileSync(configFile(), "utf8")) as { readonly sampler: Readonly<Record<string, unknown>> };
  expect(Object.keys(changed.sampler)).not.toHaveLength(0);
  await expect.poll(() => journey.panel.proposal.filter({ hasText: offered }).count()).toBe(0);
});

test("an edit by hand mines again too", async () => {
  await journey.panel.currentCard.press("Shift+M");
  const present = JSON.parse(fs.readFileSync(configFile(), "utf8")) as { sampler: Record<string, unknown> };
  fs.writeFileSync(configFile(), JSON.stringify({ ...present, sampler: { ...present.sampler, max_score: 0.01 } }, null, 2));
  // Nothing is left to judge: what stays, if anything, is pinned.
  await journey.panel.document
    .getByText(/^(?:all judged|No candidate was kept)$/u)
    .first()
    .waitFor();
});
