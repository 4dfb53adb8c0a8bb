import { describe, expect, test } from "vitest";
import { audit, curation, harvest, isAtPair, lanes, pairsOn } from "./support/pairs";
import type { Panel } from "./support/panel";
import type { Theme } from "./support/panelServer";
import { panelSession, type OpenOptions } from "./support/session";
import { lines, rows } from "./support/trainingView";

const openPanel = panelSession();
const openPairs = pairsOn(openPanel);

async function openCuration(options?: OpenOptions): Promise<Panel> {
  const panel = await openPanel({ scenario: "curation", ...options });
  await panel.press("c");
  await curation(panel).getByRole("heading", { name: "Audit", exact: true }).waitFor();
  return panel;
}

const section = (panel: Panel, name: string) => panel.page.getByRole("region", { name, exact: true });

describe("the audit", () => {
  test("its bound, against the target, for the file and for each source", async () => {
    const panel = await openCuration();
    expect(lines(await section(panel, "Audit").locator(".bound, .what").first().innerText())).toMatchInlineSnapshot(`
      [
        "At most 20.0 % false negatives, at 95 % confidence",
        "Not yet",
      ]
    `);
    expect(await section(panel, "Audit").locator(".what").innerText()).toMatchInlineSnapshot(
      `"34 marked, 1 false, at most 20.0 %, about 102 more clean marks to 5 %."`,
    );
    expect(await section(panel, "Audit").getByRole("img").getAttribute("aria-label")).toMatchInlineSnapshot(
      `"target 5 %. whole file 20.0 %; SimANS 32.4 %; same article 35.4 %."`,
    );
    const table = await section(panel, "By source").locator("tr").allInnerTexts();
    expect(table.map((row) => row.replace(/\s+/gu, " "))).toMatchInlineSnapshot(`
      [
        "Source Pairs Marked False At most Clean marks to go",
        "SimANS 4,506 21 1 32.4 % 115",
        "same article 3,004 13 0 35.4 % 79",
      ]
    `);
    expect(await panel.violations()).toEqual([]);
  });

  test("the counter in the header moves with each mark of the audit", async () => {
    const panel = await openPairs("Audit");
    await panel.button("audit 34 / about 102 more").waitFor();
    await panel.press("a");
    await panel.button("audit 35 / about 101 more").waitFor();
    await isAtPair(panel, audit[1] ?? "");
    await panel.press("x");
    await panel.button("audit 36 / about 144 more").waitFor();
    await panel.button("audit 36 / about 144 more").click();
    await curation(panel).getByText("36 marked, 2 false").waitFor();
  });

  test("where what is emitted has changed it says so, and a fresh audit is begun only when asked twice", async () => {
    const panel = await openCuration();
    expect(lines(await section(panel, "Audit").locator(".changed").innerText())).toMatchInlineSnapshot(`
      [
        "What is emitted has changed since the audit began 212 new, 187 gone",
        "212 negatives came after the audit began and are left out of a certified export. 187 negatives of the audit are not emitted any more. What the audit says holds for what is left of it; begin a new audit to cover what is emitted now.",
        "A fresh audit takes everything in, with a new random order, and its count starts again.",
      ]
    `);
    await panel.button("Begin a fresh audit…").click();
    const question = panel.page.getByRole("group", { name: "Begin a fresh audit of what is emitted now?" });
    expect(await question.locator("p").innerText()).toMatchInlineSnapshot(
      `"The present order ends with 34 marked pairs. All marks stay marks and go on teaching; the bound starts from the marks that come early in the new order."`,
    );
    await panel.press("Escape");
    await question.waitFor({ state: "detached" });
    expect(await curation(panel).count()).toBe(1);
    expect(await panel.requests("nearmiss/beginAudit")).toEqual([]);
    await panel.button("Begin a fresh audit…").click();
    await question.getByRole("button", { name: "Begin a fresh audit" }).click();
    await panel.said.getByText("A fresh audit has begun").waitFor();
    await panel.button("audit 0 / about 92 more").waitFor();
    expect(await panel.page.getByText("What is emitted has changed").count()).toBe(0);
    await curation(panel).getByRole("button", { name: "Judge: Audit" }).click();
    await isAtPair(panel, audit[0] ?? "");
    await panel.press("a");
    await expect.poll(() => panel.requests("nearmiss/appendMark").then((marks) => marks[0]?.["salt"])).toBe("salt-2");
  });

  test("a refusal to begin one is said with what to do", async () => {
    const panel = await openCuration();
    await panel.page.evaluate(() =>
      window.fakeHost.failNext("nearmiss/beginAudit", "The folder .nearmiss/audits cannot be written.", "Check its permissions."),
    );
    await panel.button("Begin a fresh audit…").click();
    await panel.page.getByRole("button", { name: "Begin a fresh audit", exact: true }).click();
    expect(await curation(panel).getByRole("alert").innerText()).toBe(
      "That did not work. The folder .nearmiss/audits cannot be written. Check its permissions.",
    );
    await panel.button("audit 34 / about 102 more").waitFor();
  });

  test("before there is one the view says what it is for, and leads to its first pair", async () => {
    const panel = await openCuration({ scenario: "" });
    expect(await panel.page.getByRole("button", { name: "Curation", exact: true }).count()).toBe(1);
    expect(await section(panel, "Audit").locator(".what").innerText()).toMatchInlineSnapshot(
      `"No audit has begun. An audit judges pairs drawn at random from what is emitted now. It says how many false negatives are left, at a confidence that holds although you watch it while you mark."`,
    );
    await panel.button("Judge audit pairs").click();
    await isAtPair(panel, audit[0] ?? "");
  });
});

