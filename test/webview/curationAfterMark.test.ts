import { describe, expect, test } from "vitest";
import { harvest, isAtPair, pairsOn, sent } from "./support/pairs";
import type { Panel } from "./support/panel";
import { panelSession } from "./support/session";

const openPanel = panelSession();
const openPairs = pairsOn(openPanel);
const offer = (panel: Panel) => panel.page.getByRole("region", { name: "Near-duplicates of the passage just judged" });
const fellOut = (panel: Panel) => panel.page.getByRole("region", { name: "Negatives that fell out" });
const edits = (panel: Panel) => panel.page.getByRole("region", { name: "Edits recognised as marks" });

describe("near-duplicates of a passage just judged", () => {
  test("are offered with their texts and similarities, and nothing is marked unasked", async () => {
    const panel = await openPanel({ scenario: "curation" });
    await panel.press("x");
    expect((await offer(panel).innerText()).replace(/\s+/gu, " ")).toMatchInlineSnapshot(
      `"2 near-duplicates of the passage just judged. Mark them “False negative” too? One undo takes them all back. Mark the same Y Dismiss 0.984 vectors Der Archivbereich bewahrt Sicherungen 400 Tage lang auf. Danach werden sie gelöscht, außer es besteht eine gesetzliche Aufbewahrungspflicht. 0.981 vectors تُحفظ اللقطات في طبقة الأرشيف (archive tier) لمدة 400 يوم ثم تُحذف نهائيًا، إلا إذا كان على الخزنة حجز قانوني."`,
    );
    expect(await panel.marks()).toEqual(["false_negative q-0012/n0"]);
    await panel.isAt("q-0012/n1");
  });

  test("Y marks them as one group, which one undo takes back", async () => {
    const panel = await openPanel({ scenario: "curation" });
    await panel.press("x");
    await offer(panel).waitFor();
    await panel.press("y");
    await panel.said.getByText("False negative: 2 near-duplicates with it").waitFor();
    expect((await sent(panel)).at(-1)).toMatchInlineSnapshot(`
      {
        "alsoDocuments": [
          "q-0012/n12",
        ],
        "blind": false,
        "document": "q-0012/n10",
        "index": 0,
        "query": "q-0012",
        "suggestionShown": false,
        "verdict": "false_negative",
      }
    `);
    expect(await panel.page.getByText("3 marked · 3 false negatives").count()).toBe(1);
    expect(await offer(panel).count()).toBe(0);
    await panel.press("Backspace");
    await panel.said.getByText("Undone: 2 marks, False negative").waitFor();
    expect(await panel.page.getByText("1 marked · 1 false negative").count()).toBe(1);
    await panel.press("Control+y");
    await panel.said.getByText("Redone: 2 marks, False negative").waitFor();
  });

  test("go with the next verdict, with Esc, and with another query", async () => {
    const panel = await openPanel({ scenario: "curation" });
    for (const gone of [["a"], ["Escape"], ["Enter"]]) {
      await panel.press("x");
      await offer(panel).waitFor();
      await panel.press(...gone);
      await offer(panel).waitFor({ state: "detached" });
      // The offer goes before the next verdict is on disk, and what is said of that would replace the answer to Y.
      if (gone[0] === "a") await panel.said.getByText("True negative").waitFor();
      await panel.press("y");
      await panel.said.getByText("No near-duplicates are offered").waitFor();
      await panel.press(...(gone[0] === "a" ? ["Backspace", "Backspace"] : ["Backspace"]));
      await panel.isAt("q-0012/n0");
    }
  });

  test("in a lane the pair on show stays while those of the pair before are marked, and they are not of the lane", async () => {
    const panel = await openPairs();
    await panel.press("d");
    await isAtPair(panel, harvest[1] ?? "");
    await offer(panel).getByRole("button", { name: "Mark the same" }).click();
    await panel.said.getByText("Duplicate: 2 near-duplicates with it").waitFor();
    await isAtPair(panel, harvest[1] ?? "");
    expect((await sent(panel)).at(-1)).toMatchObject({ query: "q-0012", document: "q-0012/n10", alsoDocuments: ["q-0012/n12"] });
    expect(Object.keys((await sent(panel)).at(-1) as object)).not.toContain("lane");
    await panel.press("Backspace");
    await panel.said.getByText("Undone: 2 marks, Duplicate").waitFor();
    await isAtPair(panel, harvest[1] ?? "");
    await panel.press("Backspace");
    await isAtPair(panel, harvest[0] ?? "");
  });
});

describe("what a promoted positive makes fall out", () => {
  test("is said, with each passage and its reason on demand", async () => {
    const panel = await openPanel({ scenario: "curation" });
    await panel.press("j", "j", "j", "x");
    await fellOut(panel).waitFor();
    expect(await fellOut(panel).locator("> p").innerText()).toBe(
      "3 negatives fell out of this query, since the promoted positive lowered the score that margins are taken from.",
    );
    await fellOut(panel).getByText("Which", { exact: true }).click();
    expect((await fellOut(panel).locator("li").first().innerText()).split("\n")).toMatchInlineSnapshot(`
      [
        "In the warm tier Tern keeps a snapshot for 35 days, then moves it to the archive tier during the next nightly window.",
        "score 0.767 is above 0.95 × 0.730, the promoted positive",
      ]
    `);
    await fellOut(panel).getByRole("button", { name: "Dismiss" }).click();
    await panel.isAt("q-0012/n5");
    expect(await fellOut(panel).count()).toBe(0);
  });
});

describe("a saved edit that was read as marks", () => {
  test("is told of, and its marks are taken back on demand", async () => {
    const panel = await openPanel();
    await panel.page.evaluate(() => window.fakeHost.edit(true));
    expect((await edits(panel).locator("p").innerText()).replace(/\s+/gu, " ")).toBe("Your edit was recorded as a mark: 1 false negative.");
    await edits(panel).getByRole("button", { name: "Undo these marks" }).click();
    await panel.said.getByText("1 mark of your edit is taken back. The file stays as it is.").waitFor();
    expect((await panel.requests("nearmiss/takeBackEdits")).map((params) => params["marks"])).toEqual([["m-17"]]);
    expect(await edits(panel).count()).toBe(0);
  });

  test("one that was not read as a verdict says why, with nothing to undo", async () => {
    const panel = await openPanel();
    await panel.page.evaluate(() => window.fakeHost.edit(false));
    await edits(panel).getByText("your edit was not recorded as a verdict").waitFor();
    expect(await edits(panel).locator("vscode-button").allInnerTexts()).toEqual(["Dismiss"]);
    await edits(panel).getByRole("button", { name: "Dismiss" }).click();
    await panel.isAt("q-0012/n0");
    expect(await edits(panel).count()).toBe(0);
  });
});
