import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { overflowing, paleTexts } from "./support/contrast";
import { CurationPage } from "./support/curationPage";
import { chooseFile } from "./support/fileDialog";
import { startJourney } from "./support/journey";
import type { Journey } from "./support/journey";
import { OpinionsPage } from "./support/opinionsPage";

let journey: Journey;
let opinions: OpinionsPage;
let curation: CurationPage;

const QUERIES = 30;

const config = `{
  "training": { "rounds": { "count": 1 }, "num_train_epochs": 4 },
  "export": { "output_scores": true, "scores": "teacher" }
}
`;

beforeAll(async () => {
  journey = await startJourney({
    settings: {
      "nearmiss.languageModel.inputPrice": 0.5,
      "nearmiss.languageModel.outputPrice": 2,
      "nearmiss.languageModel.confirmingInputPrice": 5,
      "nearmiss.languageModel.confirmingOutputPrice": 20,
    },
    prepare: (workspace) => {
      fs.mkdirSync(path.join(workspace, ".nearmiss"));
      fs.writeFileSync(path.join(workspace, ".nearmiss", "config.json"), config);
    },
  });
  opinions = new OpinionsPage(journey.page, journey.panel.document);
  curation = new CurationPage(journey.panel.document);
  await journey.editor.codeLens("Review hard negatives").click();
  await journey.panel.ready();
});

afterAll(async () => {
  await journey.end();
});

/** The lines of the JSON Lines files in a folder of the project. */
function linesBelow(folder: string): readonly Readonly<Record<string, unknown>>[] {
  const at = path.join(journey.workspace, ".nearmiss", folder);
  const names = fs.existsSync(at) ? fs.readdirSync(at).filter((name) => name.endsWith(".jsonl")) : [];
  return names.flatMap((name) => rowsOf(fs.readFileSync(path.join(at, name), "utf8")));
}

function rowsOf(text: string): readonly Readonly<Record<string, unknown>>[] {
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as Record<string, unknown>]));
}

interface JudgementLine {
  readonly stage: "flag" | "confirm";
  readonly query: { readonly id: string };
  readonly verdicts: readonly { readonly document: { readonly id: string }; readonly verdict: string }[];
}

function judgements(stage: JudgementLine["stage"]): readonly JudgementLine[] {
  return (linesBelow("suggestions") as unknown as readonly JudgementLine[]).filter((line) => line.stage === stage);
}

/** Queries that hold a passage which both models call relevant: their numbers, and the beginnings of the passages. */
function calledRelevant(): readonly { readonly number: number; readonly passage: string }[] {
  const ids = rowsOf(journey.file("train.jsonl")).map(({ id }) => id);
  const texts = new Map(rowsOf(journey.file("corpus.jsonl")).map(({ id, text }) => [id, String(text)]));
  return judgements("confirm").flatMap(({ query, verdicts }) =>
    verdicts
      .filter(({ verdict }) => verdict === "relevant")
      .map(({ document }) => ({ number: ids.indexOf(query.id) + 1, passage: (texts.get(document.id) ?? "").slice(0, 60) })),
  );
}

test("a model is chosen among those of VS Code; what a run comes to is said before anything is sent", async () => {
  await journey.panel.currentCard.press("i");
  await opinions.view.getByText("No language model has been asked about this data set.").waitFor();
  await opinions.button("Choose the model").click();
  const row = journey.page.locator(".quick-input-widget .monaco-list-row");
  await row.filter({ hasText: "Scripted Strong" }).waitFor();
  await journey.screenshot("opinions-pick");
  await journey.page.keyboard.press("Escape");
  await opinions.choose("ask", "Scripted Held");
  await opinions.choose("confirm", "Scripted Strong");
  await opinions.askAbout(QUERIES);
  await expect.poll(() => opinions.figure(opinions.plan, "Queries").innerText()).toBe(String(QUERIES));
  expect(await opinions.plan.innerText()).toMatch(/Scripted Held of scripted/u);
  expect(await opinions.figure(opinions.plan, "Money").innerText()).toMatch(/^about \d/u);
  await journey.screenshot("opinions-plan");
  expect(linesBelow("suggestions")).toEqual([]);
});

