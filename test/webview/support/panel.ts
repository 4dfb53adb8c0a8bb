import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Locator, Page } from "playwright-core";

/** The scripted host as the page knows it. */
interface FakeHost {
  readonly log: readonly { readonly method: string; readonly params: Readonly<Record<string, unknown>> }[];
  failNext(method: string, message: string, nextStep: string): void;
  hold(method: string): void;
  release(method: string): void;
  command(command: string): void;
  showLine(line: number): void;
  change(retrieval: string): void;
  remove(passage: string): void;
  forget(passage: string): void;
  status(change: Readonly<Record<string, unknown>>): void;
  saveConfig(edits: readonly { readonly path: readonly (string | number)[]; readonly value: unknown }[]): void;
  mine(done: number, total: number): void;
  train(words: number): void;
  waitForVectors(run: string, done: number, total: number): void;
  breakTraining(state: string, ending: string): void;
  edit(isVerdict: boolean): void;
  offerAgain(document: string): void;
  label(queries: number): void;
  breakLabelling(text: string): void;
  spoilSuggestions(problems: readonly string[]): void;
  accepts: boolean;
}

declare global {
  interface Window {
    fakeHost: FakeHost;
    violations: readonly string[];
    axe: { run(context: unknown, options: unknown): Promise<{ readonly violations: readonly AxeViolation[] }> };
  }
}

interface AxeViolation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

const axeSource = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The panel in a page of Chromium, in the words of the tests. */
export class Panel {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Waits until the panel shows a query or says why it cannot. */
  async ready(): Promise<void> {
    await this.page.locator("[data-card]:focus, .empty, main [role=alert]").first().waitFor();
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Goes down by a number of cards. */
  down(times: number): Promise<void> {
    return this.press(...Array.from({ length: times }, () => "j"));
  }

  get current(): Locator {
    return this.page.locator("[data-card][aria-current=true]");
  }

  get cards(): Locator {
    return this.page.locator("[data-card]");
  }

  get said(): Locator {
    return this.page.locator("[role=status]");
  }

  get query(): Locator {
    return this.page.locator("p.query");
  }

  card(id: string): Locator {
    return this.page.locator(`[data-card="${id}"]`);
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name });
  }

  /** Waits until a card is the current one and has the focus. */
  async isAt(id: string): Promise<void> {
    await this.page.locator(`[data-card="${id}"][aria-current=true]:focus`).waitFor();
  }

  /** What the host was asked, as "verdict document" for marks. */
  async marks(): Promise<readonly string[]> {
    const log = await this.requests("nearmiss/appendMark");
    return log.map((params) => `${String(params["verdict"])} ${String(params["document"] ?? params["query"])}`);
  }

  async requests(method: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const log = await this.page.evaluate(() => window.fakeHost.log);
    return log.filter((entry) => entry.method === method).map((entry) => entry.params);
  }

  hold(method: string): Promise<void> {
    return this.page.evaluate((name) => window.fakeHost.hold(name), method);
  }

  release(method: string): Promise<void> {
    return this.page.evaluate((name) => window.fakeHost.release(name), method);
  }

  /** Waits until the sampler view shows what its controls come to. */
  async settled(): Promise<void> {
    await this.page.locator("[data-sampler] .live:not(.stale)").waitFor();
  }

  /** Moves a slider of the sampler view to a position, and waits for what it comes to. */
  async slide(setting: string, position: string): Promise<void> {
    await this.page.locator(`[data-setting="${setting}"] input[type=range]`).fill(position);
    await this.settled();
  }

  /** The edits that the page keeps, by the last part of their names. */
  async edits(): Promise<Readonly<Record<string, unknown>>> {
    const saved = await this.page.evaluate(() => JSON.parse(sessionStorage.getItem(location.search) ?? "{}") as Record<string, unknown>);
    const edits = (saved["samplerEdits"] ?? []) as readonly { readonly path: readonly unknown[]; readonly value: unknown }[];
    return Object.fromEntries(edits.map(({ path, value }) => [String(path.at(-1)), value]));
  }

  /** The first figures of the sampler view, one a line. */
  async figures(): Promise<string> {
    const figures = await this.page.locator("[data-sampler] dl > div").allInnerTexts();
    return figures.map((text) => text.replace(/\s+/g, " ")).join("\n");
  }

  /** The table of rules: name, count and change, one rule a line. */
  async droppedByRule(): Promise<string> {
    const rows = await this.page.locator(".rules tbody tr").allInnerTexts();
    return rows.map((text) => text.replace(/\s+/g, " ").trim()).join("\n");
  }

  violations(): Promise<readonly string[]> {
    return this.page.evaluate(() => window.violations);
  }

  /** Violations that axe finds, with the elements concerned. */
  async axe(): Promise<readonly string[]> {
    await this.page.evaluate(await axeSource);
    const found = await this.page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ""}`),
    );
  }
}

export function failNextMark(page: Page): Promise<void> {
  return page.evaluate(() => {
    window.fakeHost.failNext(
      "nearmiss/appendMark",
      "The disk is full: /home/ada/tern/.nearmiss/marks/ada.jsonl could not be written.",
      "Free some space, then retry.",
    );
  });
}
