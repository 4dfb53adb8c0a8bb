import type { FrameLocator, Locator } from "playwright-core";

/** Pairs to judge one by one, and the view that says where the curation stands. */
export class CurationPage {
  readonly #document: FrameLocator;

  constructor(document: FrameLocator) {
    this.#document = document;
  }

  /** The pane of the one pair to judge. */
  get pairs(): Locator {
    return this.#document.getByRole("region", { name: "Pairs", exact: true });
  }

  /** Name of the lane that the pair is from. */
  get lane(): Locator {
    return this.pairs.getByRole("heading", { level: 2 });
  }

  get card(): Locator {
    return this.pairs.locator("article[data-card]");
  }

  get view(): Locator {
    return this.#document.getByRole("region", { name: "Curation", exact: true });
  }

  /** The counter of the audit in the header, by what it says. */
  counter(text: RegExp): Locator {
    return this.#document.getByRole("button", { name: text });
  }
}
