import type { Frame, FrameLocator, Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { SamplerPage } from "./samplerPage";

/** The review panel, found by what a screen reader would say of it. */
export class PanelPage {
  readonly document: FrameLocator;
  readonly sampler: SamplerPage;

  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    // The workbench holds a host page, and that the extension's own document.
    this.document = page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
    this.sampler = new SamplerPage(this.document);
  }

  /**
   * VS Code's page around the panel asks every 250 ms whether the panel has the focus, and tells the workbench. From now on it says so when the
   * panel has lost the focus, as a slow one would. What is returned waits until that was told, and has it tell the truth again.
   */
  async tellFocusLate(): Promise<() => Promise<void>> {
    const host = await this.#hostPage();
    await host.evaluate(() => {
      const hasFocus = document.hasFocus.bind(document);
      document.hasFocus = () => {
        const isTold = !hasFocus();
        document.body.dataset["toldFocus"] = String(isTold);
        return isTold;
      };
    });
    await this.currentCard.focus();
    await host.waitForSelector('body[data-told-focus="false"]', { state: "attached" });
    return async () => {
      await host.waitForSelector('body[data-told-focus="true"]', { state: "attached" });
      await this.#page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      await host.evaluate(() => Reflect.deleteProperty(document, "hasFocus"));
    };
  }

  get currentCard(): Locator {
    return this.document.locator('article[data-card][aria-current="true"]');
  }

  /** Cards in the order of the list, as far as it has laid them out. */
  get cards(): Locator {
    return this.document.locator("article[data-card]");
  }

  get query(): Locator {
    return this.document.getByRole("region", { name: "Query", exact: true });
  }

  get queryText(): Locator {
    return this.query.locator("p.query");
  }

  get positives(): Locator {
    return this.document.getByRole("article", { name: "Positive", exact: true });
  }

  /** Phase, model and index. */
  get status(): Locator {
    return this.document.getByRole("region", { name: "Index and embedding" });
  }

  /** What was announced last. */
  get said(): Locator {
    return this.document.locator('[role="status"][aria-live="polite"]');
  }

  get proposal(): Locator {
    return this.document.getByRole("region", { name: "Sampler proposal" });
  }

  button(name: string | RegExp): Locator {
    return this.document.getByRole("button", { name });
  }

  /** Waits until candidates are those of the embeddings, which on a busy machine takes a minute for the sample. */
  async ready(): Promise<void> {
    await this.status.getByText("Ready", { exact: true }).waitFor({ timeout: 150_000 });
    // The status may be a moment ahead of the cards, which say where they were found by words.
    await this.document.getByText(/^Lexical \(BM25\)/u).waitFor({ state: "detached" });
    await this.currentCard.waitFor();
  }

  /** Waits until the panel has the focus: after the palette VS Code gives it back a moment later, and takes it from whatever has been opened meanwhile. */
  async focused(): Promise<void> {
    await expect.poll(() => this.document.locator("body").evaluate((body) => body.ownerDocument.hasFocus())).toBe(true);
  }

  /** Presses a key on the current card and waits for what is announced. */
  async press(key: string, announcement: string | RegExp): Promise<void> {
    await this.currentCard.press(key);
    await this.said.filter({ hasText: announcement }).waitFor();
  }

  async textOfCurrentCard(): Promise<string> {
    return await this.currentCard.locator("p.text").innerText();
  }

  async #hostPage(): Promise<Frame> {
    const element = await this.#page.locator("iframe.webview.ready").elementHandle();
    const frame = await element.contentFrame();
    if (frame === null) throw new Error("The panel is not there.");
    return frame;
  }
}
