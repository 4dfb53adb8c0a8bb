import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { launchChromium } from "./browser";
import { Panel } from "./panel";
import { PanelServer, type Theme } from "./panelServer";

export interface OpenOptions {
  readonly theme?: Theme;
  readonly scenario?: string;
  readonly width?: number;
}

/** One browser, page and server for a test file. Every panel that a test opens is loaded anew, with no state of an earlier one. */
export function panelSession(): (options?: OpenOptions) => Promise<Panel> {
  let browser: Browser;
  let server: PanelServer;
  let page: Page;
  let opened = 0;
  beforeAll(async () => {
    [server, browser] = await Promise.all([PanelServer.start(), launchChromium()]);
    page = await browser.newPage({ reducedMotion: "reduce" });
    page.setDefaultTimeout(10_000);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });
  return async ({ theme = "dark", scenario = "", width = 1100 } = {}) => {
    opened += 1;
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`${server.address(theme, scenario)}&run=${String(opened)}`);
    const panel = new Panel(page);
    await panel.ready();
    return panel;
  };
}