describe("lanes, agreement and the model", () => {
  test("each lane says what it is and how many are left, and its button goes there", async () => {
    const panel = await openCuration();
    const list = await section(panel, "Pairs to judge").getByRole("listitem").allInnerTexts();
    expect(list.map((text) => text.replace(/\s+/gu, " "))).toMatchInlineSnapshot(`
      [
        "Harvest 7 left Judge Pairs whose false negatives would do the most harm. They teach; no rate is computed from them.",
        "Audit 7 left Judge Pairs drawn at random, judged blind. They alone say how many false negatives are left.",
        "Second person 1 left Judge Audited pairs that somebody else has judged and you have not, blind. They say how far people agree.",
        "Conflicts 1 left Judge Pairs that people judge differently, to be looked at again with what each of them said.",
      ]
    `);
    await curation(panel).getByRole("button", { name: "Judge pairs" }).click();
    await isAtPair(panel, harvest[0] ?? "");
  });

  test("agreement of two people, and the way to what they judge differently", async () => {
    const panel = await openCuration();
    expect(lines(await section(panel, "Agreement").innerText())).toMatchInlineSnapshot(`
      [
        "Agreement",
        "92 % of 24 pairs judged alike, Cohen’s kappa 0.71",
        "People agree well. Corrected for their errors (Rogan-Gladen) the share of false negatives would be 2.1 %, as a sensitivity and not as a bound.",
        "Conflicts",
        "1",
      ]
    `);
    await section(panel, "Agreement").getByRole("button", { name: "Conflicts" }).click();
    await isAtPair(panel, "q-0015/n2");
  });

  test("what the marks have taught: effects in words, and predicted against observed as a plot and as a table", async () => {
    const panel = await openCuration();
    const model = section(panel, "What the marks have taught");
    expect(lines(await model.locator("> p").first().innerText())).toMatchInlineSnapshot(`
      [
        "fitted to marks",
        "118 judged pairs",
        "calibrated (Platt)",
      ]
    `);
    const effects = await model.locator(".effects").first().getByRole("listitem").allInnerTexts();
    expect(effects.map((text) => text.replace(/\s+/gu, " ").trim())).toMatchInlineSnapshot(`
      [
        "similarity to a positive odds × 3.71",
        "similarity to the query odds × 2.32",
        "words shared with a positive odds × 1.52",
        "distance below the positive odds ÷ 1.45",
        "rank odds ÷ 1.23",
        "words shared with the query odds × 1.13",
      ]
    `);
    expect(await model.locator("svg circle").count()).toBe(4);
    await model.getByRole("button", { name: "Table: Predicted against observed" }).click();
    expect(await rows(panel, "Predicted against observed")).toMatchInlineSnapshot(`
      [
        "Predicted between | Pairs | Predicted | Observed",
        "0 % and 10 % | 58 | 4.3 % | 5.2 %",
        "10 % and 30 % | 31 | 18 % | 16 %",
        "30 % and 60 % | 17 | 42 % | 47 %",
        "60 % and 100 % | 12 | 74 % | 67 %",
      ]
    `);
  });

  test("Export leads to the export of VS Code", async () => {
    const panel = await openCuration();
    await curation(panel).getByRole("button", { name: "Export…" }).click();
    await expect.poll(() => panel.requests("host/startExport").then((asked) => asked.length)).toBe(1);
  });
});

