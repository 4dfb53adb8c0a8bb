import type { Page } from "playwright-core";
import { expect } from "vitest";
import { quickInput } from "./journey";

export interface FileDialog {
  readonly title: string;
  /** How the dialog's own text ends once it is there: the name that it suggests, or the folder that it starts in. */
  readonly suggests: RegExp;
}

/** Types a path into one of VS Code's simple file dialogs, and confirms it. The dialog writes its suggestion over what was typed before that. */
export async function chooseFile(page: Page, { title, suggests }: FileDialog, file: string): Promise<void> {
  await page.locator(".quick-input-title", { hasText: title }).waitFor();
  const input = quickInput(page);
  await expect.poll(() => input.inputValue()).toMatch(suggests);
  await input.fill(file);
  await input.press("Enter");
}
