import { describe, expect, test } from "vitest";
import { audit, harvest, isAtPair, lanes } from "./support/pairs";
import type { Panel } from "./support/panel";
import { panelSession, type OpenOptions } from "./support/session";
import { lines } from "./support/trainingView";

const openPanel = panelSession();
const hidden = "A second opinion is shown after your verdict.";
const opinionOn = (panel: Panel, id: string) => panel.card(id).getByRole("note", { name: "Second opinion" });

/** Which passage each mark was on, and what it says of the opinion on it. */
async function shown(panel: Panel): Promise<readonly string[]> {
  const marks = await panel.requests("nearmiss/appendMark");
  return marks.map(({ document, opinionShown }) => `${String(document)} ${String(opinionShown)}`);
}

/** The positives on which the key is printed. */
async function keyed(panel: Panel): Promise<readonly (string | null)[]> {
  const positives = panel.page.locator("[data-positive]").filter({ has: panel.page.locator("kbd", { hasText: "B" }) });
  return await positives.evaluateAll((found) => found.map((each) => each.getAttribute("data-positive")));
}

async function openWith(scenario: "opinions" | "always", options?: OpenOptions): Promise<Panel> {
  return await openPanel({ scenario, ...options });
}

/** To the first pair of a lane. */
async function toLane(panel: Panel, lane: string, first: string): Promise<void> {
  await panel.press("m");
  await lanes(panel).getByRole("button", { name: lane }).click();
  await isAtPair(panel, first);
  await lanes(panel).getByRole("heading", { name: lane }).waitFor();
}

describe("hidden until the verdict", () => {
  test("a card says that there is an opinion, and nothing of it; where there is none it says nothing", async () => {
    const panel = await openWith("opinions");
    expect(await panel.card("q-0012/n0").getByText(hidden).count()).toBe(1);
    expect(await panel.page.getByRole("note").count()).toBe(0);
    expect(await panel.page.locator("mark").count()).toBe(0);
    await panel.press("j", "j", "j", "j", "j", "j");
    await panel.isAt("q-0012/n7");
    expect(await panel.card("q-0012/n7").getByText(hidden).count()).toBe(0);
  });

  test("after the verdict it is there: who, what, why, how much, and the words that decide", async () => {
    const panel = await openWith("opinions");
    await panel.press("a");
    await panel.isAt("q-0012/n1");
    await panel.press("k");
    await panel.isAt("q-0012/n0");
    expect(lines(await opinionOn(panel, "q-0012/n0").innerText())).toMatchInlineSnapshot(`
      [
        "Second opinion",
        "Relevant",
        "differs from your verdict",
        "62 % of its answer’s evidence",
        "qwen2.5:32b, confirming a first look",
        "It gives the time after which an archived snapshot expires.",
      ]
    `);
    expect(await panel.current.locator("mark").allInnerTexts()).toEqual(["Archived snapshots expire 400 days after sealing."]);
    expect(await panel.current.getByText(hidden).count()).toBe(0);
    expect(await panel.violations()).toEqual([]);
  });

  test("that it disagrees is said with the mark, and the next key is for the next card", async () => {
    const panel = await openWith("opinions");
    await panel.press("a");
    await panel.said.getByText("True negative, 11 left · The language model says “relevant”").waitFor();
    await panel.isAt("q-0012/n1");
    await panel.press("a");
    await panel.isAt("q-0012/n2");
    await panel.said.getByText("True negative, 10 left", { exact: true }).waitFor();
    expect(await panel.card("q-0012/n0").getByText("second opinion: relevant").count()).toBe(1);
    expect(await panel.card("q-0012/n1").getByText("second opinion:").count()).toBe(0);
  });

  test("keys pressed ahead lose nothing: each mark is on its own card", async () => {
    const panel = await openWith("opinions");
    await panel.press("a", "x", "p");
    await panel.isAt("q-0012/n3");
    expect(await panel.marks()).toEqual(["true_negative q-0012/n0", "false_negative q-0012/n1", "partly_relevant q-0012/n2"]);
    await panel.said.getByText("Partly relevant, 9 left", { exact: true }).waitFor();
  });

  test("can't tell and later disagree with nothing", async () => {
    const panel = await openWith("opinions");
    await panel.press("u");
    await panel.isAt("q-0012/n1");
    await panel.said.getByText("Can't tell, 11 left", { exact: true }).waitFor();
    await panel.press("Space");
    await panel.isAt("q-0012/n2");
    await panel.said.getByText("Later, 10 left", { exact: true }).waitFor();
    expect(await panel.card("q-0012/n1").getByText("second opinion:").count()).toBe(0);
  });

  test("a query called ambiguous and a positive called wrong say so with the key beside it, from the first verdict on", async () => {
    const panel = await openWith("opinions");
    expect(await panel.page.getByText("Called wrong").count()).toBe(0);
    await panel.press("a");
    const wrong = panel.page.locator("[data-positive='q-0012/p1']");
    await wrong.getByText("Called wrong").waitFor();
    expect(lines(await wrong.getByRole("note").innerText())).toMatchInlineSnapshot(`
      [
        "Called wrong",
        "It does not say when a snapshot is deleted, only that the time is fixed.",
      ]
    `);
    expect(await wrong.getByRole("button", { name: "Bad positive" }).count()).toBe(1);
    await panel.press("Enter");
    await panel.query.getByText("Which ports").waitFor();
    expect(await panel.page.getByText("Called ambiguous").count()).toBe(0);
    await panel.press("a");
    await panel.page.getByText("It does not say whether ports of the service or of the computer are meant.").waitFor();
  });
});

