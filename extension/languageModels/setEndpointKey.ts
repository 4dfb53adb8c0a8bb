import { commands, window } from "vscode";
import { languageModelSetting } from "../settings";
import { valueOrShow } from "../showFailure";
import { keyProblem } from "./endpoint";
import type { EndpointKeys } from "./endpointKeys";
import { readEndpoint } from "./languageModelSettings";

/** Asks for the key of the endpoint that the settings name. An empty one removes what is kept. */
export async function setEndpointKey(keys: EndpointKeys): Promise<void> {
  const endpoint = readEndpoint(languageModelSetting("endpoint"));
  if (!endpoint.ok || endpoint.value === undefined) {
    const why = endpoint.ok ? "No endpoint of language models is set." : endpoint.failure.message;
    if ((await window.showInformationMessage(why, "Open Settings")) === undefined) return;
    await commands.executeCommand("workbench.action.openSettings", "nearmiss.languageModel.endpoint");
    return;
  }
  const { origin, isOpen } = endpoint.value;
  const key = await window.showInputBox({
    title: `Key for ${origin}`,
    prompt: `Kept in VS Code's secret store and sent to ${origin} alone${isOpen ? ", over a connection that others can read" : ""}. Leave it empty to remove the key.`,
    password: true,
    ignoreFocusOut: true,
    validateInput: keyProblem,
  });
  if (key === undefined || valueOrShow(await keys.setKey(endpoint.value, key.trim())) === undefined) return;
  void window.showInformationMessage(key.trim() === "" ? `No key for ${origin} is kept.` : `The key for ${origin} is kept.`);
}
