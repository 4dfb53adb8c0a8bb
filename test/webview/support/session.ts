import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, inject } from "vitest";
import { slowDown } from "../../support/slowDown";
import { launchChromium } from "./browser";
import { Panel } from "./panel";
import { panelAddress, type Theme } from "./panelServer";

export interface OpenOptions {
  readonly theme?: Theme;
  readonly scenario?: string;
  readonly width?: number;
}

/** One browser and page for a test file. Every panel that a test opens is loaded anew, with no state of an earlier one. */
export function panelSession(): (options?: OpenOptions) => Promise<Panel> {
  let browser: Browser;
  let page: Page;
  let opened = 0;
  beforeAll(async () => {
    browser = await launchChromium();
    page = await browser.newPage({ reducedMotion: "reduce" });
    page.setDefaultTimeout(10_000);
    await slowDown(page);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
  });
  return async ({ theme = "dark", scenario = "", width = 1100 } = {}) => {
    opened += 1;
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`${panelAddress(inject("panelOrigin"), theme, scenario)}&run=${String(opened)}`);
    const panel = new Panel(page);
    await panel.ready();
    return panel;
  };
}
