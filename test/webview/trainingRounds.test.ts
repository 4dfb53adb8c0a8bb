import { describe, expect, test } from "vitest";
import { panelSession } from "./support/session";
import { lines, rows, run, start, train, trainingOn, unfold, view } from "./support/trainingView";

const openTraining = trainingOn(panelSession());

describe("a run that ended without an adapter", () => {
  test("says why in a sentence, shows its curves with the encoder's line, and has no table of a comparison that there was not", async () => {
    const ending =
      "No better on the validation queries for 5 epochs. No epoch came up to the frozen encoder on the validation queries, so that no adapter was kept.";
    const panel = await openTraining();
    await start(panel);
    await train(panel, 10);
    await panel.page.evaluate((args) => window.fakeHost.breakTraining(...args), ["finished", ending] as const);
    await run(panel, "run-1").locator(".state.finished").waitFor();
    expect(await run(panel, "run-1").locator(".report > p").allInnerTexts()).toEqual([
      ending,
      "Queries: 1,502 to train on, 376 for validation, 626 for the test.",
      "212 of those to train on have a teacher, made of what language models said.",
      "It made no adapter: there is nothing to compare or to use.",
    ]);
    expect(await rows(panel, /encoder as it is against/u)).toEqual([]);
    expect(await run(panel, "run-1").locator("svg text", { hasText: "encoder as it is 0.381" }).count()).toBe(1);
    expect(await run(panel, "run-1").getByRole("button", { name: "Use this adapter…" }).count()).toBe(0);
    expect(await panel.axe()).toEqual([]);
  });

  test("one that ended before its first round has no table of rounds either", async () => {
    const panel = await openTraining();
    await start(panel);
    await panel.page.evaluate((args) => window.fakeHost.breakTraining(...args), ["failed", "The disk is full."] as const);
    await run(panel, "run-1").locator(".state.failed").waitFor();
    expect(await run(panel, "run-1").getByRole("table").count()).toBe(0);
    expect(await run(panel, "run-1").locator("svg").count()).toBe(0);
  });
});

