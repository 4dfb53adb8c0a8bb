import { describe, expect, test } from "vitest";
import type { Panel } from "./support/panel";
import { audit, isAtPair, lanes, pairsOn, sent } from "./support/pairs";
import { panelSession } from "./support/session";

const openPanel = panelSession();
const openPairs = pairsOn(openPanel);

/** All that the page holds of the pair and its query, in texts and in attributes: what a person can see, hear or hover over. */
async function held(panel: Panel): Promise<string> {
  const html = await panel.page.locator("main .panes").evaluate((panes) => panes.outerHTML);
  // Names of elements and classes, and the shapes of icons, are no words.
  return html.replace(/ (?:class|d|style|data-card|data-positive)="[^"]*"/gu, "").replace(/<\/?[a-z-]+/gu, "");
}

/** What the list says of a pair, so that the test sees that there is something to hide. */
const facts: Readonly<Record<string, RegExp>> = {
  score: /0\.767|0\.842/u,
  scale: /viewBox="0 0 84 14"/u,
  margin: /(?:above|below) the positive|level with/u,
  rank: /rank \d/u,
  source: /SimANS|same article|nearest/u,
  suspicion: /likely relevant|P\(relevant\)/u,
  gradient: /of the gradient|useful|dominant/u,
  reason: /Kept:|Dropped:|drawn from/u,
  listed: /listed negative/u,
  place: /line 208|Go to line 208/u,
  position: /Candidate \d/u,
};

const foundIn = (text: string): readonly string[] => Object.keys(facts).filter((name) => facts[name]?.test(text) === true);

describe("blind", () => {
  test("what is hidden in a lane is what the list says of the same pair", async () => {
    const panel = await openPairs("Audit");
    await isAtPair(panel, audit[0] ?? "");
    expect(foundIn(await held(panel))).toEqual([]);
    await panel.press("Shift+M");
    await panel.isAt(audit[0] ?? "");
    expect(foundIn(await held(panel))).toEqual(Object.keys(facts));
  });

  test("the Blind switch cannot uncover it, nor can the way to its line", async () => {
    const panel = await openPairs("Audit");
    await panel.press("h");
    await panel.said.getByText("This pair is judged blind in any case").waitFor();
    await panel.press("g");
    await panel.said.getByText("The line of a blind pair is shown once it is judged").waitFor();
    expect(await panel.requests("host/revealPlace")).toEqual([]);
    expect(foundIn(await held(panel))).toEqual([]);
    expect(await panel.page.getByRole("checkbox", { name: "Blind" }).count()).toBe(0);
  });

  test.for(["Audit", "Second person"])("%s hides it all, and its marks say so", async (lane) => {
    const panel = await openPairs(lane);
    expect(foundIn(await held(panel))).toEqual([]);
    await panel.press("p");
    await expect.poll(() => sent(panel)).toMatchObject([{ verdict: "partly_relevant", blind: true, suggestionShown: false }]);
  });

  test("an earlier verdict on the pair is kept back, as label, as pressed button and as promoted positive", async () => {
    const panel = await openPanel({ scenario: "curation" });
    // Promoted in the list, as another person may have done.
    await panel.press("Enter", "Enter", "Enter", "j", "j");
    await panel.isAt("q-0015/n2");
    await panel.press("x");
    await panel.page.getByText("promoted by you").waitFor();
    await panel.page.evaluate(() => window.fakeHost.offerAgain("q-0015/n2"));
    await panel.press("m");
    await lanes(panel).getByRole("button", { name: "Second person" }).click();
    await isAtPair(panel, "q-0012/n7");
    await panel.press("a");
    await isAtPair(panel, "q-0015/n2");
    expect(await panel.page.getByText("promoted by you").count()).toBe(0);
    expect(await panel.page.locator("[data-positive]").count()).toBe(0);
    expect(await panel.current.getByText("False negative").count()).toBe(1);
    expect(await panel.current.locator("[aria-pressed=true]").count()).toBe(0);
    expect(await panel.current.getAttribute("aria-label")).toBe("Pair to judge");
    expect(foundIn(await held(panel))).toEqual([]);
  });
});

describe("suspicion", () => {
  test("in words where it is likely, as a quiet number elsewhere, and written into the mark", async () => {
    const panel = await openPanel({ scenario: "curation" });
    expect(await panel.card("q-0012/n0").getByText("likely relevant: almost the positive’s text").count()).toBe(1);
    expect(await panel.card("q-0012/n0").getByText("P(relevant) 71 %").count()).toBe(1);
    await panel.card("q-0012/n3").scrollIntoViewIfNeeded();
    expect(await panel.card("q-0012/n3").getByText("P(relevant) 44 %").count()).toBe(1);
    expect(await panel.card("q-0012/n3").getByText("likely relevant").count()).toBe(0);
    await panel.press("a");
    await panel.isAt("q-0012/n1");
    await panel.press("h", "a");
    await panel.isAt("q-0012/n2");
    expect(await panel.page.getByText("P(relevant)").count()).toBe(0);
    expect((await sent(panel)).map((mark) => mark as object)).toMatchObject([
      { blind: false, suggestionShown: true },
      { blind: true, suggestionShown: false },
    ]);
    expect((await sent(panel)).some((mark) => "lane" in (mark as object))).toBe(false);
  });
});
