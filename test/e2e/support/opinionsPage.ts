import type { FrameLocator, Locator, Page } from "playwright-core";

/** The view of second opinions, found by what a screen reader would say of it. */
export class OpinionsPage {
  readonly #page: Page;
  readonly #document: FrameLocator;

  constructor(page: Page, document: FrameLocator) {
    this.#page = page;
    this.#document = document;
  }

  get view(): Locator {
    return this.#document.getByRole("region", { name: "Second opinions", exact: true });
  }

  /** What a run would come to. */
  get plan(): Locator {
    return this.view.getByRole("region", { name: "What that comes to" });
  }

  /** The run under way. */
  get live(): Locator {
    return this.view.locator("section.live");
  }

  /** How the last run ended. */
  get outcome(): Locator {
    return this.view.locator("section.outcome");
  }

  /** What language models have said so far. */
  get totals(): Locator {
    return this.view.getByRole("region", { name: "So far" });
  }

  /** The opinion on the card in question, as far as it is shown. */
  opinionOn(card: Locator): Locator {
    return card.getByRole("note", { name: "Second opinion" });
  }

  button(name: string | RegExp): Locator {
    return this.view.getByRole("button", { name });
  }

  /** The value of a figure of a part of the view, by its name. */
  figure(part: Locator, name: string): Locator {
    return part
      .locator("dl > div", { has: this.#document.locator("dt", { hasText: name }) })
      .first()
      .locator("dd");
  }

  /** Chooses a model of VS Code's list by its name. */
  async choose(purpose: "ask" | "confirm", name: string): Promise<void> {
    const title = purpose === "ask" ? "Language Model to Ask" : "Language Model That Confirms What Was Flagged";
    await this.button(purpose === "ask" ? /^(?:Choose|Change) the model$/u : /^(?:Choose|Change) the confirming model$/u).click();
    await this.#page.locator(".quick-input-title", { hasText: title }).waitFor();
    await this.#page.locator(".quick-input-widget .monaco-list-row", { hasText: name }).click();
    await this.view.getByText(name, { exact: true }).first().waitFor();
  }

  async askAbout(queries: number): Promise<void> {
    const field = this.view.getByRole("spinbutton", { name: "Queries" });
    await field.fill(String(queries));
    await field.press("Tab");
  }
}
