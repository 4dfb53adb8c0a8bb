import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { repoRoot } from "../support/repoRoot";
import { overflowing, paleTexts } from "./support/contrast";
import { CurationPage } from "./support/curationPage";
import { chooseFile } from "./support/fileDialog";
import { startJourney } from "./support/journey";
import type { Journey } from "./support/journey";
import { openProposedChange } from "./support/proposedChange";
import { SampleTruth } from "./support/sampleTruth";

let journey: Journey;
let curation: CurationPage;
const truth = new SampleTruth();

// A strict margin, a short rhythm, and a target that some dozen clean marks reach.
const config = `{
  "sampler": { "relative_margin": 0.3 },
  "curation": { "harvest": 5, "audit": 60, "max_false_negatives": 0.3 }
}
`;

beforeAll(async () => {
  journey = await startJourney({
    // What is typed in one go is the whole row.
    settings: { "editor.autoClosingBrackets": "never", "editor.autoClosingQuotes": "never" },
    prepare: (workspace) => {
      fs.mkdirSync(path.join(workspace, ".nearmiss"));
      fs.writeFileSync(path.join(workspace, ".nearmiss", "config.json"), config);
    },
  });
  curation = new CurationPage(journey.panel.document);
  await journey.editor.codeLens("Review hard negatives").click();
  await journey.panel.ready();
});

afterAll(async () => {
  await journey.end();
});

interface MarkLine {
  readonly kind: string;
  readonly lane?: string;
  readonly origin?: string;
  readonly verdict?: string;
  readonly blind?: boolean;
  readonly salt?: string;
}

function marks(): readonly MarkLine[] {
  const folder = path.join(journey.workspace, ".nearmiss", "marks");
  const files = fs.readdirSync(folder).map((name) => fs.readFileSync(path.join(folder, name), "utf8"));
  return files.flatMap((text) => text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as MarkLine])));
}

/** Judges the pair on show as the truth has it, and waits until another one is. */
async function judgePair(): Promise<void> {
  const name = await curation.card.getAttribute("data-card");
  const query = await journey.panel.queryText.innerText();
  const passage = await journey.panel.textOfCurrentCard();
  const before = marks().length;
  await curation.card.press(truth.isRelevant(query, passage) ? "x" : "a");
  await expect.poll(() => marks().length).toBeGreaterThan(before);
  await expect
    .poll(async () => `${await journey.panel.queryText.innerText()} ${String(await curation.card.getAttribute("data-card"))}`)
    .not.toBe(`${query} ${String(name)}`);
}

test("M leads to the pairs of the harvest, one at a time, each with the reason why it comes now", async () => {
  fs.mkdirSync(path.join(journey.workspace, ".nearmiss", "marks"), { recursive: true });
  await journey.panel.currentCard.press("m");
  await expect.poll(() => curation.lane.innerText()).toBe("Harvest");
  expect(await curation.card.count()).toBe(1);
  await journey.screenshot("curation-harvest");
  for (let pair = 0; pair < 5; pair += 1) await judgePair();
  expect(marks().map(({ lane }) => lane)).toEqual(Array.from({ length: 5 }, () => "harvest"));
});

test("then pairs drawn at random, which show nothing but the texts", async () => {
  await expect.poll(() => curation.lane.innerText()).toBe("Audit");
  await expect.poll(() => curation.card.innerText()).not.toMatch(/rank|below the positive|dominant|relevant:|Kept/u);
  await journey.screenshot("curation-audit");
  expect(fs.readdirSync(path.join(journey.workspace, ".nearmiss", "audits"))).toHaveLength(1);
  await judgePair();
  await curation.counter(/^audit 1 /u).waitFor();
  expect(marks().at(-1)).toMatchObject({ lane: "audit", blind: true, salt: expect.stringMatching(/^[0-9a-f]{32}$/u) as string });
});

test("clean marks bring the bound below the target", async () => {
  const reached = curation.counter(/target reached/u);
  for (let pair = 0; pair < 80 && (await reached.count()) === 0; pair += 1) await judgePair();
  await reached.waitFor();
  await curation.card.press("c");
  await curation.view
    .getByText(/marked, \d+ false, at most/u)
    .first()
    .waitFor();
  await journey.screenshot("curation-view");
  expect(await paleTexts(journey.panel.document)).toEqual([]);
  expect(await overflowing(journey.panel.document, "[data-curation]")).toEqual([]);
  await curation.view.press("Escape");
});

test("a change that passes the test on audited pairs is proposed with its price, and accepted as a diff", async () => {
  const proposed = await openProposedChange(journey, judgePair);
  expect(proposed).toMatch(/audited pairs?, .*at most .*Of the marked pairs it/su);
  await journey.page.getByRole("button", { name: "Accept Config Change" }).waitFor();
  await journey.screenshot("curation-proposal");
  await journey.page.getByRole("button", { name: "Accept Config Change" }).click();
  await journey.panel.said.filter({ hasText: "Config saved, mining again" }).waitFor();
  expect(journey.file(".nearmiss/config.json")).not.toBe(config);
});

test("the export has a certificate beside it, which the command line verifies", async () => {
  await journey.command("Nearmiss: Export Curated Set");
  await journey.page.locator(".quick-input-widget .monaco-list-row", { hasText: "FlagEmbedding" }).first().click();
  await journey.page.locator(".quick-input-widget .monaco-list-row", { hasText: "With a certificate" }).click();
  await chooseFile(journey.page, { title: "Export to a New File", suggests: /\.jsonl$/u }, path.join(journey.workspace, "certified.jsonl"));
  const message = await journey.notification("Exported");
  expect(await message.innerText()).toMatch(/at most [\d.]+ %/u);
  await message.locator(".monaco-button", { hasText: "Open Certificate" }).click();
  await journey.editor.tab("certified.jsonl.certificate.md").waitFor();
  await journey.screenshot("certificate");
  const verified = await promisify(execFile)(process.execPath, [
    path.join(repoRoot, "dist/cli.cjs"),
    "certify",
    "--verify",
    path.join(journey.workspace, "certified.jsonl.certificate.json"),
  ]);
  expect(verified.stdout + verified.stderr).toMatch(/verified/iu);
});

test("a negative that is moved to the positives by hand is a false negative once the file is saved", async () => {
  await journey.editor.goTo("train.jsonl", 40);
  const row = JSON.parse(journey.file("train.jsonl").split("\n")[39] ?? "") as { pos: string[]; neg: string[] };
  const [moved = "", ...rest] = row.neg;
  await journey.page.keyboard.press("Home");
  await journey.page.keyboard.press("Shift+End");
  // A bracket typed over a selection would be put around it.
  await journey.page.keyboard.press("Delete");
  await journey.page.keyboard.insertText(JSON.stringify({ ...row, pos: [...row.pos, moved], neg: rest }));
  await journey.editor.save();
  await expect.poll(() => marks().at(-1)).toMatchObject({ origin: "edit", verdict: "false_negative" });
  await journey.screenshot("edit-is-mark");
});
