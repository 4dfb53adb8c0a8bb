import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answer, startChatServer } from "../support/chatServer";
import type { ChatServer } from "../support/chatServer";
import { startJourney } from "./support/journey";
import type { Journey } from "./support/journey";

/** A folder that somebody sent: its settings would send texts to their server, and put files and names where they like. */
let server: ChatServer;
let journey: Journey;

beforeAll(async () => {
  server = await startChatServer(() => answer("never asked"));
  journey = await startJourney({
    untrusted: true,
    prepare: (workspace) => {
      const settings = {
        "nearmiss.languageModel.endpoint": server.url,
        "nearmiss.languageModel.models": ["their-model"],
        "nearmiss.author": "somebody-else",
        "nearmiss.cacheFolder": path.join(workspace, "their-cache"),
      };
      fs.mkdirSync(path.join(workspace, ".vscode"));
      fs.writeFileSync(path.join(workspace, ".vscode", "settings.json"), JSON.stringify(settings));
    },
  });
  await journey.editor.codeLens("Review hard negatives").click();
  await journey.panel.ready();
});

afterAll(async () => {
  await journey.end();
  await server.close();
});

function rows() {
  return journey.page.locator(".quick-input-widget:visible .monaco-list-row");
}

/** Opens the list of language models. */
async function chooseModel(): Promise<void> {
  await journey.panel.document.getByRole("button", { name: /^Choose the model$/u }).click();
  await journey.page.locator(".quick-input-title", { hasText: "Language Model to Ask" }).waitFor();
  await rows().first().waitFor();
}

test("in Restricted Mode pairs are mined and marked, with the person's own name and cache", async () => {
  await journey.page
    .getByRole("button", { name: /Restricted Mode/u })
    .first()
    .waitFor();
  await journey.panel.press("a", /^True negative/u);
  expect(fs.readdirSync(path.join(journey.workspace, ".nearmiss", "marks"))).toEqual(["tester.jsonl"]);
  expect(fs.existsSync(path.join(journey.workspace, "their-cache"))).toBe(false);
  await journey.screenshot("restricted");
});

test("the folder's own settings name no endpoint for its texts", async () => {
  await journey.panel.currentCard.press("i");
  await chooseModel();
  await journey.screenshot("restricted-models");
  expect(await rows().allInnerTexts()).toEqual([expect.stringContaining("Set up an endpoint")]);
  expect(server.requests).toEqual([]);
  await journey.page.keyboard.press("Escape");
  await journey.panel.document.getByRole("region", { name: "Second opinions", exact: true }).press("i");
  await journey.panel.currentCard.waitFor();
});

test("a model that the folder's config names is not loaded, which is said with what to do", async () => {
  fs.writeFileSync(path.join(journey.workspace, ".nearmiss", "config.json"), JSON.stringify({ model: { id: "./their-model" } }));
  const failed = journey.panel.document.getByText(
    /asks for the model ".*their-model", which is not loaded in a workspace that is not trusted/u,
  );
  await failed.first().waitFor();
  await journey.screenshot("restricted-model");
  fs.rmSync(path.join(journey.workspace, ".nearmiss", "config.json"));
  await journey.panel.ready();
});
