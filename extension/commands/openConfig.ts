import { Uri, window } from "vscode";
import { locateConfig } from "#protocol/sampler";
import type { ConfigLocation } from "#protocol/sampler";
import { writeConfig } from "../configFile";
import { revealPlaceInEditor } from "../revealPlace";
import { valueOrShow } from "../showFailure";
import type { Command } from "./services";
import { targetOf } from "./target";

/** Opens the config of a data set. Where there is none yet it is made only if the person says so. */
export const openConfig: Command = async (services, argument) => {
  const target = await targetOf(services, argument);
  if (target === undefined) return;
  const location = valueOrShow(await services.client.request(locateConfig, { dataset: target.dataset.toString() }));
  if (location === undefined || (!location.exists && !(await create(location)))) return;
  await revealPlaceInEditor({ file: location.uri });
};

async function create(location: ConfigLocation): Promise<boolean> {
  const uri = Uri.parse(location.uri, true);
  const choice = await window.showInformationMessage(`There is no ${uri.fsPath} yet. Defaults are in use.`, "Create");
  if (choice === undefined) return false;
  const written = await writeConfig(uri, location.initialText);
  if (!written) void window.showErrorMessage(`${uri.fsPath} could not be created. Make its folder writable, then try again.`);
  return written;
}