describe("the key of a positive called wrong", () => {
  test("it is the first one's until the opinion is on show, then that of the one called wrong, and the first one's again", async () => {
    const panel = await openWith("opinions");
    expect(await keyed(panel)).toEqual(["q-0012/p0"]);
    await panel.press("a");
    await panel.page.getByText("Called wrong").waitFor();
    expect(await keyed(panel)).toEqual(["q-0012/p1"]);
    await panel.press("b");
    await panel.said.getByText("Bad positive · “\u2068The archive tier has a fixed retention").waitFor();
    expect(await keyed(panel)).toEqual(["q-0012/p0"]);
    await panel.press("Backspace");
    await panel.said.getByText("Undone: Bad positive · “\u2068The archive tier has a fixed retention").waitFor();
    expect(await keyed(panel)).toEqual(["q-0012/p1"]);
    await panel.press("Control+y");
    await panel.said.getByText("Redone: Bad positive · “\u2068The archive tier has a fixed retention").waitFor();
    expect(await panel.marks()).toEqual(["true_negative q-0012/n0", "bad_positive q-0012/p1"]);
  });

  test("pressed twice ahead of the disk it is for one after the other", async () => {
    const panel = await openWith("always");
    await panel.page.getByText("Called wrong").waitFor();
    await panel.hold("nearmiss/appendMark");
    await panel.press("b", "b");
    await panel.release("nearmiss/appendMark");
    await panel.said.getByText("Bad positive · “\u2068Snapshots that reach the archive tier").waitFor();
    expect(await panel.marks()).toEqual(["bad_positive q-0012/p1", "bad_positive q-0012/p0"]);
  });

  test("pressed ahead of the opinion it is for what was on show then", async () => {
    const panel = await openWith("opinions");
    await panel.hold("nearmiss/appendMark");
    await panel.press("a", "b");
    await panel.release("nearmiss/appendMark");
    await panel.said.getByText("Bad positive · “\u2068Snapshots that reach the archive tier").waitFor();
    expect(await panel.marks()).toEqual(["true_negative q-0012/n0", "bad_positive q-0012/p0"]);
  });

  test("with the focus on a positive it is that one's", async () => {
    const panel = await openWith("always");
    await panel.page.getByText("Called wrong").waitFor();
    await panel.page.locator("[data-positive='q-0012/p0']").getByRole("button", { name: "Bad positive" }).focus();
    await panel.press("b");
    await panel.said.getByText("Bad positive · “\u2068Snapshots that reach the archive tier").waitFor();
    expect(await panel.marks()).toEqual(["bad_positive q-0012/p0"]);
  });

  test("blind, where nothing is said of positives, it is the first one's", async () => {
    const panel = await openWith("always");
    await panel.press("h");
    await panel.said.getByText("Blind on").waitFor();
    expect(await keyed(panel)).toEqual(["q-0012/p0"]);
    await panel.press("b");
    await expect.poll(() => panel.marks()).toEqual(["bad_positive q-0012/p0"]);
  });
});

