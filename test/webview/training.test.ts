import { describe, expect, test } from "vitest";
import type { Panel } from "./support/panel";
import type { Theme } from "./support/panelServer";
import { panelSession } from "./support/session";
import { curves, lines, rows, run, start, train, trainingOn, unfold, view } from "./support/trainingView";

const openPanel = panelSession();
const openTraining = trainingOn(openPanel);
const state = "nearmiss/trainingState";
/** Words of the scripted trainer to the end of a run, and one more that ends it. */
const wholeRun = 32;

describe("a run from its start to its report", () => {
  test("before the first one the view says what training does, and that nothing takes the encoder's place by itself", async () => {
    const panel = await openTraining();
    expect(lines(await view(panel).locator(".nothing").innerText())).toMatchInlineSnapshot(`
      [
        "Nothing is trained yet",
        "Training learns one small matrix over the encoder’s vectors, from this file’s positives, its mined negatives and your marks; the encoder itself is not touched.",
        "A finished run is compared with the encoder on queries that it has not seen, and never takes its place by itself: you decide.",
      ]
    `);
    expect(await view(panel).getByText("In use: Encoder as it is").count()).toBe(1);
    expect((await panel.requests("nearmiss/startTraining")).length).toBe(0);
  });

  test("while it is under way: phase, place, figures and both curves, with the encoder to compare with", async () => {
    const panel = await openTraining();
    await start(panel);
    expect(await view(panel).locator(".phase").innerText()).toBe("Mining negatives");
    expect(await view(panel).getByText("The curve begins with the first steps.").count()).toBe(2);
    await train(panel, 11);
    await view(panel).getByText("round 2 of 3 ·").waitFor();
    await train(panel, 5);
    await view(panel).getByText("step 220 of 360").waitFor();
    expect(lines(await view(panel).locator("section.live").innerText())).toMatchInlineSnapshot(`
      [
        "Run under way run-1",
        "Training",
        "220 of 360",
        "round 2 of 3 · epoch 11 · step 220 of 360 · 44 s so far",
        "Loss",
        "0.709",
        "nDCG@10",
        "0.423",
        "encoder as it is",
        "0.381",
        "You can leave this view and go on marking; the run goes on.",
      ]
    `);
    expect(
      await view(panel)
        .getByRole("img")
        .evaluateAll((plots) => plots.map((plot) => plot.getAttribute("aria-label"))),
    ).toMatchInlineSnapshot(`
      [
        "Loss over 220 steps: from 1.598 to 0.709.",
        "nDCG@10 on the validation queries: 0.423 now, 0.427 at best, 0.381 with the encoder as it is.",
      ]
    `);
    expect(await view(panel).locator("svg text", { hasText: "encoder as it is 0.381" }).count()).toBe(1);
    expect(await panel.violations()).toEqual([]);
  });

  test("the report: the comparison as a table and in a sentence, why it ended, and how many queries", async () => {
    const panel = await openTraining();
    await start(panel);
    await train(panel, wholeRun);
    await run(panel, "run-1").getByRole("button", { name: "Use this adapter…" }).waitFor();
    expect(await rows(panel, /encoder as it is against/u)).toMatchInlineSnapshot(`
      [
        "Measure | Encoder | Adapter | Change | 95 % interval",
        "nDCG@10 | 0.372 | 0.419 | +0.047 | +0.026 to +0.068 better",
        "MRR@10 | 0.334 | 0.386 | +0.052 | +0.029 to +0.075 better",
        "recall@100 | 0.781 | 0.800 | +0.019 | −0.006 to +0.027 unclear",
      ]
    `);
    expect((await run(panel, "run-1").locator(".report > p").allInnerTexts()).slice(0, 4)).toMatchInlineSnapshot(`
      [
        "All rounds are done; the best adapter was that of epoch 16.",
        "Queries: 1,502 to train on, 376 for validation, 626 for the test.",
        "212 of those to train on have a teacher, made of what language models said.",
        "On 626 held-out queries nDCG@10 rises by 0.047 (95 % interval +0.026 to +0.068).",
      ]
    `);
    expect(await curves(panel, "run-1")).toEqual([
      "Loss over 360 steps: from 1.598 to 0.750.",
      "nDCG@10 on the validation queries: 0.431 now, 0.432 at best, 0.381 with the encoder as it is.",
    ]);
    expect(await view(panel).getByText("In use: Encoder as it is").count()).toBe(1);
  });

  test("a run that is stopped can be resumed; while it stops, it cannot be stopped again", async () => {
    const panel = await openTraining();
    await start(panel);
    await train(panel, 10);
    await panel.button("Stop").click();
    await panel.said.getByText("The run stops after its present step").waitFor();
    expect(await panel.page.locator("vscode-button", { hasText: "Stopping…" }).getAttribute("disabled")).not.toBeNull();
    await train(panel, 1);
    await panel.button("Resume run-1").click();
    await view(panel).getByRole("heading", { name: "Run under way run-1" }).waitFor();
    expect((await panel.requests("nearmiss/startTraining")).map((params) => params["resume"])).toEqual([undefined, "run-1"]);
  });

  test("while it waits for vectors it can be stopped, and that it did not begin is then no failure", async () => {
    const panel = await openTraining();
    await panel.hold("nearmiss/startTraining");
    await panel.page.getByRole("button", { name: "Train", exact: true }).click();
    await panel.page.locator("vscode-button", { hasText: "Starting…" }).waitFor();
    await panel.page.evaluate(() => window.fakeHost.waitForVectors("train", 12, 40));
    await view(panel).getByText("Waiting for the vectors").first().waitFor();
    expect(lines(await view(panel).locator("section.live").innerText()).slice(0, 4)).toMatchInlineSnapshot(`
      [
        "Run under way train",
        "Waiting for the vectors",
        "12 of 40",
        "0 s so far",
      ]
    `);
    await panel.page.evaluate(() => window.fakeHost.failNext("nearmiss/startTraining", "Training was stopped before it began.", ""));
    await panel.button("Stop").click();
    await panel.said.getByText("The run stops after its present step").waitFor();
    await panel.release("nearmiss/startTraining");
    await panel.page.getByRole("button", { name: "Train", exact: true }).waitFor();
    expect(await view(panel).getByRole("alert").count()).toBe(0);
  });

  test("a refused start is said with what to do, and nothing else changes", async () => {
    const panel = await openTraining();
    await panel.page.evaluate(() =>
      window.fakeHost.failNext(
        "nearmiss/startTraining",
        "Only 1 query has a positive: there is nothing to learn from.",
        "Add queries with positives.",
      ),
    );
    await panel.page.getByRole("button", { name: "Train", exact: true }).click();
    const alert = view(panel).getByRole("alert");
    expect(await alert.innerText()).toBe(
      "That did not work. Only 1 query has a positive: there is nothing to learn from. Add queries with positives.",
    );
    expect(await panel.page.getByRole("button", { name: "Train", exact: true }).count()).toBe(1);
  });

  test.for<["failed" | "interrupted", string]>([
    ["failed", "The loss is not a number after step 12. Lower training.learning_rate, then train again."],
    ["interrupted", "The trainer ended with code 137. Close other programs to free memory, then resume."],
  ])("a run that is %s says so", async ([end, ending]) => {
    const panel = await openTraining();
    await start(panel);
    await train(panel, 6);
    await panel.page.evaluate((args) => window.fakeHost.breakTraining(...args), [end, ending] as const);
    await run(panel, "run-1").getByText(ending).waitFor();
    expect(await run(panel, "run-1").locator("summary").first().innerText()).toContain(end);
    expect(await panel.button("Resume run-1").count()).toBe(end === "interrupted" ? 1 : 0);
  });

  test("what cannot be read is said, and asked for again", async () => {
    const panel = await openPanel();
    await panel.page.evaluate((method) => window.fakeHost.failNext(method, "runs.json is not JSON.", "Delete it, then retry."), state);
    await panel.press("l");
    await view(panel).getByText("What has been trained cannot be shown.").waitFor();
    await view(panel).getByRole("button", { name: "Retry" }).click();
    await view(panel).getByRole("heading", { name: "Settings" }).waitFor();
  });

  test("without the vectors the view says what it waits for", async () => {
    const panel = await openTraining({ scenario: "lexical" });
    expect(await view(panel).locator(".note").innerText()).toBe("Training needs the vectors of all texts; 1,204 of 12,431 are there.");
  });
});