test("a dry run asks about three queries and keeps nothing", async () => {
  await opinions.button("Try on three queries").click();
  await opinions.outcome.getByRole("heading", { name: "Dry run: finished" }).waitFor();
  expect(await opinions.outcome.locator("[data-labelled]").count()).toBe(3);
  await journey.screenshot("opinions-dry-run");
  expect(linesBelow("suggestions")).toEqual([]);
});

test("a run shows how far it is and what it has cost; it is stopped, and keeps what was answered", async () => {
  await opinions.button(/^Ask$/u).click();
  // The model answers eight questions, three of them in the dry run, and then holds back all others.
  await expect.poll(() => opinions.figure(opinions.live, "Queries done").innerText()).toBe(`8 of ${QUERIES}`);
  expect(await opinions.figure(opinions.live, "Cost so far").innerText()).toMatch(/^0\.0\d/u);
  await journey.screenshot("opinions-live");
  await opinions.button("Pause").click();
  await opinions.live.getByText("Paused", { exact: true }).waitFor();
  await opinions.button("Go on").click();
  await opinions.live.getByText("Asking", { exact: true }).waitFor();
  await opinions.button("Stop").click();
  await opinions.outcome.getByRole("heading", { name: "Last run: stopped" }).waitFor();
  await journey.screenshot("opinions-stopped");
  expect(judgements("flag")).toHaveLength(8);
});

test("it goes on where it was stopped", async () => {
  await journey.command("Scripted: Release Held Questions");
  await opinions.button(`Go on: ${QUERIES - 8} queries left`).click();
  await opinions.outcome.getByRole("heading", { name: "Last run: finished" }).waitFor();
  await journey.screenshot("opinions-finished");
  expect(judgements("flag")).toHaveLength(QUERIES);
  expect(judgements("confirm").length).toBeGreaterThan(2);
  expect(await overflowing(journey.panel.document, "[data-opinions]")).toEqual([]);
  expect(await paleTexts(journey.panel.document)).toEqual([]);
});

test("an opinion is hidden until the own verdict, and the mark says that it was", async () => {
  await opinions.view.press("Escape");
  const card = journey.panel.currentCard;
  await card.getByText("A second opinion is shown after your verdict.").waitFor();
  expect(await opinions.opinionOn(card).count()).toBe(0);
  await journey.screenshot("opinions-hidden");
  await journey.panel.press("a", "True negative");
  await expect.poll(() => linesBelow("marks").at(-1)).toMatchObject({ verdict: "true_negative", opinion_shown: false });
  await card.press("k");
  await opinions.opinionOn(journey.panel.currentCard).waitFor();
  await journey.screenshot("opinions-shown");
});

test("where a person and the model differ, the pair is looked at again, beside what the model says", async () => {
  const [found] = calledRelevant();
  const { number, passage } = found ?? { number: 0, passage: "" };
  const field = journey.panel.document.getByRole("textbox", { name: "Query number" });
  await field.fill(String(number));
  await field.press("Enter");
  const card = journey.panel.cards.filter({ hasText: passage });
  await card.locator("p.text").click();
  await card.press("a");
  await journey.panel.said.filter({ hasText: "The language model says “relevant”" }).waitFor();
  await journey.panel.currentCard.press("i");
  await opinions.button(/^Disagreements/u).click();
  await expect.poll(() => curation.lane.innerText()).toBe("Disagreements");
  await opinions.opinionOn(curation.card).getByText("differs from your verdict").waitFor();
  await journey.screenshot("opinions-disagreement");
  await curation.card.press("x");
  await expect
    .poll(() => linesBelow("marks").at(-1))
    .toMatchObject({ lane: "disagreements", verdict: "false_negative", opinion_shown: true });
  await journey.panel.document.getByRole("heading", { name: "Disagreements: nothing left" }).waitFor();
  await journey.screenshot("opinions-settled");
});

