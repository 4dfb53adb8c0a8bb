import type { ExtensionContext, LogOutputChannel } from "vscode";
import type { ServerClient } from "../client";
import type { ConfigReview } from "../configReview";
import type { LanguageModels } from "../languageModels/languageModels";
import type { Panels } from "../panel/panels";

/** What commands work with. */
export interface Services {
  readonly context: ExtensionContext;
  readonly client: ServerClient;
  readonly panels: Panels;
  readonly configReview: ConfigReview;
  readonly languageModels: LanguageModels;
  readonly log: LogOutputChannel;
}

/** A command; VS Code passes whatever the menu, lens or key binding gives it. */
export type Command = (services: Services, ...args: readonly unknown[]) => unknown;