describe("rounds", () => {
  test("what each round changed, a column each; a figure that is not known is empty", async () => {
    const panel = await openTraining({ scenario: "trained" });
    await unfold(panel, "run-2");
    const cells = await run(panel, "run-2").getByRole("region", { name: "Rounds of run-2" }).locator("tr").allInnerTexts();
    expect(cells.map((row) => row.replaceAll("\t", " | "))).toMatchInlineSnapshot(`
      [
        "Round | 1 | 2 | 3 | after",
        "Steps | 120 | 120 | 120 | ",
        "Added | +7,510 | +3,154 | +1,325 | +556",
        "Dropped | 0 | −3,142 | −1,313 | −544",
        "Kept | 0 | 4,356 | 6,185 | 6,954",
        "Hardness | 0.512 | 0.529 | 0.538 | 0.539",
        "Overlap | 62 % | 69 % | 76 % | 83 %",
        "Marked | 1 % | 2 % | 3 % | 4 %",
        "Est. FN |  | 9 % | 11 % | 12 %",
        "Loss | 0.662 | 0.682 | 0.750 | ",
        "nDCG@10 | 0.416 | 0.427 | 0.431 | ",
      ]
    `);
  });

  test("two rounds compared: the changed queries, and one query's passages with ranks, scores and reasons", async () => {
    const panel = await openTraining({ scenario: "trained" });
    await unfold(panel, "run-2");
    await run(panel, "run-2").getByRole("button", { name: "Compare rounds" }).click();
    const compare = panel.page.getByRole("region", { name: "Compare rounds" });
    const queries = compare.getByRole("list", { name: "Changed queries" }).getByRole("button");
    await queries.first().waitFor();
    expect(await queries.nth(1).innerText()).toContain("Which ports must be open for the Tern agent?");
    await queries.first().focus();
    await panel.press("ArrowDown", "Enter");
    const changes = compare.getByRole("region", { name: "Changes of this query" });
    await changes.getByText("the agent never listens").waitFor();
    expect(lines(await changes.getByRole("listitem").first().innerText())).toMatchInlineSnapshot(`
      [
        "+ added",
        "now rank 1, score 0.710",
        "If a proxy is in use, allow CONNECT to *.vault.tern.example on port 8447; the agent never listens.",
        "The adapter brings it nearer to the query: it came within the 30 nearest.",
      ]
    `);
    expect(await changes.getByRole("listitem").nth(2).locator(".facts").innerText()).toContain("rank 3, score 0.670 → rank 2, score 0.690");
    expect(await changes.locator(".kind").allInnerTexts()).toEqual(["+ added", "+ added", "− dropped", "= kept", "= kept"]);
    expect(await compare.getByRole("combobox", { name: "to" }).locator("option").allInnerTexts()).toEqual([
      "round 1",
      "round 2",
      "round 3",
      "after training",
    ]);
    await compare.getByRole("combobox", { name: "From" }).selectOption("1");
    await compare.getByRole("combobox", { name: "to" }).selectOption("1");
    expect(await compare.getByRole("status").innerText()).toBe("Choose two different rounds.");
    await compare.getByRole("combobox", { name: "to" }).selectOption("3");
    await queries.first().waitFor();
    expect((await panel.requests("nearmiss/compareRounds")).map(({ from, to, query }) => [from, to, query])).toMatchInlineSnapshot(`
      [
        [
          3,
          4,
          undefined,
        ],
        [
          3,
          4,
          1,
        ],
        [
          1,
          4,
          undefined,
        ],
        [
          1,
          3,
          undefined,
        ],
      ]
    `);
    await queries.nth(1).click();
    await changes.getByRole("button", { name: "Open query" }).click();
    await panel.query.getByText("Which ports must be open").waitFor();
    await panel.press("Escape", "l");
    await changes.getByText("the agent never listens").waitFor();
    await run(panel, "run-2").getByRole("button", { name: "Compare rounds" }).click();
    await compare.waitFor({ state: "detached" });
    expect(await run(panel, "run-2").getByRole("region", { name: "Rounds of run-2" }).isVisible()).toBe(true);
  });

  test("the comparison comes into view when it is opened, with the focus in it, and every query can be reached by the keys", async () => {
    const panel = await openTraining({ scenario: "trained" });
    await unfold(panel, "run-2");
    await run(panel, "run-2").getByRole("button", { name: "Compare rounds" }).focus();
    await panel.press("Enter");
    const compare = panel.page.getByRole("region", { name: "Compare rounds" });
    await compare.getByRole("listitem").first().waitFor();
    const focused = () =>
      panel.page.evaluate(() => document.activeElement?.closest("label, button, vscode-button, section")?.textContent.trim() ?? "");
    expect(await compare.evaluate((region) => region === document.activeElement)).toBe(true);
    const [top, height] = await compare.evaluate((region) => {
      const body = region.closest(".body")?.getBoundingClientRect() ?? new DOMRect();
      return [region.getBoundingClientRect().top - body.top, body.height];
    });
    expect(top).toBeGreaterThanOrEqual(-1);
    expect(top).toBeLessThan(height / 2);
    await panel.press("Tab");
    expect(await focused()).toMatch(/^From/u);
    await panel.press("Tab", "Tab");
    expect(await focused()).toContain("+4 −4");
    const queries = compare.getByRole("list", { name: "Changed queries" }).getByRole("button");
    await panel.press("End");
    expect(await queries.last().evaluate((button) => button === document.activeElement)).toBe(true);
    await panel.press("Home", "Enter", "Tab");
    expect(await focused()).toBe("Open query");
  });

  test("no two ticks of a chart read the same", async () => {
    const panel = await openTraining({ scenario: "trained" });
    await unfold(panel, "run-2");
    const axes = run(panel, "run-2").locator('svg g[aria-label="y-axis tick label"]');
    const ticks = await axes.evaluateAll((groups) => groups.map((group) => [...group.children].map(({ textContent }) => textContent)));
    expect(ticks).toMatchInlineSnapshot(`
      [
        [
          "0.5",
          "1.0",
          "1.5",
          "2.0",
        ],
        [
          "0.36",
          "0.38",
          "0.40",
          "0.42",
          "0.44",
        ],
        [
          "0 %",
          "50 %",
          "100 %",
        ],
        [
          "0.51",
          "0.52",
          "0.53",
          "0.54",
        ],
      ]
    `);
  });

  test("texts of the data stay texts", async () => {
    const panel = await openTraining({ scenario: "trained" });
    await unfold(panel, "run-2");
    await run(panel, "run-2").getByRole("button", { name: "Compare rounds" }).click();
    await view(panel).getByText("<img src=x onerror=").waitFor();
    expect(await panel.page.evaluate(() => document.body.dataset["owned"])).toBeUndefined();
    expect(await panel.page.locator("main img, main script").count()).toBe(0);
  });
});
