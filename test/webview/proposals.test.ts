// Changes of the sampler that the marks speak for: above the candidates, and with their tests and prices in the sampler view.
import { describe, expect, test } from "vitest";
import type { Panel } from "./support/panel";
import { panelSession } from "./support/session";

const openPanel = panelSession();
const propose = "nearmiss/proposeSampler";

async function marked(options: Parameters<typeof openPanel>[0] = {}): Promise<Panel> {
  const panel = await openPanel(options);
  await panel.press("x", "x");
  await panel.page.getByRole("region", { name: "Sampler proposal" }).waitFor();
  return panel;
}

describe("above the candidates", () => {
  test("the most trusted one stands with its test and its price, opens its own diff, and goes when it was accepted", async () => {
    const panel = await marked();
    const offer = panel.page.getByRole("region", { name: "Sampler proposal" });
    expect(await offer.innerText()).toMatchInlineSnapshot(`
      "Your marks suggest a change max_positive_similarity of SimANS from 0.9 to 0.78. 132 audited pairs, 1 false: at most 4.6 % (target 5 %, 95 % sure). Of the marked pairs it keeps out 2 of 2 false negatives, loses 1 of 31 true negatives.
      Show the change
      All 3 proposals
      Not now"
    `);
    await panel.isAt("q-0012/n2");
    await panel.button("Show the change").click();
    await panel.said.getByText("Config saved, mining again").waitFor();
    expect(await offer.count()).toBe(0);
    expect(await panel.requests("host/reviewConfigChange")).toMatchInlineSnapshot(`
      [
        {
          "dataset": "file:///home/ada/tern/train.jsonl",
          "edits": [
            {
              "path": [
                "sampler",
                "max_positive_similarity",
              ],
              "value": 0.78,
            },
          ],
        },
      ]
    `);
  });

  test("put aside, it stays away while the proposals are the same", async () => {
    const panel = await marked();
    await panel.button("Not now").click();
    await panel.press("x");
    await panel.said.getByText("False negative, 9 left").waitFor();
    await expect.poll(() => panel.requests(propose).then((asked) => asked.length)).toBe(4);
    expect(await panel.page.getByRole("region", { name: "Sampler proposal" }).count()).toBe(0);
  });

  test("is tested with the newest marks before its diff is shown: one that they do not speak for any more goes, which is said", async () => {
    const panel = await marked();
    await panel.said.getByText("False negative, 10 left").waitFor();
    await panel.hold(propose);
    await panel.press("Backspace");
    await panel.said.getByText("Undone").waitFor();
    await panel.button("Show the change").click();
    await panel.said.getByText("Testing it with your newest marks").waitFor();
    await panel.release(propose);
    await panel.said.getByText("Withdrawn: your newest marks are against it").waitFor();
    expect(await panel.page.getByRole("region", { name: "Sampler proposal" }).count()).toBe(0);
    expect(await panel.requests("host/reviewConfigChange")).toEqual([]);
  });

  test("a test that could not be made is no word against the change: the failure is said, and a retry shows the diff", async () => {
    const panel = await marked();
    await panel.page.evaluate(() =>
      window.fakeHost.failNext("nearmiss/proposeSampler", "The vector process has ended.", "Resume embedding, then retry."),
    );
    await panel.button("Show the change").click();
    await panel.page.getByText("The vector process has ended.").first().waitFor();
    expect(await panel.said.innerText()).toBe("");
    expect(await panel.requests("host/reviewConfigChange")).toEqual([]);
    await panel.button("Retry").click();
    await panel.said.getByText("Config saved, mining again").waitFor();
    expect(await panel.requests("host/reviewConfigChange")).toHaveLength(1);
  });

  test("is asked for once at a time, however fast the marks come", async () => {
    const panel = await openPanel();
    await panel.hold(propose);
    await panel.press("x", "x", "a", "a");
    await panel.said.getByText("True negative, 8 left").waitFor();
    expect(await panel.requests(propose)).toHaveLength(2);
    await panel.release(propose);
    await panel.page.getByRole("region", { name: "Sampler proposal" }).waitFor();
    expect(await panel.requests(propose)).toHaveLength(3);
  });
});

describe("in the sampler view", () => {
  test("each stands with its test, its price both ways and the whole file; SimANS' parameters say that no test stands behind them", async () => {
    const panel = await marked();
    await panel.button("All 3 proposals").click();
    const list = panel.page.locator(".proposals .list");
    await list.waitFor();
    expect(await list.innerText()).toMatchInlineSnapshot(`
      "max_positive_similarity SimANS

      from 0.9 to 0.78
      0.9 → 0.78

      Show the change
      Test
      132 audited pairs, 1 false: at most 4.6 % (target 5 %, 95 % sure)
      Marked pairs
      keeps out 2 of 2 false negatives, loses 1 of 31 true negatives
      Whole file
      mean score 0.512 to 0.498, yield 100 % to 99.1 %
      In words
      relative_margin SimANS

      from 0.05 to 0.08
      0.05 → 0.08

      Show the change
      Test
      139 audited pairs, none false, 2 not asked about and counted as false: at most 5 % (target 5 %, 95 % sure)
      Marked pairs
      keeps out 1 of 2 false negatives, loses 6 of 31 true negatives
      Whole file
      mean score 0.512 to 0.487, yield 100 % to 96.2 %
      In words
      SimANS draw SimANS

      from a 1, b 0 to a 0.64, b -0.83
      a 1, b 0 → a 0.64, b -0.83

      Show the change
      Test
      none: it moves how hard the negatives are. The guard max_fn_probability is what keeps false negatives out.
      Marked pairs
      keeps out 0 of 2 false negatives, loses 4 of 31 true negatives
      Whole file
      mean score 0.512 to 0.505, yield 100 % to 100 %
      In words

      The guard max_fn_probability is not tested yet: its model has to be learnt from at least 30 marks that this audit did not choose, false negatives among them. Mark in the harvest lane."
    `);
    await list.getByText("In words").first().click();
    await list.getByText("which tightens it").first().waitFor();
  });

  test("by keyboard: the change of one is shown and accepted, and no other can be shown meanwhile", async () => {
    const panel = await marked();
    await panel.press("s");
    const button = panel.page.getByRole("button", { name: "Show the change of relative_margin, SimANS" });
    await button.focus();
    await panel.hold("host/reviewConfigChange");
    await panel.page.keyboard.press("Enter");
    await expect
      .poll(() =>
        panel.page
          .getByRole("button", { name: /^Show the change of/u })
          .first()
          .isDisabled(),
      )
      .toBe(true);
    await panel.release("host/reviewConfigChange");
    await panel.said.getByText("Config saved, mining again").waitFor();
    const [asked] = await panel.requests("host/reviewConfigChange");
    expect(asked).toMatchObject({ edits: [{ path: ["sampler", "relative_margin"], value: 0.08 }] });
  });

  test("without one it says why and what would help, with the tests as they are now", async () => {
    const panel = await openPanel();
    await panel.press("s");
    await panel.page.getByText("It takes about 46 more clean marks in the audit lane").waitFor();
    expect(await panel.page.locator(".proposals summary").first().innerText()).toMatchInlineSnapshot(`
      "Proposals from your marks
      None"
    `);
    expect((await panel.requests(propose)).some((asked) => JSON.stringify(asked).includes('"fresh":true'))).toBe(true);
  });
});