describe("a run goes on while the person marks", () => {
  test("the strip tells of it, marks are written meanwhile, and the strip leads back", async () => {
    const panel = await openTraining();
    await start(panel);
    await train(panel, 5);
    await panel.press("Escape");
    await panel.isAt("q-0012/n0");
    await panel.press("a");
    await panel.isAt("q-0012/n1");
    await train(panel, 1);
    await panel.page.getByRole("button", { name: "Training round 1 of 3, 22 %, nDCG@10 0.410" }).click();
    await view(panel).getByText("step 80 of 360").waitFor();
    expect(await panel.marks()).toEqual(["true_negative q-0012/n0"]);
  });

  test("from the view no letter gives a verdict, also when the button that had the focus is gone", async () => {
    const panel = await openTraining();
    await start(panel);
    await panel.press("a", "x");
    await panel.button("Stop").press("Enter");
    await panel.said.getByText("The run stops after its present step").waitFor();
    await panel.press("a", "x");
    expect(await panel.marks()).toEqual([]);
  });

  test("also when the run ends, or an adapter comes into use, while its button has the focus", async () => {
    const panel = await openTraining({ scenario: "trained" });
    await unfold(panel, "run-2");
    await run(panel, "run-2").getByRole("button", { name: "Use this adapter…" }).focus();
    await panel.press("Enter");
    await view(panel).getByText("In use: Adapter run-2-best").waitFor();
    await panel.press("a");
    await start(panel);
    await panel.button("Stop").focus();
    await train(panel, wholeRun);
    await run(panel, "run-4").locator(".state.finished").waitFor();
    await panel.press("x");
    expect(await panel.page.evaluate(() => document.activeElement?.matches("[data-training]"))).toBe(true);
    expect(await panel.marks()).toEqual([]);
  });

  test("a reload brings the view back, with the curves of the runs", async () => {
    const panel = await openTraining({ scenario: "trained" });
    await panel.page.reload();
    await run(panel, "run-3").waitFor();
    expect(await panel.page.locator("[data-side]").count()).toBe(1);
    expect(await curves(panel, "run-3")).toMatchInlineSnapshot(`
      [
        "Loss over 120 steps: from 1.598 to 0.662.",
        "nDCG@10 on the validation queries: 0.416 now, 0.416 at best, 0.381 with the encoder as it is.",
      ]
    `);
  });

  test("one view at a time stands beside the candidates", async () => {
    const panel = await openTraining();
    await panel.press("s");
    await panel.settled();
    expect(await view(panel).count()).toBe(0);
    await panel.press("l");
    await view(panel).waitFor();
    expect(await panel.page.locator("[data-side]").count()).toBe(1);
    await panel.press("l");
    await panel.isAt("q-0012/n0");
  });

  test("a run that ends meanwhile is told of in the footer", async () => {
    const panel = await openTraining();
    await start(panel);
    await panel.press("Escape");
    await panel.isAt("q-0012/n0");
    await train(panel, wholeRun);
    await panel.said.getByText("The training run has ended").waitFor();
    await panel.press("l");
    await run(panel, "run-1").locator(".state.finished").waitFor();
  });

  test("a panel that is opened for it shows it once the query is there", async () => {
    const panel = await openPanel();
    await panel.page.goto(panel.page.url().replace("scenario=", "scenario=learn"));
    await view(panel).getByRole("heading", { name: "Settings" }).waitFor();
    expect(await panel.query.innerText()).toContain("Tern snapshot");
  });

  test("the command of the palette shows it", async () => {
    const panel = await openPanel();
    await panel.page.evaluate(() => window.fakeHost.command("show_training"));
    await view(panel).getByRole("heading", { name: "Settings" }).waitFor();
  });
});

