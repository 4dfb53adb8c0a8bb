import { describe, expect, test } from "vitest";
import {
  begin,
  button,
  choose,
  comesTo,
  figures,
  hasFocus,
  isOff,
  isWaiting,
  label,
  opinionsOn,
  planned,
  plans,
  section,
  starts,
  view,
} from "./support/opinionsView";
import { isAtPair, lanes } from "./support/pairs";
import { panelSession } from "./support/session";
import { lines } from "./support/trainingView";

const openPanel = panelSession();
const openOpinions = opinionsOn(openPanel);
describe("the plan", () => {
  test("before a model is chosen the view says what one can do, what it never does, and asks for nothing", async () => {
    const panel = await openOpinions();
    expect(await view(panel).locator(".what").innerText()).toMatchInlineSnapshot(
      `"A language model can judge candidates by what they mean, or answer a query and tell which passages its answer rests on. Its word is no mark: it takes nothing out of the negatives, promotes nothing, and stays hidden until your own verdict unless the config shows it earlier."`,
    );
    expect(lines(await section(panel, "What that comes to").innerText())).toMatchInlineSnapshot(`
      [
        "What that comes to",
        "Choose a model, and what a run comes to is shown here. Nothing is sent before you press a button.",
      ]
    `);
    expect(await plans(panel)).toEqual([]);
    await expect.poll(() => isOff(panel, "Ask")).toEqual([true]);
    await expect.poll(() => isOff(panel, "Try on three queries")).toEqual([true]);
  });

  test("with a model it says what a run comes to, in pairs, calls, tokens and money, and what leaves the machine", async () => {
    const panel = await openOpinions();
    await choose(panel);
    expect(await view(panel).getByText("GPT-4o mini", { exact: true }).count()).toBe(1);
    expect(await view(panel).getByText("offered by Copilot").count()).toBe(1);
    expect(await figures(panel, "What that comes to")).toMatchInlineSnapshot(`
      [
        "Queries: 4",
        "Pairs: 25",
        "Calls: at most 4",
        "Tokens: about 8,560 in, 1,640 out",
        "Money: about 0.0023",
      ]
    `);
    expect(lines(await view(panel).locator(".leaves").innerText())).toMatchInlineSnapshot(`
      [
        "What leaves this machine",
        "Queries and the texts of up to 10 of their passages are sent to GPT-4o mini of Copilot. Marks, file names and keys are not sent.",
      ]
    `);
    await view(panel).locator("[role=status]", { hasText: "4 queries, 25 pairs, at most 4 calls, about 0.0023" }).waitFor();
    expect(await starts(panel)).toEqual([]);
    expect(await panel.violations()).toEqual([]);
  });

  test("it follows the task, the confirming model and the number of queries", async () => {
    const panel = await openOpinions();
    await choose(panel);
    await button(panel, "Choose the confirming model").click();
    await comesTo(panel, "Calls", "at most 8");
    await view(panel).getByLabel("Queries", { exact: true }).fill("2");
    await panel.press("Tab");
    await comesTo(panel, "Calls", "at most 4");
    await view(panel).getByText("labelling.queries in the config is 100").waitFor();
    await view(panel).getByRole("radio", { name: "Which passages an answer rests on" }).check();
    await comesTo(panel, "Calls", "at most 18");
    expect(await view(panel).getByText("Confirming model").count()).toBe(0);
    const asked = (await plans(panel)).map(({ dataset: _dataset, model, confirmWith, ...rest }) => ({
      model: (model as { id: string }).id,
      confirmWith: (confirmWith as { id: string } | undefined)?.id,
      ...rest,
    }));
    expect(asked.at(-2)).toEqual({ model: "copilot/gpt-4o-mini", confirmWith: "qwen2.5:32b", task: "judge", queries: 2 });
    expect(asked.at(-1)).toEqual({ model: "copilot/gpt-4o-mini", confirmWith: undefined, task: "answer", queries: 2 });
  });

  test("a confirming model can be done without again, and the focus stays in the view", async () => {
    const panel = await openOpinions();
    await choose(panel);
    await button(panel, "Choose the confirming model").click();
    await comesTo(panel, "Calls", "at most 8");
    await button(panel, "None: no confirming model").click();
    await comesTo(panel, "Calls", "at most 4");
    await panel.press("a");
    expect(await panel.marks()).toEqual([]);
    expect((await plans(panel)).at(-1)).not.toHaveProperty("confirmWith");
  });

  test("what is no number of queries does not stay in the field", async () => {
    const panel = await openOpinions();
    await choose(panel);
    const field = view(panel).getByLabel("Queries", { exact: true });
    for (const nonsense of ["0", "-3", "2.5", ""]) {
      await field.fill(nonsense);
      await panel.press("Tab");
      expect(await field.inputValue()).toBe("100");
    }
    expect((await plans(panel)).map((params) => params["queries"])).toEqual((await plans(panel)).map(() => 100));
  });

  test("marks given beside the view do not have it made anew each time; turning to the view does", async () => {
    const panel = await openOpinions();
    await choose(panel);
    const before = (await plans(panel)).length;
    await panel.card("q-0012/n0").locator(".text").click();
    await panel.isAt("q-0012/n0");
    await panel.press("a");
    await panel.isAt("q-0012/n1");
    await panel.press("a");
    await panel.isAt("q-0012/n2");
    expect((await plans(panel)).length).toBe(before);
    await expect.poll(() => isOff(panel, "Ask")).toEqual([false]);
    await view(panel).getByLabel("Queries", { exact: true }).focus();
    await expect.poll(() => plans(panel).then((asked) => asked.length)).toBe(before + 1);
  });

  test("where nothing is chosen in the picker, nothing changes", async () => {
    const panel = await openOpinions();
    await panel.page.evaluate(() => (window.fakeHost.accepts = false));
    await button(panel, "Choose the model").click();
    await expect.poll(() => panel.requests("host/pickChatModel").then((asked) => asked.map(({ purpose }) => purpose))).toEqual(["ask"]);
    await expect.poll(() => isOff(panel, "Choose…")).toEqual([false, false]);
    expect(await view(panel).getByText("none chosen").count()).toBe(1);
    expect(await plans(panel)).toEqual([]);
  });

  test("while candidates are searched for it shows how far that is, and the plan follows", async () => {
    const panel = await openOpinions({ scenario: "mining" });
    await button(panel, "Choose the model").click();
    await view(panel).getByText("1,204 of 4,810").waitFor();
    await expect.poll(() => isWaiting(panel, "Ask")).toEqual([true]);
    // The button says that it is off, and the pointer can press it nevertheless.
    await button(panel, "Ask").click({ force: true });
    await panel.said.getByText("The plan is still being made: press again when it is there").waitFor();
    expect(await starts(panel)).toEqual([]);
    await panel.page.evaluate(() => window.fakeHost.mine(3000, 4810));
    await view(panel).getByText("3,000 of 4,810").waitFor();
    await panel.page.evaluate(() => window.fakeHost.mine(4810, 4810));
    await planned(panel);
    await expect.poll(() => isWaiting(panel, "Ask")).toEqual([false]);
    expect(await isOff(panel, "Ask")).toEqual([false]);
  });

  test("without a price the money is unknown, not nothing", async () => {
    const panel = await openOpinions({ scenario: "noprice" });
    await choose(panel);
    expect(await figures(panel, "What that comes to")).toContain("Money: unknown: no price is set");
  });

  test("a plan that fails is said with what to do, and a retry makes it", async () => {
    const panel = await openOpinions();
    await panel.page.evaluate(() =>
      window.fakeHost.failNext("nearmiss/planLabelling", "There are no vectors yet.", "Wait until embedding is done."),
    );
    await button(panel, "Choose the model").click();
    const alert = section(panel, "What that comes to").getByRole("alert");
    await alert.getByText("There is no plan. There are no vectors yet. Wait until embedding is done.").waitFor();
    await expect.poll(() => isOff(panel, "Ask")).toEqual([true]);
    await alert.getByRole("button", { name: "Retry" }).click();
    await planned(panel);
  });

  test("where every query has its opinions there is nothing to ask", async () => {
    const panel = await openOpinions();
    await choose(panel);
    await begin(panel, "Ask");
    await label(panel, 4);
    await view(panel).getByRole("heading", { name: "Last run: finished" }).waitFor();
    await expect.poll(() => figures(panel, "What that comes to")).toContain("Queries: 1");
    await begin(panel, "Ask");
    await label(panel, 1);
    await section(panel, "What that comes to").getByText("There is nothing to ask").waitFor();
    await expect.poll(() => isOff(panel, "Ask")).toEqual([true]);
  });
});

