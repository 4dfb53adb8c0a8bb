import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startJourney } from "./support/journey";
import type { Journey } from "./support/journey";

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

test("after some clean pairs of the audit the panel offers a change of the sampler", async () => {
  await journey.panel.currentCard.press("m");
  await journey.panel.document.getByRole("heading", { name: "Audit", level: 2 }).waitFor();
  for (let pair = 0; pair < 80 && (await journey.panel.proposal.count()) === 0; pair += 1) await judgePair();
  offered = await journey.panel.proposal.innerText();
  expect(offered).toContain("Your marks suggest a change");
  expect(offered).toMatch(/\d+ audited pairs, none false.*: at most [\d.]+ % \(target 30 %, 95 % sure\)/u);
  expect(fs.readFileSync(configFile(), "utf8")).toBe(config);
  await journey.screenshot("proposal");
});

test("the change is shown as a diff, and discarding it writes nothing", async () => {
  await journey.panel.button("Show the change").click();
  await journey.editor.tab("config.json: present ↔ proposed").waitFor();
  await journey.screenshot("config-diff");
  await journey.page.getByRole("button", { name: "Discard Config Change" }).click();
  await journey.editor.tab("config.json: present ↔ proposed").waitFor({ state: "detached" });
  expect(fs.readFileSync(configFile(), "utf8")).toBe(config);
});

test("accepting it writes the file, and the queries are mined again", async () => {
  await journey.panel.button("Show the change").click();
  await journey.editor.tab("config.json: present ↔ proposed").waitFor();
  await journey.page.getByRole("button", { name: "Accept Config Change" }).click();
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
