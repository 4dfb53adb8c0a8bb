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

async function train(page: Page, words: number): Promise<void> {
  await press(page, ["l"]);
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await page.getByText("Run under way").waitFor();
  await page.evaluate((n) => window.fakeHost.train(n), words);
}

async function showRounds(page: Page): Promise<void> {
  await press(page, ["l"]);
  await page.locator("[data-run=run-3] > summary").click();
  await page.locator("[data-run=run-2] > summary").click();
  await page.getByRole("button", { name: "Compare rounds" }).click();
  await page.getByRole("button", { name: "Open query" }).waitFor();
  await page.locator("[data-run=run-2]").evaluate((run) => run.scrollIntoView());
}

async function showComparison(page: Page): Promise<void> {
  await showRounds(page);
  await page.getByRole("region", { name: "Compare rounds" }).evaluate((region) => region.scrollIntoView());
}

async function adopted(page: Page): Promise<void> {
  await press(page, ["l"]);
  await page.locator("[data-run=run-3] > summary").click();
  await page.locator("[data-run=run-2] > summary").click();
  await page.getByRole("button", { name: "Use this adapter…" }).first().click();
  await page.getByText("Adapter run-2-best").waitFor();
}

async function showProposals(page: Page): Promise<void> {
  await press(page, ["x", "x", "s"]);
  await page.locator("[data-sampler] .live:not(.stale)").waitFor();
  await page.getByText("In words").first().scrollIntoViewIfNeeded();
}

const themes: readonly Theme[] = ["dark", "light", "hc"];
const proposals: readonly Shot[] = themes.flatMap((theme): readonly Shot[] => [
  { name: `proposals-${theme}-wide`, theme, width: 1300, act: showProposals },
  { name: `proposals-${theme}-narrow`, theme, width: 300, act: showProposals },
]);
const training: readonly Shot[] = themes.flatMap((theme): readonly Shot[] => [
  { name: `training-${theme}-wide-live`, theme, width: wide, act: (page) => train(page, 17) },
  { name: `training-${theme}-narrow-live`, theme, width: 300, act: (page) => train(page, 8) },
  { name: `training-${theme}-wide-rounds`, theme, width: 1300, scenario: "trained", act: showRounds },
  { name: `training-${theme}-wide-comparison`, theme, width: wide, scenario: "trained", act: showComparison },
  { name: `training-${theme}-narrow-comparison`, theme, width: 300, scenario: "trained", act: showComparison },
  { name: `training-${theme}-narrow-rounds`, theme, width: 300, scenario: "trained", act: showRounds },
]);

async function seeGradients(page: Page): Promise<void> {
  await press(page, ["x", "a", "v"]);
  await page.locator("[data-gradients] .live:not(.stale) .plot svg").first().waitFor();
}

async function seeLaterPlots(page: Page): Promise<void> {
  await seeGradients(page);
  await page.locator("[data-gradients] figure").last().scrollIntoViewIfNeeded();
}

async function seeGradientTables(page: Page): Promise<void> {
  await seeGradients(page);
  await page
    .getByRole("button", { name: /^Table: /u })
    .first()
    .click();
}

const gradients: readonly Shot[] = themes.flatMap((theme): readonly Shot[] => [
  { name: `gradients-${theme}-wide`, theme, width: 1300, act: seeGradients },
  { name: `gradients-${theme}-wide-later`, theme, width: 1300, act: seeLaterPlots },
  { name: `gradients-${theme}-narrow`, theme, width: 300, act: seeGradients },
  { name: `gradients-${theme}-narrow-later`, theme, width: 300, act: seeLaterPlots },
]);

const narrowest = 360;

async function seeCuration(page: Page): Promise<void> {
  await press(page, ["c"]);
  await page.locator("[data-curation] .plot svg").first().waitFor();
}

async function seeModel(page: Page): Promise<void> {
  await seeCuration(page);
  await page.getByRole("heading", { name: "What the marks have taught" }).scrollIntoViewIfNeeded();
  await page.locator("[data-curation] .body").evaluate((body) => body.scrollTo(0, body.scrollHeight));
}

async function askFresh(page: Page): Promise<void> {
  await seeCuration(page);
  await page.getByRole("button", { name: "Begin a fresh audit…" }).click();
}

/** To the pairs, and on by so many verdicts. */
async function seePairs(page: Page, verdicts: readonly string[]): Promise<void> {
  for (const key of ["m", ...verdicts]) {
    await page.keyboard.press(key);
    await page.locator("[data-card]:not([aria-busy=true]):focus").waitFor();
  }
}

const curation: readonly Shot[] = themes.flatMap((theme): readonly Shot[] =>
  [wide, narrowest].flatMap((width): readonly Shot[] => [
    { name: `curation-${theme}-${String(width)}`, theme, width, scenario: "curation", act: seeCuration },
    { name: `curation-${theme}-${String(width)}-model`, theme, width, scenario: "curation", act: seeModel },
    { name: `curation-${theme}-${String(width)}-harvest`, theme, width, scenario: "curation", act: (page) => seePairs(page, []) },
    { name: `curation-${theme}-${String(width)}-alike`, theme, width, scenario: "curation", act: (page) => seePairs(page, ["x"]) },
    {
      name: `curation-${theme}-${String(width)}-audit`,
      theme,
      width,
      scenario: "curation",
      act: (page) => seePairs(page, ["x", "a", "a"]),
    },
  ]),
);