describe("what marks record", () => {
  test("hidden, then seen, and nothing where there is no opinion", async () => {
    const panel = await openWith("opinions");
    await panel.press("a");
    await panel.isAt("q-0012/n1");
    await panel.press("k");
    await panel.isAt("q-0012/n0");
    await panel.press("p");
    await expect.poll(() => shown(panel)).toEqual(["q-0012/n0 false", "q-0012/n0 true"]);
    await panel.isAt("q-0012/n1");
    await panel.press("j", "j", "j", "j", "j", "a");
    await expect.poll(() => shown(panel).then((all) => all.at(-1))).toBe("q-0012/n7 undefined");
  });

  test("what was seen stays seen: a verdict that is taken back hides it, and the next one says true", async () => {
    const panel = await openWith("opinions");
    await panel.press("a");
    await panel.isAt("q-0012/n1");
    await panel.press("Backspace");
    await panel.isAt("q-0012/n0");
    await panel.current.getByText(hidden).waitFor();
    await panel.press("x");
    await expect.poll(() => shown(panel)).toEqual(["q-0012/n0 false", "q-0012/n0 true"]);
  });

  test("where the config shows them at once, they are on the cards, and marks say so; blind ones do not", async () => {
    const panel = await openWith("always");
    await opinionOn(panel, "q-0012/n0").getByText("Relevant", { exact: true }).waitFor();
    await panel.press("a");
    await panel.isAt("q-0012/n1");
    // Who has seen it need not be told.
    await panel.said.getByText("True negative, 11 left", { exact: true }).waitFor();
    await panel.press("h");
    await panel.said.getByText("Blind on").waitFor();
    expect(await panel.page.getByRole("note").count()).toBe(0);
    await panel.press("a");
    await panel.isAt("q-0012/n2");
    expect(await shown(panel)).toEqual(["q-0012/n0 true", "q-0012/n1 false"]);
  });

  test("a bad positive and a bad query say whether they were called so", async () => {
    const panel = await openWith("always");
    await panel.page.locator("[data-positive='q-0012/p1']").getByText("Called wrong").waitFor();
    await panel.press("b");
    await expect.poll(() => shown(panel)).toEqual(["q-0012/p1 true"]);
    await panel.page.locator("[data-positive='q-0012/p0']").getByRole("button", { name: "Bad positive" }).click();
    await expect.poll(() => shown(panel)).toEqual(["q-0012/p1 true", "q-0012/p0 undefined"]);
    // The verdict's answer gives the card its focus back.
    await panel.page.getByText("2 marked").waitFor();
    await panel.current.press("Enter");
    await panel.page.getByText("Called ambiguous").waitFor();
    await panel.press("q");
    await expect.poll(() => shown(panel).then((all) => all.at(-1))).toBe("undefined true");
  });

  test("near-duplicates that are marked along say what they had on show themselves", async () => {
    const panel = await openWith("opinions");
    await panel.press("a");
    await panel.button("Mark the same").waitFor();
    await panel.press("y");
    await panel.said.getByText("True negative: 2 near-duplicates with it").waitFor();
    expect(await shown(panel)).toEqual(["q-0012/n0 false", "q-0012/n10 undefined"]);
  });
});

describe("in the lanes", () => {
  test("harvest: hidden before, said after; the pair then waits among the disagreements", async () => {
    const panel = await openWith("opinions");
    await panel.press("m");
    await isAtPair(panel, harvest[0] ?? "");
    await panel.current.getByText(hidden).waitFor();
    await panel.press("a");
    await panel.said.getByText("True negative · Harvest, 2 of 3 · The language model says “relevant”").waitFor();
    await isAtPair(panel, harvest[1] ?? "");
    await lanes(panel).getByRole("button", { name: "Disagreements" }).click();
    await isAtPair(panel, harvest[0] ?? "");
    const card = panel.current;
    await card.getByText("differs from your verdict").waitFor();
    expect(await lanes(panel).locator(".why").innerText()).toBe("You and a language model judge it differently.");
    await panel.press("x");
    await lanes(panel).getByRole("heading", { name: "Disagreements: nothing left" }).waitFor();
    const marks = await panel.requests("nearmiss/appendMark");
    expect(marks.map(({ lane, verdict, opinionShown }) => ({ lane, verdict, opinionShown }))).toEqual([
      { lane: "harvest", verdict: "true_negative", opinionShown: false },
      { lane: "disagreements", verdict: "false_negative", opinionShown: true },
    ]);
  });

  test("the lane counts down, and passing over keeps a pair for the end", async () => {
    const panel = await openWith("opinions");
    await panel.press("a");
    await panel.isAt("q-0012/n1");
    await panel.press("x");
    await panel.isAt("q-0012/n2");
    await toLane(panel, "Disagreements", "q-0012/n0");
    await lanes(panel).getByText("1 of 2").waitFor();
    await panel.press("Space");
    await isAtPair(panel, "q-0012/n1");
    await panel.press("x");
    await isAtPair(panel, "q-0012/n0");
    await lanes(panel).getByText("1 of 1").waitFor();
  });

  test.for([
    ["Audit", audit[0] ?? ""],
    ["Second person", "q-0012/n7"],
  ] as const)("%s says nothing at all before the verdict, also where the config shows opinions at once", async ([lane, first]) => {
    const panel = await openWith("always");
    await toLane(panel, lane, first);
    expect(
      await panel.page
        .locator(".panes")
        .getByText(/opinion|called wrong|called ambiguous/iu)
        .count(),
    ).toBe(0);
    expect(await panel.page.locator("main mark").count()).toBe(0);
    await panel.press("x");
    await expect.poll(() => shown(panel).then((all) => all.length)).toBe(1);
    // q-0013/n1 has an opinion, q-0012/n7 has none.
    expect(await shown(panel)).toEqual([`${first} ${lane === "Audit" ? "false" : "undefined"}`]);
  });

  test("of an audited pair the opinion is said when its verdict is on disk", async () => {
    const panel = await openWith("opinions");
    await toLane(panel, "Audit", audit[0] ?? "");
    await panel.press("x");
    await panel.said.getByText("· The language model says “not relevant”").waitFor();
    await isAtPair(panel, audit[1] ?? "");
  });

  test("without any opinion the lane is listed nowhere", async () => {
    const panel = await openPanel({ scenario: "curation" });
    await panel.press("m");
    await isAtPair(panel, harvest[0] ?? "");
    expect(await lanes(panel).getByRole("button", { name: "Disagreements" }).count()).toBe(0);
    await panel.press("c");
    await panel.page.locator("[data-curation] [data-lane=audit]").waitFor();
    expect(await panel.page.locator("[data-lane=disagreements]").count()).toBe(0);
  });

  test("with opinions it is in the table of lanes, with what it is for", async () => {
    const panel = await openWith("opinions");
    await panel.press("a");
    await panel.isAt("q-0012/n1");
    await panel.press("c");
    await panel.page.locator("[data-lane=disagreements]", { hasText: "1 left" }).waitFor();
    expect(lines(await panel.page.locator("[data-lane=disagreements]").innerText())).toMatchInlineSnapshot(`
      [
        "Disagreements",
        "1 left",
        "Judge",
        "Pairs that you and a language model judge differently, to be looked at again with its reason.",
      ]
    `);
  });
});

