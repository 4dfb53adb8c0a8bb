import { describe, expect, test } from "vitest";
import { begin, button, choose, comesTo, figures, isOff, label, opinionsOn, section, starts, view } from "./support/opinionsView";
import { panelSession } from "./support/session";
import { lines } from "./support/trainingView";

const openPanel = panelSession();
const openOpinions = opinionsOn(openPanel);

describe("a dry run", () => {
  test("shows what was said of three queries: verdicts, reasons, the words that decide, and what failed", async () => {
    const panel = await openOpinions();
    await choose(panel);
    await begin(panel, "Try on three queries");
    await view(panel).getByRole("heading", { name: "Dry run under way Which passages are relevant" }).waitFor();
    await label(panel, 3);
    await view(panel).getByRole("heading", { name: "Dry run: finished" }).waitFor();
    await panel.said.getByText("3 queries were asked about. 1 of them came to no verdict.").waitFor();
    expect((await starts(panel)).map((params) => params["dryRun"])).toEqual([true]);
    const asked = view(panel).locator("[data-labelled]");
    expect(await asked.locator(".name strong").allInnerTexts()).toMatchInlineSnapshot(`
      [
        "How long does a Tern snapshot stay in the archive tier before it is deleted?",
        "Which ports must be open for the Tern agent?",
        "ما مدة صلاحية رمز الوصول في Tern؟",
      ]
    `);
    const first = asked.first();
    expect(await first.locator("summary").innerText()).toBe("3 relevant, 1 partly relevant, 3 not relevant, 1 duplicate");
    const passages = await first.getByRole("listitem").allInnerTexts();
    expect(passages.slice(0, 5).map(lines)).toMatchInlineSnapshot(`
      [
        [
          "Positive",
          "Snapshots that reach the archive tier are kept for 400 days. After that Tern deletes them for good, unless a legal hold is set on the vault.",
        ],
        [
          "Positive",
          "The archive tier has a fixed retention of 400 days per snapshot; a legal hold stops the clock.",
        ],
        [
          "Candidate",
          "Relevant",
          "qwen2.5:32b, confirming a first look",
          "It gives the time after which an archived snapshot expires.",
          "Archived snapshots expire 400 days after sealing. Expiry is final: an expired snapshot cannot be brought back, not even by support.",
        ],
        [
          "Candidate",
          "Not relevant",
          "GPT-4o mini",
          "It is about the warm tier.",
          "In the warm tier Tern keeps a snapshot for 35 days, then moves it to the archive tier during the next nightly window.",
        ],
        [
          "Candidate",
          "Partly relevant",
          "qwen2.5:32b, confirming a first look",
          "A legal hold is the exception to the rule.",
          "A legal hold keeps every snapshot of a vault from being deleted. Only the owner of the vault can set or lift it, and both are written to the audit log.",
        ],
      ]
    `);
    expect(await first.locator("mark").allInnerTexts()).toMatchInlineSnapshot(`
      [
        "Archived snapshots expire 400 days after sealing.",
        "In the warm tier",
        "kept for 400 days in the archive tier",
        "Section 9. Retention in the archive tier is counted from the day on which the snapshot was sealed",
        "Archive retention <b>400</b> days",
      ]
    `);
    expect(lines(await asked.nth(1).innerText())).toMatchInlineSnapshot(`
      [
        "Query 2",
        "Which ports must be open for the Tern agent?",
        "No verdict: The model gave no answer of the asked shape, twice.",
      ]
    `);
    expect(await view(panel).getByText("You have now seen these opinions before your own verdict").count()).toBe(1);
    expect(await panel.violations()).toEqual([]);
  });

  test("what it asked costs nothing again, and it leaves no opinions behind", async () => {
    const panel = await openOpinions();
    await choose(panel);
    await begin(panel, "Try on three queries");
    await label(panel, 3);
    await view(panel).getByRole("heading", { name: "Dry run: finished" }).waitFor();
    await expect.poll(() => figures(panel, "What that comes to")).toContain("Already answered: 2");
    expect(await view(panel).getByText("No language model has been asked about this data set.").count()).toBe(1);
    expect(await panel.page.getByText("A second opinion is shown after your verdict.").count()).toBe(0);
  });

  test("of the other task it shows the answer, and how much each passage contributes", async () => {
    const panel = await openOpinions();
    await choose(panel);
    await view(panel).getByRole("radio", { name: "Which passages an answer rests on" }).check();
    await comesTo(panel, "Calls", "at most 36");
    await begin(panel, "Try on three queries");
    await label(panel, 3);
    await view(panel).getByRole("heading", { name: "Dry run: finished" }).waitFor();
    const first = view(panel).locator("[data-labelled]").first();
    expect(await first.getByText("400 days after sealing; <b>a legal hold</b> stops the clock.").count()).toBe(1);
    expect((await first.getByRole("listitem").allInnerTexts()).slice(0, 4).map((text) => lines(text).slice(0, 3))).toMatchInlineSnapshot(`
      [
        [
          "Positive",
          "4 % evidence",
          "Snapshots that reach the archive tier are kept for 400 days. After that Tern deletes them for good, unless a legal hold is set on the vault.",
        ],
        [
          "Positive",
          "0 % evidence",
          "The archive tier has a fixed retention of 400 days per snapshot; a legal hold stops the clock.",
        ],
        [
          "Candidate",
          "62 % evidence",
          "Archived snapshots expire 400 days after sealing. Expiry is final: an expired snapshot cannot be brought back, not even by support.",
        ],
        [
          "Candidate",
          "3 % evidence",
          "In the warm tier Tern keeps a snapshot for 35 days, then moves it to the archive tier during the next nightly window.",
        ],
      ]
    `);
  });

  test("a pair whose opinion it has shown says so in its mark", async () => {
    const panel = await openOpinions();
    await choose(panel);
    await begin(panel, "Try on three queries");
    await label(panel, 3);
    await view(panel).getByRole("heading", { name: "Dry run: finished" }).waitFor();
    await panel.press("Escape");
    await panel.isAt("q-0012/n0");
    await panel.press("a");
    await panel.isAt("q-0012/n1");
    await panel.down(4);
    await panel.isAt("q-0012/n6");
    await panel.press("j", "a");
    await panel.isAt("q-0012/n8");
    // Nothing was said of the second one.
    expect((await panel.requests("nearmiss/appendMark")).map(({ document, opinionShown }) => ({ document, opinionShown }))).toEqual([
      { document: "q-0012/n0", opinionShown: true },
      { document: "q-0012/n7", opinionShown: undefined },
    ]);
  });

  test("a query leads to its candidates", async () => {
    const panel = await openOpinions();
    await choose(panel);
    await begin(panel, "Try on three queries");
    await label(panel, 3);
    await button(panel, "Query 2").click();
    await panel.query.getByText("Which ports must be open for the Tern agent?").waitFor();
  });
});

