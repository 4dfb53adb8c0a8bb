import { afterAll, beforeAll, expect, test } from "vitest";
import { startJourney } from "./support/journey";
import type { Journey } from "./support/journey";

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney();
});

afterAll(async () => {
  await journey.end();
});

test("a positive that is listed as a negative is in Problems", async () => {
  await journey.editor.showProblems();
  await journey.editor.problems("HN201").first().waitFor();
  await journey.screenshot("problems");
});

test("the quick fix takes the negative out, its problem goes, and the rest of the row stays as it was", async () => {
  const before = journey.file("train.jsonl").split("\n");
  const problem = journey.editor.problems(/HN201.*\[Ln 63,/u);
  const place = /\[Ln 63, Col (\d+)\]/u.exec(await problem.innerText());
  await journey.editor.goTo("train.jsonl", 63, Number(place?.[1]));
  await journey.editor.quickFix(/negative/iu, problem);
  await journey.command("File: Save");
  await expect.poll(() => journey.file("train.jsonl")).not.toBe(before.join("\n"));
  const after = journey.file("train.jsonl").split("\n");
  const changed = before.flatMap((row, index) => (row === after[index] ? [] : [index]));
  expect(changed).toEqual([62]);
  const row = JSON.parse(after[62] ?? "") as { readonly pos: readonly string[]; readonly neg: readonly string[] };
  expect(row.neg.filter((text) => row.pos.includes(text))).toEqual([]);
});

test("completion knows the sampler's parameters", async () => {
  await journey.command("Nearmiss: Open Sampler Config");
  const offer = await journey.notification("Create");
  await offer.locator(".monaco-button", { hasText: "Create" }).click();
  await journey.editor.tab("config.json").waitFor();
  expect(JSON.parse(journey.file(".nearmiss/config.json"))).toBeTypeOf("object");
  // The first line of the sampler's own object, before its first parameter.
  await journey.editor.goTo("config.json", 2, 100);
  await journey.page.keyboard.press("Enter");
  await journey.page.keyboard.press("Control+Space");
  await journey.page.locator(".suggest-widget .monaco-list-row", { hasText: "absolute_margin" }).waitFor();
  await journey.screenshot("config-completion");
});
