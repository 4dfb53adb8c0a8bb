import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";

/** The text editor and what VS Code shows around it. */
export class EditorPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** The part of a lens that can be clicked. */
  codeLens(text: string | RegExp): Locator {
    return this.#page.locator(".codelens-decoration a", { hasText: text });
  }

  /** All that the lenses above a line say. */
  lensLine(text: string | RegExp): Locator {
    return this.#page.locator(".codelens-decoration", { hasText: text });
  }

  /** Brings a file's tab to the front and puts the cursor on a line. */
  async goTo(file: string, line: number, column = 1): Promise<void> {
    await this.tab(file).click();
    // A key that comes before the focus opens a box that the focus then takes away.
    await this.#page.locator(`.editor-instance .monaco-editor.focused[data-uri$=${JSON.stringify(`/${file}`)}]`).waitFor();
    await this.#page.keyboard.press("Control+g");
    await this.#page.locator(".quick-input-widget:visible input.input").fill(`:${line}:${column}`);
    await this.#page.keyboard.press("Enter");
    // Keys pressed before the editor has the focus again would go to the box.
    await this.#page.locator(".statusbar-item", { hasText: `Ln ${line}, Col` }).waitFor();
    await this.#page.locator(".editor-instance .monaco-editor.focused").waitFor();
  }

  /** The tab of a file or panel, by what its name begins with: VS Code adds the group and the state. */
  tab(name: string): Locator {
    return this.#page.locator(`[role="tab"][aria-label^=${JSON.stringify(name)}]`);
  }

  /**
   * Applies the quick fix of this title at the cursor, as a person does, who asks again when nothing comes: VS Code drops a request for quick
   * fixes, or takes back their list, whenever any extension registers a provider of them, which its own do as long as it is starting.
   *
   * @param problem goes with the fix: a click that the list did not outlive may have come through
   */
  async quickFix(title: string | RegExp, problem: Locator): Promise<void> {
    const fix = this.#page.locator(".action-widget .monaco-list-row", { hasText: title }).first();
    const ask = async (): Promise<boolean> => {
      if ((await problem.count()) === 0) return true;
      await this.#page.keyboard.press("Escape");
      await this.#page.keyboard.press("Control+.");
      return await fix.click({ timeout: 5000 }).then(
        () => true,
        () => false,
      );
    };
    await expect.poll(ask, { timeout: 40_000 }).toBe(true);
    await problem.waitFor({ state: "detached" });
  }

  /** Rows of the Problems panel that hold a text. */
  problems(text: string | RegExp): Locator {
    return this.#page.locator(".markers-panel .monaco-list-row", { hasText: text });
  }

  async showProblems(): Promise<void> {
    await this.#page.keyboard.press("Control+Shift+m");
    await this.#page.locator(".markers-panel").waitFor();
  }

  /** Our entry in the language status of the status bar, which shows on hover. */
  async languageStatus(): Promise<Locator> {
    await this.#page.locator('[id="status.languageStatus"]').hover();
    return this.#page.locator(".hover-language-status .element", { hasText: /queries|Nearmiss/u });
  }

  /** Our entry of the status bar: how many queries have been reviewed. */
  get reviewed(): Locator {
    return this.#page.locator(".statusbar-item", { hasText: /^NM / });
  }

  async save(): Promise<void> {
    await this.#page.keyboard.press("Control+s");
  }
}