describe("the view", () => {
  test("for the counter alone the panel asks quietly; the view and the lanes want all of it", async () => {
    const panel = await openPanel({ scenario: "curation" });
    const asked = async () => (await panel.requests("nearmiss/curationState")).map((params) => params["quiet"] === true);
    await panel.button("audit 34").waitFor();
    await panel.press("a");
    await panel.isAt("q-0012/n1");
    expect(new Set(await asked())).toEqual(new Set([true]));
    await panel.press("m");
    await isAtPair(panel, harvest[1] ?? "");
    expect((await asked()).at(-1)).toBe(false);
  });

  test("C and Esc open and close it, and no verdict is given from it", async () => {
    const panel = await openCuration();
    await panel.page.locator("[data-curation]:focus").waitFor();
    await panel.press("a", "x");
    await panel.press("c");
    await panel.isAt("q-0012/n0");
    await panel.page.evaluate(() => window.fakeHost.command("show_curation"));
    await panel.page.locator("[data-curation]:focus").waitFor();
    await panel.press("Escape");
    await panel.isAt("q-0012/n0");
    expect(await panel.marks()).toEqual([]);
  });

  test("it survives a reload", async () => {
    const panel = await openCuration();
    await panel.page.reload();
    await curation(panel).getByText("34 marked, 1 false").waitFor();
  });

  test("a state that cannot be read is said where the view is open, and a retry reads it", async () => {
    const panel = await openPanel({ scenario: "curation" });
    await panel.button("audit 34").waitFor();
    await panel.page.evaluate(() => {
      window.fakeHost.failNext("nearmiss/curationState", "audit-1.json holds no JSON.", "Restore it from Git.");
      window.fakeHost.change("dense");
    });
    await panel.press("c");
    await panel.page.evaluate(() => {
      window.fakeHost.failNext("nearmiss/curationState", "audit-1.json holds no JSON.", "Restore it from Git.");
      window.fakeHost.change("dense");
    });
    await curation(panel).getByRole("alert").getByText("Restore it from Git.").waitFor();
    await curation(panel).getByRole("button", { name: "Retry" }).click();
    await curation(panel).getByRole("alert").waitFor({ state: "detached" });
  });
});

const themes: readonly Theme[] = ["light", "dark", "hc"];
const widths = [1100, 360];

describe("every theme and width is accessible, keeps to the policy, and does not run over", () => {
  const all = themes.flatMap((theme) => widths.map((width) => ({ theme, width })));
  const overflow = (panel: Panel) => panel.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

  test.for(all)("the view, $theme at $width px", async ({ theme, width }) => {
    const panel = await openCuration({ theme, width });
    await panel.button("Begin a fresh audit…").click();
    expect(await panel.axe()).toEqual([]);
    expect(await panel.violations()).toEqual([]);
    expect(await overflow(panel)).toBe(0);
  });

  test.for(all)("the lanes, $theme at $width px", async ({ theme, width }) => {
    const panel = await openPairs(undefined, { theme, width });
    expect(await panel.axe()).toEqual([]);
    await panel.press("x");
    await isAtPair(panel, harvest[1] ?? "");
    await panel.page.evaluate(() => window.fakeHost.edit(true));
    await panel.button("Undo these marks").waitFor();
    expect(await panel.axe()).toEqual([]);
    expect(await overflow(panel)).toBe(0);
    await panel.press("a");
    await isAtPair(panel, harvest[2] ?? "");
    await panel.press("a");
    await isAtPair(panel, audit[0] ?? "");
    expect(await lanes(panel).getByText("Blind", { exact: true }).count()).toBe(1);
    expect(await panel.axe()).toEqual([]);
    expect(await panel.violations()).toEqual([]);
  });
});