describe("a model's words are text", () => {
  test("markup in a reason, a name or the deciding words does nothing", async () => {
    const panel = await openWith("always");
    await panel.press("t");
    await panel.down(13);
    await panel.isAt("q-0012/n9");
    expect(lines(await opinionOn(panel, "q-0012/n9").innerText())).toMatchInlineSnapshot(`
      [
        "Second opinion",
        "Relevant",
        "<script>document.body.dataset.owned='yes'</script>",
        "<img src=x onerror="document.body.dataset.owned='yes'"> It names <b>400</b> days.",
      ]
    `);
    expect(await panel.current.locator("mark").allInnerTexts()).toEqual(["Archive retention <b>400</b> days"]);
    expect(await panel.page.locator("main img, main script, main b b").count()).toBe(0);
    expect(await panel.page.evaluate(() => document.body.dataset["owned"])).toBeUndefined();
    expect(await panel.violations()).toEqual([]);
  });

  test("words that are not in the passage are marked nowhere", async () => {
    const panel = await openWith("always");
    await panel.press("j", "j", "j", "j", "j", "j", "j");
    await panel.isAt("q-0012/n8");
    await opinionOn(panel, "q-0012/n8").getByText("It is about the bin.").waitFor();
    expect(await panel.current.locator("mark").count()).toBe(0);
    expect(await panel.current.getByText("words that are not in the passage").count()).toBe(0);
  });

  test("words beyond the cut of a long text are quoted below it, and marked in their place where the whole is shown", async () => {
    const panel = await openWith("always");
    await panel.down(5);
    await panel.isAt("q-0012/n6");
    const words = "Section 9. Retention in the archive tier is counted from the day on which the snapshot was sealed";
    expect(await panel.current.locator("p.text").allInnerTexts()).toHaveLength(2);
    expect(await panel.current.locator("mark").allInnerTexts()).toEqual([words]);
    await panel.press("e");
    await panel.current.getByRole("button", { name: "Show less" }).waitFor();
    expect(await panel.current.locator("p.text").count()).toBe(1);
    expect(await panel.current.locator("mark").allInnerTexts()).toEqual([words]);
    // The text is whole, whatever is marked in it.
    expect((await panel.current.locator("p.text").innerText()).length).toBe(16_811);
  });

  test("shared terms stay marked in and around the deciding words", async () => {
    const panel = await openWith("always");
    expect(await panel.current.locator("mark .both").allInnerTexts()).toEqual(["snapshots"]);
    expect(await panel.current.locator(".text").innerText()).toBe(
      "Archived snapshots expire 400 days after sealing. Expiry is final: an expired snapshot cannot be brought back, not even by support.",
    );
  });
});