test("the other task answers queries and says what each answer rests on", async () => {
  await journey.command("Nearmiss: Show Second Opinions");
  await opinions.view.getByRole("radio", { name: "Which passages an answer rests on" }).check();
  await opinions.choose("ask", "Scripted Strong");
  await opinions.askAbout(10);
  await expect.poll(() => opinions.figure(opinions.plan, "Queries").innerText()).toBe("10");
  await opinions.button(/^Ask$/u).click();
  await opinions.outcome.getByText(/^All 10 queries were asked about\. 10 queries were answered/u).waitFor();
  await opinions.totals.getByText(/\d+ with a ranking/u).scrollIntoViewIfNeeded();
  await journey.screenshot("opinions-answers");
  expect(linesBelow("suggestions").filter(({ kind }) => kind === "attribution")).toHaveLength(10);
});

test("a run that the provider does not allow ends at once, says why, and asks nothing more", async () => {
  await opinions.view.getByRole("radio", { name: "Which passages are relevant" }).check();
  await opinions.choose("ask", "Scripted Forbidden");
  await opinions.button(/^Ask$/u).click();
  await opinions.outcome.getByRole("heading", { name: "Last run: ended by a failure" }).waitFor();
  expect(await opinions.outcome.innerText()).toMatch(/VS Code does not let Nearmiss use Scripted Forbidden of scripted/u);
  await journey.screenshot("opinions-forbidden");
});

test.each([
  ["Default Dark Modern", "vscode-dark"],
  ["Default High Contrast", "vscode-high-contrast"],
  ["Default Light Modern", "vscode-light"],
])("%s: the view stands out from the ground, and nothing is cut off", async (name, kind) => {
  const folder = path.join(journey.workspace, ".vscode");
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, "settings.json"), JSON.stringify({ "workbench.colorTheme": name }));
  await journey.panel.document.locator(`body[data-vscode-theme-kind="${kind}"]`).waitFor();
  await expect.poll(() => opinions.button(/^Ask$/u).isEnabled()).toBe(true);
  await journey.screenshot(`opinions-${kind}`);
  expect(await paleTexts(journey.panel.document)).toEqual([]);
  expect(await overflowing(journey.panel.document, "[data-opinions]")).toEqual([]);
});

test("training learns from the teachers", async () => {
  await opinions.view.press("l");
  const training = journey.panel.document.getByRole("region", { name: "Training", exact: true });
  await training.getByRole("button", { name: "Train" }).click();
  await training.getByText(/of those to train on ha(?:s|ve) a teacher, made of what language models said\./u).waitFor();
  await training.getByText("Finished after 1 round, as rounds.count says.").waitFor({ timeout: 120_000 });
  await journey.screenshot("opinions-training");
});

test("the export has the teachers' scores, all of a row or none", async () => {
  await journey.command("Nearmiss: Export Curated Set");
  await journey.page.locator(".quick-input-widget .monaco-list-row", { hasText: "FlagEmbedding, with mined negatives" }).first().click();
  await chooseFile(journey.page, { title: "Export to a New File", suggests: /\.jsonl$/u }, path.join(journey.workspace, "taught.jsonl"));
  await journey.notification("Exported");
  await journey.screenshot("opinions-export");
  const rows = rowsOf(journey.file("taught.jsonl")) as unknown as readonly TaughtRow[];
  const scored = rows.filter((row) => row.pos_scores !== undefined);
  expect(scored.length).toBeGreaterThan(5);
  expect(scored.every((row) => row.pos_scores?.length === row.pos.length && row.neg_scores?.length === row.neg.length)).toBe(true);
  expect(rows.filter((row) => row.pos_scores === undefined).every((row) => row.neg_scores === undefined)).toBe(true);
});

interface TaughtRow {
  readonly pos: readonly string[];
  readonly neg: readonly string[];
  readonly pos_scores?: readonly number[];
  readonly neg_scores?: readonly number[];
}
