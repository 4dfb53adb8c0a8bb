import fs from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import type { CancellationToken, Disposable, ExtensionContext } from "vscode";
import { HeldQuestions } from "./heldQuestions";
import { answerOf } from "./answerOf";
import type { KnownPairs } from "./answerOf";
import { fakeModels } from "./models";
import type { FakeModel } from "./models";

/** The part of VS Code's API for providers that we use, which is newer than the typings of the oldest VS Code that the product runs in. */
interface ProviderApi {
  readonly lm: { registerLanguageModelChatProvider(vendor: string, provider: ChatProvider): Disposable };
  readonly LanguageModelTextPart: new (value: string) => object;
}

const { lm, LanguageModelTextPart } = vscode as unknown as ProviderApi;

interface ChatProvider {
  provideLanguageModelChatInformation(): readonly ModelInformation[];
  provideLanguageModelChatResponse(
    model: ModelInformation,
    messages: readonly Message[],
    options: unknown,
    progress: { report(part: unknown): void },
    token: CancellationToken,
  ): Promise<void>;
  provideTokenCount(model: ModelInformation, text: string | Message): Promise<number>;
}

interface ModelInformation {
  readonly id: string;
  readonly name: string;
  readonly family: string;
  readonly version: string;
  readonly maxInputTokens: number;
  readonly maxOutputTokens: number;
  readonly capabilities: object;
}

interface Message {
  readonly content: readonly { readonly value?: unknown }[];
}

/** Gives this VS Code the scripted models. */
export function activate(context: ExtensionContext): void {
  const known = JSON.parse(fs.readFileSync(path.join(context.extensionPath, "truth.json"), "utf8")) as KnownPairs;
  const held = new HeldQuestions();
  context.subscriptions.push(
    lm.registerLanguageModelChatProvider("scripted", provider(known, held)),
    vscode.commands.registerCommand("scripted.release", () => {
      held.release();
    }),
  );
}

function provider(known: KnownPairs, held: HeldQuestions): ChatProvider {
  return {
    provideLanguageModelChatInformation: () => fakeModels.map(informationOf),
    provideLanguageModelChatResponse: async ({ id }, messages, _options, progress, token) => {
      const model = fakeModels.find((each) => each.id === id);
      if (model === undefined) throw vscode.LanguageModelError.NotFound(id);
      if (model.holdsAfter !== undefined) await held.pass(model.holdsAfter, token);
      const answer = answerOf(messages.map(textOf), model, known);
      for (const part of partsOf(answer, model)) progress.report(new LanguageModelTextPart(part));
    },
    provideTokenCount: (_model, text) => Promise.resolve(Math.ceil((typeof text === "string" ? text : textOf(text)).length / 4)),
  };
}

/** The answer in a few parts, as models stream theirs; throws what is wrong with the model. */
function* partsOf(answer: string, { fault }: FakeModel): Generator<string> {
  if (fault === "no-permission") throw vscode.LanguageModelError.NoPermissions("The person has not allowed it.");
  if (fault === "quota") throw Object.assign(new Error("You have exhausted your premium model quota."), { name: "ChatQuotaExceeded" });
  const middle = Math.floor(answer.length / 2);
  yield answer.slice(0, middle);
  if (fault === "cut") throw new Error("The connection was cut.");
  yield answer.slice(middle);
}

function informationOf({ id, name }: FakeModel): ModelInformation {
  return { id, name, family: "scripted", version: "1", maxInputTokens: 32_000, maxOutputTokens: 4000, capabilities: {} };
}

function textOf({ content }: Message): string {
  return content.map(({ value }) => (typeof value === "string" ? value : "")).join("");
}
