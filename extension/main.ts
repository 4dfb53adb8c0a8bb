import { commands, window, workspace } from "vscode";
import type { ExtensionContext } from "vscode";
import { askChat, chatSettings } from "#protocol/chat";
import type { HostActions } from "./bridge";
import { ServerClient } from "./client";
import { registerCommands } from "./commands/register";
import { saveImageFile } from "./commands/saveImage";
import { ConfigReview } from "./configReview";
import { EditNotices } from "./editNotices";
import { LanguageModels } from "./languageModels/languageModels";
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
  const languageModels = new LanguageModels(context.secrets);
  const panels = new Panels({ extensionUri: context.extensionUri, client, actions: hostActions(configReview, languageModels) });
  const statuses = new Statuses(client);
  context.subscriptions.push(log, client, configReview, panels, statuses, new StatusItem(statuses, panels), new TrainingItem(client));
  context.subscriptions.push(new EditNotices(client, panels));
  context.subscriptions.push(...registerCommands({ context, client, panels, configReview, languageModels, log }));
  context.subscriptions.push(
    workspace.onDidChangeConfiguration((change) => {
      if (serverSettings.some((setting) => change.affectsConfiguration(setting))) void client.restart();
    }),
    workspace.onDidGrantWorkspaceTrust(() => void client.restart()),
  );
  context.subscriptions.push(
    client.handle(askChat, (params, token) => languageModels.ask(params, token)),
    client.handle(chatSettings, () => languageModels.settings()),
  );
  await commands.executeCommand("setContext", "nearmiss.active", true);
  await client.start();
}

function hostActions(configReview: ConfigReview, languageModels: LanguageModels): HostActions {
  return {
    revealPlace: revealPlaceInEditor,
    reviewConfigChange: (change) => configReview.review(change),
    openConfig: async (dataset) => {
      await commands.executeCommand("nearmiss.openConfig", { dataset });
    },
    pickChatModel: (purpose) => languageModels.pick(purpose),
    startExport: async (dataset) => {
      await commands.executeCommand("nearmiss.export", { dataset });
    },
    saveImage: saveImageFile,
  };
}
