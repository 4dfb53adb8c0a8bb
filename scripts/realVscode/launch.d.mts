import type { Page } from "playwright-core";

export interface LaunchOptions {
  /** Folder into which extensions have been installed. */
  readonly extensions: string;
  readonly workspace: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** True: the folder is opened in Restricted Mode, and stays so until somebody trusts it. */
  readonly asksForTrust?: boolean;
}

export interface LaunchedVscode {
  readonly page: Page;
  readonly workspace: string;
  close(): Promise<void>;
  /** Text of every log file, output channels among them, by path. */
  logs(): Readonly<Record<string, string>>;
}

export function launch(options: LaunchOptions): Promise<LaunchedVscode>;