describe("the adapter in use", () => {
  test("adopting is an edit of the config that the person accepts; so is going back", async () => {
    const panel = await openTraining({ scenario: "trained" });
    await unfold(panel, "run-2");
    await run(panel, "run-2").getByRole("button", { name: "Use this adapter…" }).click();
    await view(panel).getByText("In use: Adapter run-2-best").waitFor();
    expect(await run(panel, "run-2").getByText("In use").count()).toBe(1);
    await unfold(panel, "run-1");
    await run(panel, "run-1").getByRole("button", { name: "Use this adapter…" }).click();
    await panel.button("Go back to run-2-best…").click();
    await panel.button("Go back to run-1-best…").waitFor();
    await panel.button("Go back to the encoder as it is…").click();
    await view(panel).getByText("In use: Encoder as it is").waitFor();
    expect((await panel.requests("host/reviewConfigChange")).map((params) => params["edits"])).toEqual(
      ["run-2-best", "run-1-best", "run-2-best", null].map((value) => [{ path: ["model", "adapter"], value }]),
    );
  });

  test("a diff that is not accepted changes nothing", async () => {
    const panel = await openTraining({ scenario: "trained" });
    await panel.page.evaluate(() => {
      window.fakeHost.accepts = false;
    });
    await unfold(panel, "run-2");
    await run(panel, "run-2").getByRole("button", { name: "Use this adapter…" }).click();
    await panel.page.waitForFunction((method) => window.fakeHost.log.filter((entry) => entry.method === method).length > 1, state);
    expect(await view(panel).getByText("In use: Encoder as it is").count()).toBe(1);
  });

  test("without a gain the button stands back, under the sentence, and no word says that anything is better", async () => {
    const panel = await openTraining({ scenario: "trained" });
    await unfold(panel, "run-1");
    await unfold(panel, "run-2");
    const button = (name: string) => run(panel, name).locator("vscode-button", { hasText: "Use this adapter…" });
    expect(await button("run-2").getAttribute("appearance")).toBe("primary");
    expect(await button("run-1").getAttribute("appearance")).toBe("secondary");
    expect(await run(panel, "run-1").locator(".sentence + .adopt").count()).toBe(1);
    expect(await run(panel, "run-1").locator(".sentence").innerText()).toContain("this cannot be told from no change at all");
    expect(await run(panel, "run-1").locator("small").allInnerTexts()).toEqual(["unclear", "unclear", "unclear"]);
    expect(await run(panel, "run-2").locator("small").allInnerTexts()).toEqual(["better", "better", "unclear"]);
  });
});