async function openOpinions(page: Page): Promise<void> {
  await press(page, ["i"]);
  await page.getByRole("heading", { name: "So far" }).waitFor();
}

/** To a plan: a model, and a confirming one. */
async function planOpinions(page: Page): Promise<void> {
  await openOpinions(page);
  await page.getByRole("button", { name: "Choose the model" }).click();
  await page.getByRole("heading", { name: "What leaves this machine" }).waitFor();
  await page.getByRole("button", { name: "Choose the confirming model" }).click();
  await page.getByText("qwen2.5:32b", { exact: true }).waitFor();
}

async function askOpinions(page: Page, button: string, queries: number): Promise<void> {
  await planOpinions(page);
  await page.locator(".plan [aria-busy=false]").waitFor();
  await page.getByRole("button", { name: button, exact: true }).click();
  await page.getByRole("button", { name: "Pause" }).waitFor();
  await page.evaluate((n) => window.fakeHost.label(n), queries);
}

async function endOpinions(page: Page, button: string): Promise<void> {
  await askOpinions(page, button, 4);
  await page.getByRole("heading", { name: /run: finished$/u }).waitFor();
}

async function seeDisagreement(page: Page): Promise<void> {
  await press(page, ["a"]);
  await page.locator("[data-card='q-0012/n1']:focus").waitFor();
  await press(page, ["m"]);
  await page.getByRole("button", { name: /^Disagreements/u }).click();
  await page.getByText("differs from your verdict").waitFor();
}

const opinions: readonly Shot[] = themes.flatMap((theme): readonly Shot[] =>
  [wide, narrowest].flatMap((width): readonly Shot[] => {
    const shot = (name: string, act: Shot["act"], scenario = ""): Shot => ({
      name: `opinions-${theme}-${String(width)}-${name}`,
      theme,
      width,
      scenario,
      ...(act === undefined ? {} : { act }),
    });
    return [
      shot("first", openOpinions),
      shot("plan", planOpinions),
      shot("live", (page) => askOpinions(page, "Ask", 2)),
      shot("dry", (page) => endOpinions(page, "Try on three queries")),
      shot("ended", (page) => endOpinions(page, "Ask")),
      shot("totals", openOpinions, "opinions"),
      shot("cards", undefined, "always"),
      shot("disagreement", seeDisagreement, "opinions"),
      shot("judged", (page) => press(page, ["a", "k"]), "opinions"),
    ];
  }),
);

const shots: readonly Shot[] = [
  ...curation,
  ...opinions,
  { name: "curation-light-fresh", theme: "light", width: wide, scenario: "curation", act: askFresh },
  { name: "curation-dark-none", theme: "dark", width: wide, act: (page) => press(page, ["c"]) },
  { name: "curation-light-list", theme: "light", width: wide, scenario: "curation" },
  { name: "curation-dark-mining", theme: "dark", width: wide, scenario: "mining", act: (page) => press(page, ["m"]) },
  {
    name: "curation-light-beside",
    theme: "light",
    width: 1400,
    scenario: "curation",
    act: async (page) => {
      await seeCuration(page);
      await page.keyboard.press("m");
      await page.locator("[data-card]:focus").waitFor();
    },
  },
  {
    name: "curation-light-beside-editor",
    theme: "light",
    width: 510,
    scenario: "curation",
    act: (page) => seePairs(page, ["x", "a", "a", "a"]),
  },
  {
    name: "curation-dark-done",
    theme: "dark",
    width: wide,
    scenario: "curation",
    act: async (page) => {
      await press(page, ["m"]);
      await page.getByRole("button", { name: /^Second person/u }).click();
      await page.locator("[data-card^='q-0012/n7']:focus").waitFor();
      await press(page, ["a"]);
      await page.getByRole("heading", { name: "nothing left" }).waitFor();
    },
  },
  {
    name: "curation-light-fellout",
    theme: "light",
    width: wide,
    scenario: "curation",
    act: async (page) => {
      await press(page, ["j", "j", "j", "x"]);
      await page.getByText("Which", { exact: true }).click();
      await page.evaluate(() => window.fakeHost.edit(true));
      await page.getByText("Undo these marks").waitFor();
    },
  },
  ...gradients,
  { name: "gradients-light-tables", theme: "light", width: 1300, act: seeGradientTables },
  { name: "gradients-dark-points", theme: "dark", width: 1300, scenario: "points", act: seeGradients },
  { name: "gradients-light-huge", theme: "light", width: 2000, act: seeGradients },
  { name: "gradients-dark-mining", theme: "dark", width: wide, scenario: "mining", act: (page) => press(page, ["v"]) },
  { name: "gradients-light-lexical", theme: "light", width: wide, scenario: "lexical", act: (page) => press(page, ["v"]) },
  ...training,
  ...proposals,
  { name: "training-light-nothing", theme: "light", width: wide, act: (page) => press(page, ["l"]) },
  { name: "training-dark-lexical", theme: "dark", width: wide, scenario: "lexical", act: (page) => press(page, ["l"]) },
  { name: "training-light-adopted", theme: "light", width: wide, scenario: "trained", act: adopted },
  { name: "training-dark-stopped", theme: "dark", width: wide, scenario: "trained", act: (page) => press(page, ["l"]) },
  {
    name: "training-dark-strip",
    theme: "dark",
    width: wide,
    act: async (page) => {
      await train(page, 9);
      await press(page, ["Escape"]);
    },
  },
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