describe("so far", () => {
  test("totals, agreement and teachers, each with a sentence on what it means", async () => {
    const panel = await openOpinions({ scenario: "opinions" });
    await section(panel, "So far").getByText("Cohen’s kappa 0.52").waitFor();
    expect(lines(await section(panel, "So far").innerText())).toMatchInlineSnapshot(`
      [
        "So far",
        "Queries",
        "2",
        "Pairs",
        "13",
        "Called relevant, in part or a duplicate",
        "8",
        "Queries called ambiguous",
        "1",
        "Positives called wrong",
        "1",
        "Tokens",
        "42,800 in, 8,200 out",
        "It cost",
        "0.011",
        "Agreement with you",
        "84 % of 31 pairs judged alike, Cohen’s kappa 0.52",
        "It agrees with you moderately: sort by what it says, and do not believe it without looking.",
        "Disagreements",
        "No disagreement waits to be looked at.",
        "Teachers",
        "1 with a ranking, 1 flat, 0 one-hot",
        "A teacher spreads one unit of weight over a query’s passages. A flat one weighs all alike and a one-hot one names a single passage: neither ranks anything, so that training learns from those with a ranking only.",
      ]
    `);
  });

  test("the disagreements that wait, and the way to them", async () => {
    const panel = await openPanel({ scenario: "opinions" });
    await panel.press("a");
    await panel.isAt("q-0012/n1");
    await panel.press("i");
    await section(panel, "So far").getByText("1 disagreement waits to be looked at.").waitFor();
    await button(panel, "Disagreements 1").click();
    await isAtPair(panel, "q-0012/n0");
    await lanes(panel).getByRole("heading", { name: "Disagreements" }).waitFor();
  });

  test("files that cannot be read are named", async () => {
    const panel = await openOpinions({ scenario: "opinions" });
    await panel.page.evaluate(() => window.fakeHost.spoilSuggestions(["ada.jsonl, line 3: no suggestion. <b>Remove</b> the line."]));
    await view(panel).getByRole("alert").getByText("ada.jsonl, line 3: no suggestion. <b>Remove</b> the line.").waitFor();
  });
});

