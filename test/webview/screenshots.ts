import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { Page } from "playwright-core";
import { launchChromium } from "./support/browser";
import { failNextMark } from "./support/panel";
import { PanelServer, type Theme } from "./support/panelServer";

interface Shot {
  readonly name: string;
  readonly theme: Theme;
  readonly width: number;
  readonly scenario?: string;
  readonly act?: (page: Page) => Promise<void>;
}

const wide = 1100;
const narrow = 420;

async function press(page: Page, keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

const marks = (page: Page): Promise<void> => press(page, ["a", "x", "a", "x", "p"]);

async function moveSliders(page: Page): Promise<void> {
  await press(page, ["s"]);
  await page.locator("[data-setting=relative_margin] input[type=range]").fill("0.12");
  await page.locator("[data-setting=absolute_margin] input[type=checkbox]").click();
  await page.locator("[data-setting=max_positive_similarity] input[type=range]").fill("0.72");
  await page.locator("[data-sampler] .live:not(.stale)").waitFor();
}

async function showMix(page: Page): Promise<void> {
  await press(page, ["s"]);
  await page.locator("[data-sampler] select").first().selectOption("1");
  await page.locator("[data-setting=max_positive_similarity] input[type=range]").fill("0.7");
  await page.locator("[data-sampler] .live:not(.stale)").waitFor();
}

async function runShort(page: Page): Promise<void> {
  await press(page, ["s"]);
  await page.locator("[data-setting=min_score] input[type=checkbox]").click();
  await page.locator("[data-setting=min_score] input[type=range]").fill("0.62");
  await page.locator("[data-sampler] .live:not(.stale)").waitFor();
  await page.locator(".sources").scrollIntoViewIfNeeded();
}

async function showTables(page: Page): Promise<void> {
  await moveSliders(page);
  await page.locator(".sources").scrollIntoViewIfNeeded();
}

const shots: readonly Shot[] = [
  { name: "dark-wide", theme: "dark", width: wide },
  { name: "dark-wide-marked", theme: "dark", width: wide, act: marks },
  { name: "light-wide-marked", theme: "light", width: wide, act: marks },
  { name: "hc-wide-marked", theme: "hc", width: wide, act: marks },
  { name: "dark-narrow", theme: "dark", width: narrow },
  { name: "light-narrow-marked", theme: "light", width: narrow, act: marks },
  { name: "hc-narrow", theme: "hc", width: narrow },
  { name: "light-wide-lexical", theme: "light", width: wide, scenario: "lexical" },
  {
    name: "dark-wide-dropped",
    theme: "dark",
    width: wide,
    act: (page) => press(page, ["x", "t", ...Array.from({ length: 12 }, () => "j")]),
  },
  { name: "light-wide-keys", theme: "light", width: wide, act: (page) => press(page, ["?"]) },
  { name: "dark-wide-unreadable", theme: "dark", width: wide, scenario: "unreadable" },
  { name: "light-wide-none", theme: "light", width: wide, scenario: "none" },
  { name: "dark-wide-broken", theme: "dark", width: wide, scenario: "broken" },
  { name: "dark-wide-blind", theme: "dark", width: wide, act: (page) => press(page, ["h"]) },
  {
    name: "light-wide-failed",
    theme: "light",
    width: wide,
    act: async (page) => {
      await failNextMark(page);
      await press(page, ["a", "a"]);
    },
  },
  { name: "sampler-dark-wide", theme: "dark", width: wide, act: (page) => press(page, ["s"]) },
  { name: "sampler-light-moved", theme: "light", width: wide, act: moveSliders },
  { name: "sampler-hc-moved", theme: "hc", width: wide, act: moveSliders },
  { name: "sampler-dark-mix", theme: "dark", width: wide, scenario: "mix", act: showMix },
  { name: "sampler-dark-mining", theme: "dark", width: wide, scenario: "mining", act: (page) => press(page, ["s"]) },
  { name: "sampler-light-short", theme: "light", width: 1300, scenario: "mix", act: runShort },
  { name: "sampler-light-narrow", theme: "light", width: narrow, act: moveSliders },
  { name: "sampler-dark-narrow-tables", theme: "dark", width: narrow, scenario: "mix", act: showTables },
  { name: "sampler-light-middle", theme: "light", width: 860, act: moveSliders },
  { name: "sampler-dark-huge", theme: "dark", width: 1700, act: moveSliders },
  { name: "light-wide-rtl", theme: "light", width: wide, act: (page) => press(page, ["Enter", "Enter"]) },
];

/** Draws the panel in each theme and width into a folder; `only` picks the pictures whose names contain it. */
export async function takeScreenshots(folder: string, only = ""): Promise<void> {
  await mkdir(folder, { recursive: true });
  const server = await PanelServer.start();
  const browser = await launchChromium();
  for (const shot of shots.filter(({ name }) => name.includes(only))) {
    const page = await browser.newPage({ viewport: { width: shot.width, height: 900 }, reducedMotion: "reduce" });
    await page.goto(server.address(shot.theme, shot.scenario));
    await page.locator("[data-card], .empty, [role=alert]").first().waitFor();
    await shot.act?.(page);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    await page.screenshot({ path: path.join(folder, `${shot.name}.png`) });
    await page.close();
  }
  await browser.close();
  await server.stop();
}
