import { describe, expect, test } from "vitest";
import { failNextMark } from "./support/panel";
import { audit, harvest, isAtPair, lanes, pairsOn, sent } from "./support/pairs";
import { panelSession } from "./support/session";

const openPanel = panelSession();
const openPairs = pairsOn(openPanel);

describe("one pair at a time", () => {
  test.each(["light", "dark", "hc"] as const)("what is done of a stretch can be told from what is left: %s", async (theme) => {
    const panel = await openPairs(undefined, { theme });
    const [ground, done] = await lanes(panel)
      .locator("header progress")
      .evaluate((bar) => {
        const probe = bar.ownerDocument.createElement("i");
        probe.style.backgroundColor = "var(--vscode-progressBar-background, var(--focus))";
        bar.parentElement?.append(probe);
        const colours = [bar, probe].map((element) => getComputedStyle(element).backgroundColor);
        probe.remove();
        return colours;
      });
    expect(ground).not.toBe(done);
  });

  test("M goes to a pair of the harvest and says which lane it is of, how many are left, and why it comes now", async () => {
    const panel = await openPairs();
    expect(await panel.cards.count()).toBe(1);
    expect(await lanes(panel).getByRole("banner").or(lanes(panel).locator("header.bar")).first().innerText()).toMatchInlineSnapshot(`
      "In turn
      Harvest7
      Audit7
      Second person1
      Conflicts1
      Whole list
      Shift+M
      Harvest
      1 of 3
      7 left

      Suspected at 64 % and hard: if it answers the query, it teaches the encoder the wrong thing the most."
    `);
    expect(await panel.said.innerText()).toBe("Harvest, 1 of 3");
    expect(await panel.violations()).toEqual([]);
  });

  test("verdict after verdict: harvest and audit in turn, each mark with its lane, and with the salt of the audit", async () => {
    const panel = await openPairs();
    for (const next of [harvest[1], harvest[2], audit[0], audit[1], harvest[3]]) {
      await panel.press("a");
      await isAtPair(panel, next ?? "");
    }
    expect(await sent(panel)).toMatchInlineSnapshot(`
      [
        {
          "blind": false,
          "document": "q-0012/n0",
          "index": 0,
          "lane": "harvest",
          "query": "q-0012",
          "suggestionShown": true,
          "verdict": "true_negative",
        },
        {
          "blind": false,
          "document": "q-0013/n0",
          "index": 1,
          "lane": "harvest",
          "query": "q-0013",
          "suggestionShown": true,
          "verdict": "true_negative",
        },
        {
          "blind": false,
          "document": "q-0014/n1",
          "index": 2,
          "lane": "harvest",
          "query": "q-0014",
          "suggestionShown": true,
          "verdict": "true_negative",
        },
        {
          "blind": true,
          "document": "q-0013/n1",
          "index": 1,
          "lane": "audit",
          "query": "q-0013",
          "salt": "salt-1",
          "suggestionShown": false,
          "verdict": "true_negative",
        },
        {
          "blind": true,
          "document": "q-0012/n5",
          "index": 0,
          "lane": "audit",
          "query": "q-0012",
          "salt": "salt-1",
          "suggestionShown": false,
          "verdict": "true_negative",
        },
      ]
    `);
    expect(await panel.said.innerText()).toBe("True negative · Harvest, 1 of 3");
  });

  test("the next pair is there when the verdict is on disk, and not before", async () => {
    const panel = await openPairs();
    await expect.poll(() => panel.requests("nearmiss/nextCard").then((asked) => asked.length)).toBe(2);
    await panel.hold("nearmiss/nextCard");
    await panel.hold("nearmiss/showQuery");
    await panel.hold("nearmiss/appendMark");
    await panel.press("x");
    await panel.current.getByText("writing…").waitFor();
    await isAtPair(panel, harvest[0] ?? "");
    await panel.release("nearmiss/appendMark");
    await isAtPair(panel, harvest[1] ?? "");
    expect(await panel.page.getByText("1 marked · 1 false negative").count()).toBe(1);
    expect(await lanes(panel).getByText("2 of 3").count()).toBe(1);
    await panel.release("nearmiss/nextCard");
    await panel.release("nearmiss/showQuery");
  });

  test("a verdict pressed before the next pair is seen is not given to it, and that is said", async () => {
    const panel = await openPairs();
    await panel.hold("nearmiss/appendMark");
    await panel.press("a", "x");
    await panel.release("nearmiss/appendMark");
    await panel.said.getByText("False negative was not applied: its card has left the list").waitFor();
    await isAtPair(panel, harvest[1] ?? "");
    expect(await panel.marks()).toEqual(["true_negative q-0012/n0"]);
  });

  test("Space passes a pair over without a mark; it comes last, and undo goes back to it", async () => {
    const panel = await openPairs();
    await panel.press("Space");
    await panel.said.getByText("Passed over").waitFor();
    await isAtPair(panel, harvest[1] ?? "");
    await panel.press("Backspace");
    await panel.said.getByText("Back at the pair that was passed over").waitFor();
    await isAtPair(panel, harvest[0] ?? "");
    await panel.press("Space");
    await isAtPair(panel, harvest[1] ?? "");
    expect(await panel.marks()).toEqual([]);
    expect((await panel.requests("nearmiss/undoMark")).length).toBe(0);
  });

  test("undo goes back to the pair, and another verdict in one breath corrects the last one", async () => {
    const panel = await openPairs();
    await panel.press("a");
    await isAtPair(panel, harvest[1] ?? "");
    await panel.press("Backspace", "d");
    await panel.said.getByText("Duplicate · Harvest, 2 of 3").waitFor();
    await isAtPair(panel, harvest[1] ?? "");
    expect(await panel.marks()).toEqual(["true_negative q-0012/n0", "duplicate_of_positive q-0012/n0"]);
    await panel.press("Backspace");
    await isAtPair(panel, harvest[0] ?? "");
    await panel.press("Control+Shift+z");
    await panel.said.getByText("Redone: Duplicate").waitFor();
    await isAtPair(panel, harvest[1] ?? "");
  });

  test("a mark that cannot be written keeps its pair until it is", async () => {
    const panel = await openPairs();
    await failNextMark(panel.page);
    await panel.press("x");
    await panel.page.getByRole("alert").getByText("The disk is full").waitFor();
    await isAtPair(panel, harvest[0] ?? "");
    await panel.button("Retry").click();
    await isAtPair(panel, harvest[1] ?? "");
  });

  test("a bad query takes its pair along; a bad positive leaves it where it is", async () => {
    const panel = await openPairs();
    await panel.press("b");
    await panel.said.getByText("Bad positive").waitFor();
    await isAtPair(panel, harvest[0] ?? "");
    await panel.press("q");
    await panel.said.getByText("Bad query · Harvest, 2 of 3").waitFor();
    await isAtPair(panel, harvest[1] ?? "");
    expect(await panel.marks()).toEqual(["bad_positive q-0012/p0", "bad_query q-0012"]);
    await panel.press("Backspace");
    await isAtPair(panel, harvest[0] ?? "");
    await panel.press("Backspace");
    await panel.said.getByText("Undone: Bad positive").waitFor();
    await isAtPair(panel, harvest[0] ?? "");
  });

  test("the verdicts stay in sight however long the text is", async () => {
    const panel = await openPanel({ scenario: "curation", width: 510 });
    await panel.page.setViewportSize({ width: 510, height: 790 });
    await panel.press("m");
    await isAtPair(panel, harvest[0] ?? "");
    const hidden = await lanes(panel)
      .locator(".scroller")
      .evaluate((scroller) => scroller.scrollHeight - scroller.clientHeight);
    expect(hidden).toBeGreaterThan(0);
    const pane = await lanes(panel).locator(".scroller").boundingBox();
    const button = await panel.button("Later").boundingBox();
    expect((button?.y ?? 0) + (button?.height ?? 0)).toBeLessThanOrEqual((pane?.y ?? 0) + (pane?.height ?? 0));
  });

  test("keys of the list do nothing here, and say so", async () => {
    const panel = await openPairs();
    for (const key of ["j", "Enter", "t", "ArrowUp"]) {
      await panel.press("o", key);
      await panel.said.getByText("One pair at a time").waitFor();
    }
    await isAtPair(panel, harvest[0] ?? "");
  });
});

