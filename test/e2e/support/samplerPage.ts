import type { FrameLocator, Locator } from "playwright-core";

/** The sampler view of the panel, found by what a screen reader would say of it. */
export class SamplerPage {
  readonly #document: FrameLocator;

  constructor(document: FrameLocator) {
    this.#document = document;
  }

  get view(): Locator {
    return this.#document.getByRole("region", { name: "Sampler", exact: true });
  }

  /** Waits until the figures are those of the settings on show. */
  async settled(): Promise<void> {
    await this.view.locator('[aria-busy="false"]').waitFor();
  }

  /** The row of a setting, by its name in the configuration. */
  row(setting: string): Locator {
    return this.view.locator(`[data-setting="${setting}"]`);
  }

  slider(setting: string): Locator {
    return this.row(setting).getByRole("slider");
  }

  /** What the histogram of an axis says of itself: its title, its sums and its thresholds. */
  async histogram(title: RegExp): Promise<string> {
    return (await this.view.getByRole("img", { name: title }).getAttribute("aria-label")) ?? "";
  }

  /** The numbers of the first figures: kept, short, and how many candidates there are. */
  async figures(): Promise<SamplerFigures> {
    const texts = await this.view.getByRole("region", { name: "What these settings come to" }).locator("dl > div").allInnerTexts();
    const [kept, candidates] = numbersIn(texts.find((text) => text.startsWith("Kept")) ?? "");
    const [short] = numbersIn(texts.find((text) => text.startsWith("Short")) ?? "");
    return { kept: kept ?? Number.NaN, candidates: candidates ?? Number.NaN, short: short ?? Number.NaN };
  }

  /** Candidates that passed every rule and were not chosen. */
  async passedNotDrawn(): Promise<number> {
    const label = await this.view.getByRole("img", { name: /passed and not drawn/u }).getAttribute("aria-label");
    return numbersIn(label ?? "")[1] ?? Number.NaN;
  }

  /** What each rule drops, by the words of the table. */
  async droppedByRule(): Promise<Readonly<Record<string, number>>> {
    const rows = await this.view.getByRole("table", { name: "Dropped by rule" }).locator("tbody tr").all();
    const entries = rows.map(async (row): Promise<[string, number]> => [
      await row.getByRole("rowheader").innerText(),
      numbersIn(await row.locator("td.count").innerText())[0] ?? Number.NaN,
    ]);
    return Object.fromEntries(await Promise.all(entries));
  }

  /** The rows of the table of sources. */
  get sources(): Locator {
    return this.view.getByRole("table", { name: "By source" }).locator("tbody tr");
  }

  /** Whose settings are shown. */
  get settingsOf(): Locator {
    return this.view.getByRole("combobox", { name: "Settings of" });
  }

  /** Marks as dots, in both histograms. */
  get dots(): Locator {
    return this.view.getByRole("group", { name: "Marks", exact: true }).getByRole("button");
  }

  button(name: string | RegExp): Locator {
    return this.view.getByRole("button", { name });
  }
}

export interface SamplerFigures {
  readonly kept: number;
  readonly candidates: number;
  readonly short: number;
}

function numbersIn(text: string): readonly number[] {
  return (text.match(/\d[\d,]*/gu) ?? []).map((digits) => Number(digits.replaceAll(",", "")));
}
