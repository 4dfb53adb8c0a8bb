import { commands, window, workspace } from "vscode";
import type { ExtensionContext } from "vscode";
import type { HostActions } from "./bridge";
import { ServerClient } from "./client";
import { registerCommands } from "./commands/register";
import { saveImageFile } from "./commands/saveImage";
import { ConfigReview } from "./configReview";
import { EditNotices } from "./editNotices";
import { Panels } from "./panel/panels";
import { revealPlaceInEditor } from "./revealPlace";
import { serverSettings } from "./settings";
import { StatusItem } from "./statusItem";
import { Statuses } from "./statuses";
import { TrainingItem } from "./trainingItem";

export async function activate(context: ExtensionContext): Promise<void> {
  const log = window.createOutputChannel("Nearmiss", { log: true });
  const client = new ServerClient(context.extensionPath, log);
  const configReview = new ConfigReview(client);
  const panels = new Panels({ extensionUri: context.extensionUri, client, actions: hostActions(configReview) });
  const statuses = new Statuses(client);
  context.subscriptions.push(log, client, configReview, panels, statuses, new StatusItem(statuses, panels), new TrainingItem(client));
  context.subscriptions.push(new EditNotices(client, panels));
  context.subscriptions.push(...registerCommands({ context, client, panels, configReview, log }));
  context.subscriptions.push(
    workspace.onDidChangeConfiguration((change) => {
      if (serverSettings.some((setting) => change.affectsConfiguration(setting))) void client.restart();
    }),
    workspace.onDidGrantWorkspaceTrust(() => void client.restart()),
  );
  await commands.executeCommand("setContext", "nearmiss.active", true);
  await client.start();
}

function hostActions(configReview: ConfigReview): HostActions {
  return {
    revealPlace: revealPlaceInEditor,
    reviewConfigChange: (change) => configReview.review(change),
    openConfig: async (dataset) => {
      await commands.executeCommand("nearmiss.openConfig", { dataset });
    },
    startExport: async (dataset) => {
      await commands.executeCommand("nearmiss.export", { dataset });
    },
    saveImage: saveImageFile,
  };
}