describe("a run", () => {
  test("its course: queries, failures, calls, tokens and cost so far", async () => {
    const panel = await openOpinions();
    await choose(panel);
    await begin(panel, "Ask");
    await label(panel, 2);
    await comesTo(panel, "Queries done", "2 of 4");
    expect(await figures(panel, /^Run under way/u)).toMatchInlineSnapshot(`
      [
        "Queries done: 2 of 4",
        "Without a verdict: 1",
        "Calls: 2",
        "Tokens: 4,280 in, 820 out",
        "Cost so far: 0.0011",
      ]
    `);
    expect(await view(panel).getByRole("progressbar", { name: "Queries asked about" }).getAttribute("value")).toBe("2");
    expect(await view(panel).getByText("Asking", { exact: true }).count()).toBe(1);
    expect(await view(panel).getByRole("radio").count()).toBe(0);
    expect((await starts(panel)).map((params) => params["dryRun"])).toEqual([false]);
  });

  test("it can be paused and gone on with", async () => {
    const panel = await openOpinions();
    await choose(panel);
    await begin(panel, "Ask");
    await label(panel, 1);
    await button(panel, "Pause").click();
    await panel.said.getByText("Paused: nothing new is asked").waitFor();
    await button(panel, "Go on").click();
    await button(panel, "Pause").waitFor();
    await panel.said.getByText("The run goes on").waitFor();
    const asked = await panel.page.evaluate(() => window.fakeHost.log.map(({ method }) => method));
    expect(asked.filter((method) => /(?:pause|resume)Labelling/u.test(method))).toEqual([
      "nearmiss/pauseLabelling",
      "nearmiss/resumeLabelling",
    ]);
  });

  test("it can be stopped; what is left is gone on with, and while it stops nothing can be pressed twice", async () => {
    const panel = await openOpinions();
    await choose(panel);
    await begin(panel, "Ask");
    await label(panel, 1);
    await button(panel, "Stop").click();
    await panel.said.getByText("The run stops; what was answered is kept").waitFor();
    await expect.poll(() => isOff(panel, "Stopping…")).toEqual([true]);
    await expect.poll(() => isOff(panel, "Pause")).toEqual([true]);
    await label(panel, 1);
    await panel.said.getByText("Stopped after 1 of 4 queries. What was answered is kept.").waitFor();
    await view(panel).getByRole("heading", { name: "Last run: stopped" }).waitFor();
    await button(panel, "Go on: 3 queries left").click();
    await button(panel, "Pause").waitFor();
    await comesTo(panel, "Queries done", "0 of 3");
    expect((await starts(panel)).map(({ task, queries, dryRun }) => ({ task, queries, dryRun }))).toEqual([
      { task: "judge", queries: 100, dryRun: false },
      { task: "judge", queries: 3, dryRun: false },
    ]);
  });

  test("a stopped run is gone on with by its own task, whatever is chosen by then", async () => {
    const panel = await openOpinions();
    await choose(panel);
    await begin(panel, "Ask");
    await button(panel, "Stop").click();
    await expect.poll(() => isOff(panel, "Stopping…")).toEqual([true]);
    await label(panel, 1);
    await button(panel, "Go on: 4 queries left").waitFor();
    await view(panel).getByRole("radio", { name: "Which passages an answer rests on" }).check();
    await comesTo(panel, "Calls", "at most 36");
    await button(panel, "Go on: 4 queries left").click();
    await view(panel).getByRole("heading", { name: "Run under way Which passages are relevant" }).waitFor();
    expect((await starts(panel)).map(({ task }) => task)).toEqual(["judge", "judge"]);
  });

  test("its report names the queries without a verdict, each with its reason", async () => {
    const panel = await openOpinions();
    await choose(panel);
    await begin(panel, "Ask");
    await label(panel, 4);
    await view(panel).getByRole("heading", { name: "Last run: finished" }).waitFor();
    expect(await figures(panel, /^Last run/u)).toMatchInlineSnapshot(`
      [
        "Calls: 4",
        "Tokens: 8,560 in, 1,640 out",
        "It cost: 0.0023",
        "Without a verdict: 1",
      ]
    `);
    expect(lines(await section(panel, /^Last run/u).innerText()).slice(-6)).toMatchInlineSnapshot(`
      [
        "1",
        "Queries without a verdict",
        "They count as not asked: the next run asks about them again.",
        "Query 2",
        "Which ports must be open for the Tern agent?",
        "No verdict: The model gave no answer of the asked shape, twice.",
      ]
    `);
  });

  test("one that breaks says why, and keeps what was answered", async () => {
    const panel = await openOpinions();
    await choose(panel);
    await begin(panel, "Ask");
    await label(panel, 1);
    await panel.page.evaluate(() =>
      window.fakeHost.breakLabelling("Copilot answers no more: the quota is used up. 1 query was answered and is kept."),
    );
    await view(panel).getByRole("heading", { name: "Last run: ended by a failure" }).waitFor();
    await panel.said.getByText("the quota is used up").waitFor();
    await button(panel, "Go on: 3 queries left").waitFor();
  });

  test("a start that is refused is said with what to do, and can be tried again", async () => {
    const panel = await openOpinions();
    await choose(panel);
    await panel.page.evaluate(() =>
      window.fakeHost.failNext(
        "nearmiss/startLabelling",
        "localhost:11434 does not answer.",
        "Start the server there, or choose another model.",
      ),
    );
    await button(panel, "Ask").click();
    await view(panel)
      .getByRole("alert")
      .getByText("localhost:11434 does not answer. Start the server there, or choose another model.")
      .waitFor();
    await begin(panel, "Ask");
    expect(await view(panel).getByRole("alert").count()).toBe(0);
  });

  test("it goes on while the view is closed, is told of in the header, and is found again", async () => {
    const panel = await openOpinions();
    await choose(panel);
    await begin(panel, "Ask");
    await panel.press("i");
    await panel.isAt("q-0012/n0");
    await label(panel, 2);
    await panel.button("Asking 2 of 4, 1 without a verdict").click();
    await comesTo(panel, "Queries done", "2 of 4");
    await panel.press("i");
    await panel.isAt("q-0012/n0");
    await label(panel, 2);
    await panel.said.getByText("The run of second opinions has ended: its report is in that view").waitFor();
    await panel.press("i");
    await view(panel).getByRole("heading", { name: "Last run: finished" }).waitFor();
  });
});
