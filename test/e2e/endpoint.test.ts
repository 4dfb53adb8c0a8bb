import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answer, startChatServer, unauthorized } from "../support/chatServer";
import type { ChatServer } from "../support/chatServer";
import { answerOf } from "./support/fakeChat/answerOf";
import { chooseFile } from "./support/fileDialog";
import { quickInput, startJourney } from "./support/journey";
import type { Journey } from "./support/journey";
import { OpinionsPage } from "./support/opinionsPage";
import { SampleTruth } from "./support/sampleTruth";

let server: ChatServer;
let journey: Journey;
let opinions: OpinionsPage;

const KEY = "sk-of-nobody-0123456789";
const truth = new SampleTruth();

/** The answer to a prompt of a model that knows the sample. */
function trueAnswer(texts: readonly string[]): string {
  return answerOf(texts, { isCareless: false }, truth);
}

beforeAll(async () => {
  server = await startChatServer(({ headers, instructions, messages }) =>
    headers.authorization === `Bearer ${KEY}` ? answer(trueAnswer([instructions, ...messages.map(({ text }) => text)])) : unauthorized(),
  );
  journey = await startJourney({
    settings: { "nearmiss.languageModel.endpoint": server.url, "nearmiss.languageModel.models": ["small-model"] },
  });
  opinions = new OpinionsPage(journey.page, journey.panel.document);
  await journey.editor.codeLens("Review hard negatives").click();
  await journey.panel.ready();
});

afterAll(async () => {
  await journey.end();
  await server.close();
});

function row(text: string) {
  return journey.page.locator(".quick-input-widget .monaco-list-row", { hasText: text });
}

/** Types into an input box of this title, and with these words below it where several boxes have the title, and confirms it. */
async function typeInto(title: string, text: string, words?: string): Promise<void> {
  await journey.page.locator(".quick-input-title", { hasText: title }).waitFor();
  if (words !== undefined) await journey.page.locator(".quick-input-message", { hasText: words }).waitFor();
  const input = quickInput(journey.page);
  await input.fill(text);
  await input.press("Enter");
}

test("without its key the endpoint refuses, which ends the run and is said; nothing was asked before", async () => {
  await journey.panel.currentCard.press("i");
  await opinions.choose("ask", "small-model");
  await opinions.askAbout(5);
  await expect.poll(() => opinions.figure(opinions.plan, "Queries").innerText()).toBe("5");
  expect(await opinions.figure(opinions.plan, "Money").innerText()).toBe("unknown: no price is set");
  expect(server.requests).toEqual([]);
  await opinions.button(/^Ask$/u).click();
  await opinions.outcome.getByRole("heading", { name: "Last run: ended by a failure" }).waitFor();
  await journey.screenshot("endpoint-refused");
  expect(await opinions.outcome.innerText()).toMatch(/key/u);
});

test("the key is set by a command that shows for whom, and goes to the endpoint alone", async () => {
  await journey.command("Nearmiss: Set Key of Language Model Endpoint");
  await journey.page.locator(".quick-input-title", { hasText: `Key for ${new URL(server.url).origin}` }).waitFor();
  expect(await quickInput(journey.page).getAttribute("type")).toBe("password");
  await journey.screenshot("endpoint-key");
  await typeInto("Key for", KEY);
  await journey.notification("is kept.");
  await opinions.button("Go on: 5 queries left").click();
  await opinions.outcome.getByRole("heading", { name: "Last run: finished" }).waitFor();
  await journey.screenshot("endpoint-finished");
  const below = fs.readdirSync(journey.workspace, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = below.map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), "utf8")).join("\n");
  expect(files).toContain('"judgement"');
  expect(files + journey.logs()).not.toContain(KEY);
});

test("questions are written as a batch file, and nothing is sent", async () => {
  const before = server.requests.length;
  await journey.command("Nearmiss: Write Language Model Questions as a Batch File...");
  await row("Judge candidates").click();
  await typeInto("Write Language Model Questions", "4", "Queries to ask about");
  await typeInto("Write Language Model Questions", "batch-model", "The model's name at the service");
  const dialog = { title: "Write Language Model Questions", suggests: /batch-judge\.jsonl$/u };
  await chooseFile(journey.page, dialog, path.join(journey.workspace, "questions.jsonl"));
  await journey.notification("Wrote 4 questions.");
  await journey.screenshot("endpoint-batch");
  expect(server.requests).toHaveLength(before);
});

interface BatchQuestion {
  readonly custom_id: string;
  readonly body: { readonly model: string; readonly messages: readonly { readonly content: string }[] };
}

test("its answers are read back, and the run that uses them asks nobody", async () => {
  const questions = journey.file("questions.jsonl").trimEnd().split("\n");
  const answers = questions.map((line) => {
    const { custom_id, body } = JSON.parse(line) as BatchQuestion;
    const content = trueAnswer(body.messages.map((message) => message.content));
    const choices = [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }];
    return JSON.stringify({ custom_id, response: { status_code: 200, body: { model: body.model, choices } }, error: null });
  });
  fs.writeFileSync(path.join(journey.workspace, "answers.jsonl"), `${[...answers, "no JSON"].join("\n")}\n`);
  const before = server.requests.length;
  await journey.command("Nearmiss: Read Answers of a Batch File...");
  const dialog = { title: "Read Answers of a Batch File", suggests: /sample\/$/u };
  await chooseFile(journey.page, dialog, path.join(journey.workspace, "answers.jsonl"));
  const message = await journey.notification("Took in 4 answers");
  expect(await message.innerText()).toContain("Line 5: The line is no JSON object.");
  await message.locator(".monaco-button", { hasText: "Show Second Opinions" }).click();
  // The list of messages would lie over the buttons.
  await journey.command("Notifications: Clear All Notifications");
  await opinions.button("Change the model").click();
  await row("Another model…").click();
  await typeInto("Language Model of the Endpoint", "batch-model");
  await opinions.askAbout(4);
  await expect.poll(() => opinions.figure(opinions.plan, "Already answered").innerText()).toBe("4");
  await opinions.button(/^Ask$/u).click();
  await opinions.outcome.getByText(/4 questions, 4 of them answered before/u).waitFor();
  await journey.screenshot("endpoint-batch-used");
  expect(server.requests).toHaveLength(before);
});