describe("the view", () => {
  test("I and Esc open and close it, the palette opens it, and no verdict is given from it", async () => {
    const panel = await openOpinions();
    await panel.page.locator("[data-opinions]:focus").waitFor();
    await panel.press("a", "x");
    await panel.press("i");
    await panel.isAt("q-0012/n0");
    await panel.page.evaluate(() => window.fakeHost.command("show_opinions"));
    await panel.page.locator("[data-opinions]:focus").waitFor();
    await panel.press("Escape");
    await panel.isAt("q-0012/n0");
    expect(await panel.marks()).toEqual([]);
  });

  test("by the keyboard alone: model, task, number, run", async () => {
    const panel = await openOpinions();
    await panel.press("Tab", "Tab", "ArrowDown");
    await expect.poll(() => view(panel).getByRole("radio", { name: "Which passages an answer rests on" }).isChecked()).toBe(true);
    await panel.press("ArrowUp", "Tab", "Enter");
    await planned(panel);
    await panel.press("Tab", "Tab", "2", "Enter");
    await comesTo(panel, "Calls", "at most 2");
    await panel.press("Tab", "Tab", "Enter");
    await button(panel, "Pause").waitFor();
    expect((await starts(panel)).map(({ queries, dryRun }) => ({ queries, dryRun }))).toEqual([{ queries: 2, dryRun: false }]);
  });

  test("while the plan is made anew its buttons keep the focus and their place, and start nothing", async () => {
    const panel = await openOpinions();
    await choose(panel);
    await panel.hold("nearmiss/planLabelling");
    await view(panel).getByLabel("Queries", { exact: true }).fill("2");
    await panel.press("Tab", "Enter");
    await panel.said.getByText("The plan is still being made: press again when it is there").waitFor();
    expect(await hasFocus(panel, "Try on three queries")).toBe(true);
    await panel.press("Tab", "Enter", "Space");
    expect(await hasFocus(panel, "Ask")).toBe(true);
    await expect.poll(() => isWaiting(panel, "Ask")).toEqual([true]);
    expect(await starts(panel)).toEqual([]);
    await panel.release("nearmiss/planLabelling");
    await comesTo(panel, "Calls", "at most 2");
    expect(await hasFocus(panel, "Ask")).toBe(true);
    await panel.press("Enter");
    await button(panel, "Pause").waitFor();
    expect((await starts(panel)).map(({ queries, dryRun }) => ({ queries, dryRun }))).toEqual([{ queries: 2, dryRun: false }]);
    expect(await panel.marks()).toEqual([]);
  });

  test("a first plan that fails leaves the focus in the view", async () => {
    const panel = await openOpinions();
    await panel.page.evaluate(() => window.fakeHost.failNext("nearmiss/planLabelling", "There are no vectors yet.", "Wait."));
    await panel.hold("nearmiss/planLabelling");
    await button(panel, "Choose the model").click();
    await expect.poll(() => isWaiting(panel, "Ask")).toEqual([true]);
    await button(panel, "Ask").focus();
    await panel.release("nearmiss/planLabelling");
    await view(panel).getByRole("alert").waitFor();
    await panel.page.locator("[data-opinions]:focus").waitFor();
    await panel.press("a");
    expect(await panel.marks()).toEqual([]);
  });

  test("what was chosen survives a reload", async () => {
    const panel = await openOpinions();
    await choose(panel);
    await button(panel, "Choose the confirming model").click();
    await comesTo(panel, "Calls", "at most 8");
    await view(panel).getByLabel("Queries", { exact: true }).fill("3");
    await panel.press("Tab");
    await comesTo(panel, "Calls", "at most 6");
    await panel.page.reload();
    await planned(panel);
    await comesTo(panel, "Calls", "at most 6");
    expect(await view(panel).getByText("qwen2.5:32b", { exact: true }).count()).toBe(1);
  });

  test("a state that cannot be read is said, and a retry reads it", async () => {
    const panel = await openPanel();
    await panel.page.evaluate(() =>
      window.fakeHost.failNext("nearmiss/labellingState", "The folder cannot be read.", "Check its permissions."),
    );
    await panel.press("i");
    await view(panel).getByRole("alert").getByText("What language models have said cannot be shown. The folder cannot be read.").waitFor();
    await view(panel).getByRole("button", { name: "Retry" }).click();
    await view(panel).getByRole("heading", { name: "So far" }).waitFor();
  });
});
