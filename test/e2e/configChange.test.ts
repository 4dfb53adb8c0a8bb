import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startJourney } from "./support/journey";
import type { Journey } from "./support/journey";

let journey: Journey;
let offered = "";

beforeAll(async () => {
  journey = await startJourney();
  await journey.editor.codeLens("Review hard negatives").click();
  await journey.panel.ready();
});

afterAll(async () => {
  await journey.end();
});

function configFile(): string {
  return path.join(journey.workspace, ".nearmiss", "config.json");
}

/** Marks the nearest candidate of one query as false, the next as true negative, and goes on. */
async function judgeQuery(): Promise<void> {
  const { panel } = journey;
  await panel.press("x", "False negative");
  await panel.press("a", "True negative");
  const before = await panel.queryText.innerText();
  await panel.currentCard.press("Enter");
  await expect.poll(() => panel.queryText.innerText()).not.toBe(before);
  await panel.currentCard.waitFor();
}

test("after some marks the panel offers a change of the sampler", async () => {
  for (let query = 0; query < 40 && (await journey.panel.proposal.count()) === 0; query += 1) await judgeQuery();
  offered = await journey.panel.proposal.innerText();
  expect(offered).toContain("Your marks suggest a change");
  expect(fs.existsSync(configFile())).toBe(false);
  await journey.screenshot("proposal");
});

test("the change is shown as a diff, and discarding it writes nothing", async () => {
  await journey.panel.button("Show the change").click();
  await journey.editor.tab("config.json: present ↔ proposed").waitFor();
  await journey.screenshot("config-diff");
  await journey.page.getByRole("button", { name: "Discard Config Change" }).click();
  await journey.editor.tab("config.json: present ↔ proposed").waitFor({ state: "detached" });
  expect(fs.existsSync(configFile())).toBe(false);
});

test("accepting it writes the file, and the queries are mined again", async () => {
  await journey.panel.button("Show the change").click();
  await journey.editor.tab("config.json: present ↔ proposed").waitFor();
  await journey.page.getByRole("button", { name: "Accept Config Change" }).click();
  await journey.panel.said.filter({ hasText: "Config saved, mining again" }).waitFor();
  const config = JSON.parse(fs.readFileSync(configFile(), "utf8")) as { readonly sampler: Readonly<Record<string, unknown>> };
  expect(Object.keys(config.sampler)).not.toHaveLength(0);
  await expect.poll(() => journey.panel.proposal.filter({ hasText: offered }).count()).toBe(0);
});

test("an edit by hand mines again too", async () => {
  const config = JSON.parse(fs.readFileSync(configFile(), "utf8")) as { sampler: Record<string, unknown> };
  fs.writeFileSync(configFile(), JSON.stringify({ ...config, sampler: { ...config.sampler, max_score: 0.01 } }, null, 2));
  await journey.panel.document.getByText("No candidate was kept").waitFor();
});
