import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Locator, Page } from "playwright-core";
import { expect, inject } from "vitest";
import { launch } from "../../../scripts/realVscode/launch.mjs";
import { slowDown } from "../../support/slowDown";
import { EditorPage } from "./editorPage";
import { PanelPage } from "./panelPage";

const root = path.resolve(import.meta.dirname, "../../..");
const sample = path.join(root, "extension", "sample");

export interface JourneyOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  /** True: nothing has been embedded before. */
  readonly coldCache?: boolean;
  /** True: the folder is opened in Restricted Mode, as one that somebody else sent. */
  readonly untrusted?: boolean;
  /** Changes the copy of the sample before it is opened. */
  readonly prepare?: (workspace: string) => void;
}

export interface Journey {
  readonly page: Page;
  readonly workspace: string;
  readonly editor: EditorPage;
  readonly panel: PanelPage;
  /** Runs a command by its title in the palette. */
  command(title: string): Promise<void>;
  /** A message of VS Code, in its list of messages: whether and for how long it is also shown as a toast, VS Code decides by rules of its own. */
  notification(text: string): Promise<Locator>;
  /** Reloads the window: a new page and a new extension host. */
  reload(): Promise<void>;
  screenshot(name: string): Promise<void>;
  /** The text of a file of the workspace. */
  file(name: string): string;
  /** The text of every log of VS Code, our output channel among them. */
  logs(): string;
  end(): Promise<void>;
}

let current: Journey | undefined;

/** The journey of this test file; undefined before its start and after its end. */
export function currentJourney(): Journey | undefined {
  return current;
}

/** Opens a real VS Code with the packed extension on a copy of the sample, as a person has it. */
export async function startJourney(options: JourneyOptions = {}): Promise<Journey> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "nearmiss-journey-"));
  const workspace = path.join(folder, "sample");
  fs.cpSync(sample, workspace, { recursive: true });
  options.prepare?.(workspace);
  const cacheFolder = options.coldCache === true ? path.join(folder, "vectors") : inject("vectorCache");
  const vscode = await launch({
    extensions: inject("extensions"),
    workspace,
    asksForTrust: options.untrusted === true,
    settings: {
      "nearmiss.author": "tester",
      "nearmiss.cacheFolder": cacheFolder,
      // The tooltip of a tab that was clicked takes away the list of quick fixes that opened meanwhile.
      "workbench.hover.delay": 60_000,
      // VS Code gives a panel its focus back a moment after the palette closes, which would close a palette that was opened meanwhile.
      "workbench.quickOpen.closeOnFocusLost": false,
      ...options.settings,
    },
  });
  const { page } = vscode;
  page.setDefaultTimeout(20_000);
  await slowDown(page);
  // Opened by hand: a file named in the address would be opened again by every reload, in place of the editors that were there.
  await page.getByRole("treeitem", { name: "train.jsonl" }).dblclick();
  await page.locator(".editor-instance .view-line").first().waitFor();
  current = {
    page,
    workspace,
    editor: new EditorPage(page),
    panel: new PanelPage(page),
    command: (title) => command(page, title),
    notification: async (text) => {
      const found = page.locator(".notifications-center .notification-list-item", { hasText: text }).first();
      const list = page.locator(".notifications-center");
      // The list goes with the last message in it, which may be another one, such as the progress of a save.
      await expect
        .poll(
          async () => {
            if (!(await list.isVisible())) await page.locator('[id="status.notifications"]').click();
            return await found.isVisible();
          },
          { interval: 250 },
        )
        .toBe(true);
      return found;
    },
    reload: async () => {
      const left = page.waitForEvent("load");
      await command(page, "Developer: Reload Window");
      await left;
      await page.locator(".monaco-workbench").waitFor();
    },
    screenshot: async (name) => {
      const shots = path.join(root, ".cache", "screenshots");
      fs.mkdirSync(shots, { recursive: true });
      await page.screenshot({ path: path.join(shots, `${name}.png`) });
    },
    file: (name) => fs.readFileSync(path.join(workspace, name), "utf8"),
    logs: () => Object.values(vscode.logs()).join("\n"),
    end: async () => {
      current = undefined;
      await vscode.close();
      fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
  return current;
}

/** Clicks the row of exactly this title: Enter may take a similar command in place of a missing one. */
async function command(page: Page, title: string): Promise<void> {
  await page.keyboard.press("F1");
  await quickInput(page).fill(`>${title}`);
  await page.locator(".quick-input-widget .monaco-list-row .label-name").getByText(title, { exact: true }).first().click();
}

/** The text field of the palette, of quick picks and of VS Code's simple file dialogs. */
export function quickInput(page: Page): Locator {
  return page.locator(".quick-input-widget:visible input.input");
}
