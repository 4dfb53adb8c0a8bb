import { QuickPickItemKind, commands, lm, window } from "vscode";
import type { LanguageModelChat, LanguageModelChatSelector, QuickPickItem } from "vscode";
import type { ChatModelRef } from "#protocol/chat";
import type { Failure } from "#protocol/outcome";
import { showFailure } from "../showFailure";
import { languageModelSetting } from "../settings";
import type { EndpointKeys } from "./endpointKeys";
import type { Endpoint } from "./endpoint";
import { languageModelSettings } from "./languageModelSettings";
import { modelChoices, nameProblem, refAtEndpoint, refOfOffered } from "./modelChoices";
import type { Choice, ChoiceRow } from "./modelChoices";
import { setEndpointKey } from "./setEndpointKey";

/** A model that a person chose; the selector is how VS Code finds one of its own. */
export interface PickedModel {
  readonly model: ChatModelRef;
  readonly selector?: LanguageModelChatSelector;
}

export type PickPurpose = "ask" | "confirm";

const titles: Readonly<Record<PickPurpose, string>> = {
  ask: "Language Model to Ask",
  confirm: "Language Model That Confirms What Was Flagged",
};

/** Has the person choose among VS Code's language models and those of the endpoint; undefined where nothing was chosen. */
export async function pickModel(purpose: PickPurpose, keys: EndpointKeys): Promise<PickedModel | undefined> {
  const offered: LanguageModelChat[] = [];
  const options = {
    title: titles[purpose],
    placeHolder: "Texts of your data are sent to it only when you start a run",
    matchOnDescription: true,
  };
  // The list shows at once and fills when the extensions that offer models have started. A panel gets the focus back a moment after the
  // palette closes, which would take the list away again before anybody has read it.
  const picked = await window.showQuickPick(rowsInto(offered, keys), { ...options, matchOnDetail: true, ignoreFocusOut: true });
  switch (picked?.choice?.kind) {
    case undefined:
      return undefined;
    case "model":
      return withSelector(picked.choice.model, offered);
    case "name":
      return await typeName(picked.choice.endpoint);
    case "key":
      await setEndpointKey(keys);
      return await pickModel(purpose, keys);
    case "settings":
      await commands.executeCommand("workbench.action.openSettings", "nearmiss.languageModel");
      return undefined;
  }
}

interface Row extends QuickPickItem {
  readonly choice?: Choice;
}

/** Reads what there is; the models of VS Code are put into a list as well, for the way back from a row to its model. */
async function rowsInto(offered: LanguageModelChat[], keys: EndpointKeys): Promise<Row[]> {
  offered.push(...(await offeredModels()));
  const settings = languageModelSettings(languageModelSetting);
  const endpoint = settings.ok ? settings.value.endpoint : undefined;
  const key = endpoint && (await keys.keyOf(endpoint));
  const failure = settings.ok ? failureIn(key) : settings.failure;
  const rows = modelChoices({
    offered,
    endpoint,
    models: settings.ok ? settings.value.models : [],
    hasKey: key?.ok === true && key.value !== undefined,
    ...(failure === undefined ? {} : { failure }),
  });
  return rows.map(rowOf);
}

/** Without a model there is still the endpoint: why VS Code has none is told beside the list. */
async function offeredModels(): Promise<readonly LanguageModelChat[]> {
  try {
    return await lm.selectChatModels();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    void showFailure({ reason: "unreachable", message: `VS Code could not list its language models: ${why}` });
    return [];
  }
}

function failureIn(key: Awaited<ReturnType<EndpointKeys["keyOf"]>> | undefined): Failure | undefined {
  return key === undefined || key.ok ? undefined : key.failure;
}

function rowOf(row: ChoiceRow): Row {
  return "heading" in row ? { label: row.heading, kind: QuickPickItemKind.Separator } : row;
}

function withSelector(model: ChatModelRef, offered: readonly LanguageModelChat[]): PickedModel {
  const found = model.provider === "vscode" ? offered.find((each) => refOfOffered(each).id === model.id) : undefined;
  return found === undefined ? { model } : { model, selector: { vendor: found.vendor, id: found.id } };
}

async function typeName(endpoint: Endpoint): Promise<PickedModel | undefined> {
  const name = await window.showInputBox({
    title: "Language Model of the Endpoint",
    prompt: `The model's name at ${endpoint.host}. Names in the setting nearmiss.languageModel.models are offered in the list.`,
    ignoreFocusOut: true,
    validateInput: nameProblem,
  });
  return name === undefined ? undefined : { model: refAtEndpoint(name.trim(), endpoint) };
}
