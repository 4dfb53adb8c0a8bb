import { describe, expect, test } from "vitest";
import type { Theme } from "./support/panelServer";
import { panelSession } from "./support/session";

const openPanel = panelSession();
const themes: readonly Theme[] = ["light", "dark", "hc"];
const wide = 1100;
const narrow = 420;

describe("every theme and width is accessible and keeps to the policy", () => {
  test.for(themes.flatMap((theme) => [wide, narrow].map((width) => ({ theme, width }))))(
    "$theme at $width px",
    async ({ theme, width }) => {
      const panel = await openPanel({ theme, width });
      await panel.press("a", "x", "x", "t");
      await panel.down(10);
      await panel.page.getByRole("heading", { name: "Left by your verdict" }).waitFor();
      expect(await panel.axe()).toEqual([]);
      await panel.press("?");
      expect(await panel.axe()).toEqual([]);
      expect(await panel.violations()).toEqual([]);
    },
  );

  test.for(["lexical", "broken", "none", "unreadable"])("%s", async (scenario) => {
    const panel = await openPanel({ theme: "light", scenario });
    expect(await panel.axe()).toEqual([]);
    expect(await panel.violations()).toEqual([]);
  });
});

describe("layout", () => {
  test("query and candidates stand side by side where there is room, else one above the other", async () => {
    const panel = await openPanel({ width: wide });
    const boxes = async () => {
      const query = await panel.page.getByRole("region", { name: "Query", exact: true }).boundingBox();
      const candidates = await panel.page.getByRole("region", { name: "Candidates", exact: true }).boundingBox();
      return { sideBySide: query?.y === candidates?.y, stacked: query?.x === candidates?.x };
    };
    expect(await boxes()).toEqual({ sideBySide: true, stacked: false });
    await panel.page.setViewportSize({ width: narrow, height: 900 });
    expect(await boxes()).toEqual({ sideBySide: false, stacked: true });
    const overflow = await panel.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(overflow).toBe(0);
  });

  test("a list of 2,000 candidates draws only the cards in sight, and keeps the current one", async () => {
    const panel = await openPanel({ scenario: "crowded" });
    expect(await panel.page.getByText("2,000 to judge").count()).toBe(1);
    expect(await panel.cards.count()).toBeLessThan(25);
    await panel.page.locator(".scroller").evaluate((list) => list.scrollTo({ top: 100_000 }));
    await panel.page
      .getByText(/^Passage [789]\d\d on/)
      .first()
      .waitFor();
    expect(await panel.cards.count()).toBeLessThan(25);
    await panel.isAt("q-crowded/n0");
    await panel.press("a");
    await panel.isAt("q-crowded/n1");
    expect(await panel.violations()).toEqual([]);
  });
});

describe("what a card says", () => {
  test("similarity, margin, rank, source, line, reason, other uses", async () => {
    const panel = await openPanel();
    expect(await panel.card("q-0012/n0").locator("header").innerText()).toMatchInlineSnapshot(`
      "similarity
      0.786
      0.022 above the positive
      useful
      , 34 % of the gradient
      rank 2 · nearest
      line 201"
    `);
    expect(await panel.card("q-0012/n0").locator(".reason").innerText()).toMatchInlineSnapshot(`
      "Kept: drawn from ranks 1 to 30
      also used in 1 other query"
    `);
    expect(await panel.card("q-0012/n1").getByText("listed negative").count()).toBe(1);
    expect(await panel.card("q-0012/n2").getByText("0.015 below the positive").count()).toBe(1);
  });

  test("every source that found it, the probability of a draw, and the rescorer's score apart from the similarity", async () => {
    const panel = await openPanel();
    const facts = (id: string) => panel.card(id).locator("header").innerText();
    expect(await facts("q-0012/n1")).toContain("rank 3 · SimANS, p 2.8 %");
    expect(await facts("q-0012/n2")).toContain("rank 4 · same article + nearest");
    await panel.card("q-0012/n3").scrollIntoViewIfNeeded();
    expect((await facts("q-0012/n3")).split("\n")).toContain("rescored 6.110");
  });

  test("terms shared with the query and with a positive are marked apart, until O", async () => {
    const panel = await openPanel();
    const marked = (kind: string) => panel.card("q-0012/n0").locator(`.text .${kind}`).allInnerTexts();
    expect({ query: await marked("query"), positive: await marked("positive"), both: await marked("both") }).toMatchInlineSnapshot(`
      {
        "both": [
          "snapshots",
          "snapshot",
        ],
        "positive": [
          "400",
          "days",
          "after",
        ],
        "query": [],
      }
    `);
    await panel.press("o");
    await panel.said.getByText("Shared terms off").waitFor();
    expect(await marked("both")).toEqual([]);
  });

  test("hostile text stays text", async () => {
    const panel = await openPanel();
    await panel.press("t");
    await panel.down(13);
    await panel.isAt("q-0012/n9");
    const text = panel.page.getByText("<img src=x onerror=");
    expect(await text.innerText()).toContain(
      "<script>document.body.dataset.owned='yes'</script> Archive retention <b>400</b> days &amp; more",
    );
    expect(await panel.page.evaluate(() => document.body.dataset["owned"])).toBeUndefined();
    expect(await panel.page.locator("main img, main script").count()).toBe(0);
    expect(await panel.violations()).toEqual([]);
  });

  test("right-to-left text runs from the right", async () => {
    const panel = await openPanel();
    await panel.press("Enter", "Enter");
    await panel.query.getByText("رمز الوصول").waitFor();
    expect(await panel.query.evaluate((element) => getComputedStyle(element).direction)).toBe("rtl");
  });

  test("a long text is cut until the whole is asked for", async () => {
    const panel = await openPanel();
    await panel.down(5);
    await panel.isAt("q-0012/n6");
    const length = async () => (await panel.current.locator(".text").innerText()).length;
    expect(await length()).toBeLessThan(430);
    await panel.press("e");
    await panel.current.getByRole("button", { name: "Show less" }).waitFor();
    expect(await length()).toBe(16_811);
    await panel.current.getByRole("button", { name: "Show less" }).click();
    await panel.current.getByRole("button", { name: "Show all (16,811 characters)" }).waitFor();
    await panel.press("j");
    await panel.isAt("q-0012/n7");
  });

  test("blind hides score, rank, source and reason, and is written into the mark", async () => {
    const panel = await openPanel();
    await panel.press("h");
    await panel.said.getByText("Blind on").waitFor();
    expect(await panel.page.getByText(/rank 2|0\.786|nearest|drawn from|0\.842/).count()).toBe(0);
    await panel.press("a");
    await panel.isAt("q-0012/n1");
    expect((await panel.requests("nearmiss/appendMark")).map((params) => params["blind"])).toEqual([true]);
  });

  test("lexical candidates are labelled, on the list and on each card", async () => {
    const panel = await openPanel({ scenario: "lexical" });
    expect(await panel.page.getByText("Lexical (BM25), embeddings still coming").count()).toBe(1);
    expect(await panel.current.innerText()).toContain("lexical (BM25)");
    expect(await panel.page.getByText("1,204 of 12,431").count()).toBe(1);
  });
});
