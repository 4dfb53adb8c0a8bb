import { Uri, commands, window, workspace } from "vscode";
import { exists } from "../datasetUri";
import type { Command, Services } from "./services";

const trainingFile = "train.jsonl";

/** Copies the bundled sample to where it can be edited, and opens it. The one in the extension's folder stays as it is. */
export const openSample: Command = async (services) => {
  const own = { label: "In the extension's storage", detail: "Try Nearmiss out; opens a window of its own", pick: false };
  const picked = { label: "In a folder of your choice…", detail: "Makes a new folder nearmiss-sample in it", pick: true };
  const choice = await window.showQuickPick([own, picked], { title: "Open Sample Data", placeHolder: "Where to put a copy of the sample" });
  if (choice === undefined) return;
  const target = choice.pick ? await pickFolder() : Uri.joinPath(services.context.globalStorageUri, "nearmiss-sample");
  if (target === undefined) return;
  await copySample(services, target);
  const inWorkspace = workspace.getWorkspaceFolder(target) !== undefined;
  if (inWorkspace) await commands.executeCommand("vscode.open", Uri.joinPath(target, trainingFile));
  else await commands.executeCommand("vscode.openFolder", target, { forceNewWindow: workspace.workspaceFolders !== undefined });
};

async function pickFolder(): Promise<Uri | undefined> {
  const [folder] = (await window.showOpenDialog({ canSelectFiles: false, canSelectFolders: true, openLabel: "Copy Sample Here" })) ?? [];
  return folder && Uri.joinPath(folder, "nearmiss-sample");
}

/** An earlier copy is kept, with its marks. */
async function copySample(services: Services, target: Uri): Promise<void> {
  if (await exists(Uri.joinPath(target, trainingFile))) return;
  const source = Uri.joinPath(services.context.extensionUri, "extension", "sample");
  await workspace.fs.createDirectory(target);
  for (const [name] of await workspace.fs.readDirectory(source)) {
    await workspace.fs.copy(Uri.joinPath(source, name), Uri.joinPath(target, name), { overwrite: false });
  }
}
