import { afterAll, beforeAll, expect, test } from "vitest";
import { startJourney } from "./support/journey";
import type { Journey } from "./support/journey";

let journey: Journey;
let query = "";

beforeAll(async () => {
  journey = await startJourney();
  await journey.editor.codeLens("Review hard negatives").click();
  await journey.panel.ready();
});

afterAll(async () => {
  await journey.end();
});

/** How many texts went through the model since the data set was opened, as the language status says. */
async function embedded(): Promise<string> {
  const status = await journey.editor.languageStatus();
  const text = await status.innerText();
  await journey.page.mouse.move(700, 400);
  return /[\d,]+ embedded/u.exec(text)?.[0] ?? text;
}

test("the panel comes back after a reload, at its query, with its marks", async () => {
  await journey.panel.press("a", "True negative");
  await journey.panel.currentCard.press("Enter");
  await journey.panel.queryText.filter({ hasNotText: "factory reset" }).waitFor();
  query = await journey.panel.queryText.innerText();
  await journey.reload();
  await journey.panel.ready();
  expect(await journey.panel.queryText.innerText()).toBe(query);
  await journey.editor.reviewed.filter({ hasText: "NM 1/" }).waitFor();
});

test("a reload embeds nothing", async () => {
  await journey.editor.tab("train.jsonl").click();
  await expect.poll(embedded, { timeout: 30_000 }).toBe("0 embedded");
});

test("an edited row embeds its one text", async () => {
  const line = 3;
  const row = journey.file("train.jsonl").split("\n")[line - 1] ?? "";
  const column = row.indexOf('"query": "') + '"query": "'.length + 1;
  await journey.editor.goTo("train.jsonl", line, column);
  await journey.page.keyboard.type("Please: ");
  await expect.poll(embedded, { timeout: 30_000 }).toBe("1 embedded");
});