describe("lanes", () => {
  test("a lane can be chosen, and one that is empty says so and what is left elsewhere", async () => {
    const panel = await openPairs("Second person");
    await isAtPair(panel, "q-0012/n7");
    await panel.press("u");
    await lanes(panel).getByRole("heading", { name: "Second person: nothing left" }).waitFor();
    expect(await lanes(panel).locator(".notice").innerText()).toMatchInlineSnapshot(`
      "Second person: nothing left

      Nobody else has judged an audited pair that waits for a second opinion.

      Go on with another lane

      Harvest
      7
      Audit
      7
      Conflicts
      1"
    `);
    await panel.press("a");
    await panel.said.getByText("No current card").waitFor();
    await lanes(panel).locator(".notice").getByRole("button", { name: "Conflicts" }).click();
    await isAtPair(panel, "q-0015/n2");
    await panel.press("m");
    await isAtPair(panel, harvest[0] ?? "");
    // Lanes without a pair make room for those that have one.
    expect(await lanes(panel).getByRole("group", { name: "Lane" }).getByRole("button").allInnerTexts()).toMatchInlineSnapshot(`
      [
        "In turn",
        "Harvest7",
        "Audit7",
        "Conflicts1",
      ]
    `);
    expect(await panel.requests("nearmiss/nextCard").then((asked) => [...new Set(asked.map((params) => params["lane"]))])).toEqual([
      undefined,
      "second",
      "conflicts",
    ]);
  });

  test("Shift+M and Esc go back to the whole list, on the card of the pair", async () => {
    const panel = await openPairs("Audit");
    await isAtPair(panel, audit[0] ?? "");
    await panel.press("Shift+M");
    await panel.isAt(audit[0] ?? "");
    expect(await panel.cards.count()).toBeGreaterThan(2);
    await panel.press("m");
    await isAtPair(panel, harvest[0] ?? "");
    await panel.press("Escape");
    await panel.isAt(harvest[0] ?? "");
    await panel.press("Shift+M");
    await panel.said.getByText("The whole list is on show already").waitFor();
  });

  test("somebody who asks for a query by its line gets all of it", async () => {
    const panel = await openPairs();
    await panel.page.evaluate(() => window.fakeHost.showLine(13));
    await panel.isAt("q-0013/n0");
    expect(await lanes(panel).count()).toBe(0);
  });

  test("after a reload the lane is the same, and what was passed over stays so", async () => {
    const panel = await openPairs("Audit");
    await isAtPair(panel, audit[0] ?? "");
    await panel.press("Space");
    await isAtPair(panel, audit[1] ?? "");
    await panel.page.reload();
    await isAtPair(panel, audit[1] ?? "");
  });

  test("while candidates are searched for it says how far that is, and goes on by itself", async () => {
    const panel = await openPanel({ scenario: "mining" });
    await panel.press("m");
    await lanes(panel).getByText("1,204 of 4,810").waitFor();
    await panel.page.evaluate(() => window.fakeHost.mine(4000, 4810));
    await lanes(panel).getByText("4,000 of 4,810").waitFor();
    await panel.page.evaluate(() => window.fakeHost.mine(4810, 4810));
    await isAtPair(panel, harvest[0] ?? "");
  });

  test("a failure is said with what to do, and a retry goes on", async () => {
    const panel = await openPanel({ scenario: "curation" });
    await panel.page.evaluate(() =>
      window.fakeHost.failNext("nearmiss/nextCard", "There are no vectors yet.", "Wait until embedding is done."),
    );
    await panel.press("m");
    expect((await lanes(panel).getByRole("alert").innerText()).replace(/\s+/gu, " ")).toBe(
      "There is no next pair to show. There are no vectors yet. Wait until embedding is done.",
    );
    await lanes(panel).getByRole("button", { name: "Retry" }).click();
    await isAtPair(panel, harvest[0] ?? "");
  });

  test("a pair that the sampler does not find any more is still judged: the audit leaves none out", async () => {
    const panel = await openPanel({ scenario: "curation" });
    await panel.page.evaluate(() => window.fakeHost.remove("q-0013/n1"));
    await panel.press("m");
    await isAtPair(panel, harvest[0] ?? "");
    await lanes(panel).getByRole("button", { name: "Audit" }).click();
    await isAtPair(panel, audit[0] ?? "");
    expect(await panel.current.locator(".text").innerText()).toBe("The web console is served on port 443. Port 80 only redirects to it.");
    await panel.press("a");
    await isAtPair(panel, audit[1] ?? "");
    expect(await panel.marks()).toEqual(["true_negative q-0013/n1"]);
  });

  test("a pair that has left its query is not judged; one goes on to the next", async () => {
    const panel = await openPanel({ scenario: "curation" });
    await panel.page.evaluate(() => window.fakeHost.forget("q-0012/n0"));
    await panel.press("m");
    await lanes(panel).getByText("This pair is no longer among the candidates of its query.").waitFor();
    await panel.press("a");
    await panel.said.getByText("No current card").waitFor();
    await lanes(panel).getByRole("button", { name: "Next pair" }).click();
    await isAtPair(panel, harvest[1] ?? "");
    expect(await panel.marks()).toEqual([]);
  });
});