describe("new candidates", () => {
  const adopt = (panel: Panel) =>
    panel.page.evaluate(() => window.fakeHost.saveConfig([{ path: ["model", "adapter"], value: "run-2-best" }]));
  const chips = (panel: Panel) => panel.page.locator("[data-card] .chip.new");

  test("they carry a word, N goes from one to the next over the queries, and says when none is left", async () => {
    const panel = await openPanel({ scenario: "trained" });
    await panel.press("n");
    await panel.said.getByText("No new candidate is left").waitFor();
    await adopt(panel);
    await chips(panel).first().waitFor();
    await panel.press("n");
    await panel.isAt("q-0012/n3");
    await panel.press("n");
    await panel.said.getByText("New candidate, query 2 of 4").waitFor();
    await panel.isAt("q-0013/n3");
    await panel.press("a", "n");
    await panel.isAt("q-0012/n3");
    await panel.press("a", "n");
    await panel.said.getByText("No new candidate is left").waitFor();
    expect(await panel.marks()).toEqual(["true_negative q-0013/n3", "true_negative q-0012/n3"]);
  });

  test("keys that are pressed ahead keep their order", async () => {
    const panel = await openPanel({ scenario: "trained" });
    await adopt(panel);
    await chips(panel).first().waitFor();
    await panel.press("n", "x", "n", "x");
    await panel.said.getByText("False negative, ").waitFor();
    await panel.page.waitForFunction(() => window.fakeHost.log.filter(({ method }) => method === "nearmiss/appendMark").length === 2);
    expect(await panel.marks()).toEqual(["false_negative q-0012/n3", "false_negative q-0013/n3"]);
  });

  test("blind hides the word, since it tells of the model", async () => {
    const panel = await openPanel({ scenario: "trained" });
    await adopt(panel);
    await chips(panel).first().waitFor();
    await panel.press("h");
    await chips(panel).first().waitFor({ state: "detached" });
  });

  test("the view counts them and leads to the next, and makes way where it would cover it", async () => {
    const panel = await openTraining({ scenario: "trained", width: 420 });
    await adopt(panel);
    await view(panel).getByText("2 negatives are new with the adapter and nobody has judged them.").waitFor();
    await panel.button("Next new candidate").click();
    await panel.isAt("q-0012/n3");
    expect(await view(panel).count()).toBe(0);
  });
});

describe("every theme and width is accessible and keeps to the policy", () => {
  const themes: readonly Theme[] = ["light", "dark", "hc"];
  test.for(themes.flatMap((theme) => [1100, 300].map((width) => ({ theme, width }))))("$theme at $width px", async ({ theme, width }) => {
    const panel = await openTraining({ theme, width, scenario: "trained" });
    await unfold(panel, "run-2");
    await run(panel, "run-2").getByRole("button", { name: "Compare rounds" }).click();
    await panel.button("Open query").waitFor();
    expect(await panel.axe()).toEqual([]);
    await start(panel);
    await train(panel, 15);
    await view(panel).getByText("round 2 of 3 ·").waitFor();
    await view(panel).getByText("As a table").first().click();
    expect(await panel.axe()).toEqual([]);
    expect(await panel.violations()).toEqual([]);
    const overflow = await panel.page.evaluate(() => {
      const body = document.querySelector("[data-training] .body");
      return [document.documentElement.scrollWidth - innerWidth, (body?.scrollWidth ?? 0) - (body?.clientWidth ?? 0)];
    });
    expect(overflow).toEqual([0, 0]);
  });
});
