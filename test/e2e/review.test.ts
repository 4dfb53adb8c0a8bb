import { afterAll, beforeAll, expect, test } from "vitest";
import { startJourney } from "./support/journey";
import type { Journey } from "./support/journey";

let journey: Journey;

/** Verdict lines of the person's marks file, oldest first; a revocation has no verdict of its own. */
function marks(): readonly { readonly verdict?: string }[] {
  const lines = journey.file(".nearmiss/marks/tester.jsonl").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as { readonly verdict?: string });
}

beforeAll(async () => {
  journey = await startJourney({ coldCache: true });
});

afterAll(async () => {
  await journey.end();
});

test("the lens on line 1 says what the file is", async () => {
  const lens = journey.editor.codeLens("Review hard negatives");
  await lens.waitFor();
  expect(await journey.editor.lensLine(/FlagEmbedding.*queries/u).count()).toBe(1);
  await journey.screenshot("lens");
});

test("nothing pops up by itself", async () => {
  expect(await journey.page.locator(".notification-toast").count()).toBe(0);
});

test("the lens opens the review, with candidates before anything is embedded", async () => {
  await journey.editor.codeLens("Review hard negatives").click();
  await journey.panel.currentCard.waitFor();
  expect(await journey.panel.queryText.innerText()).toBe("how do i factory reset the hub");
});

test("the embeddings take the place of the lexical candidates", async () => {
  await journey.panel.ready();
  expect(await journey.panel.document.getByText("Lexical (BM25)").count()).toBe(0);
  expect(await journey.panel.cards.first().getAttribute("aria-current")).toBe("true");
  await journey.screenshot("panel");
});

test("one key marks a true negative, on disk before the next card", async () => {
  const first = await journey.panel.textOfCurrentCard();
  await journey.panel.press("a", "True negative");
  expect(marks().map(({ verdict }) => verdict)).toEqual(["true_negative"]);
  expect(await journey.panel.textOfCurrentCard()).not.toBe(first);
});

test("the status bar counts the query as reviewed", async () => {
  await journey.editor.reviewed.filter({ hasText: "NM 1/" }).waitFor();
});

test("undo takes back exactly one mark, and redo brings it again", async () => {
  await journey.panel.press("p", "Partly relevant");
  await journey.panel.press("Control+z", "Undone: Partly relevant");
  expect(marks()).toHaveLength(3);
  await journey.panel.press("Control+Shift+z", "Redone: Partly relevant");
  await journey.panel.press("Backspace", "Undone: Partly relevant");
  expect(marks()).toHaveLength(5);
});

test("a false negative leaves the candidates and becomes a positive", async () => {
  const text = await journey.panel.textOfCurrentCard();
  const before = await journey.panel.positives.count();
  await journey.panel.press("x", "False negative");
  const promoted = journey.panel.positives.filter({ hasText: "promoted by you" });
  await promoted.waitFor();
  expect(await journey.panel.positives.count()).toBe(before + 1);
  expect(await promoted.locator("p.text").innerText()).toBe(text);
});

test("commands of the palette act on the current card", async () => {
  await journey.command("Nearmiss: Mark as Can't Tell");
  await journey.panel.said.filter({ hasText: "Can't tell" }).waitFor();
  expect(marks().at(-1)?.verdict).toBe("cant_tell");
});

test("Enter goes to the next query", async () => {
  const before = await journey.panel.queryText.innerText();
  await journey.panel.currentCard.press("Enter");
  await expect.poll(() => journey.panel.queryText.innerText()).not.toBe(before);
});

test("the lens of another line goes to its query in the same panel", async () => {
  await journey.editor.goTo("train.jsonl", 9);
  await journey.command("Nearmiss: Review Hard Negatives");
  await journey.panel.queryText.filter({ hasText: "Every few weeks my battery fills itself" }).waitFor();
  expect(await journey.editor.tab("Nearmiss: train.jsonl").count()).toBe(1);
});
