import { describe, expect, test } from "vitest";
import type { Panel } from "./support/panel";
import type { Theme } from "./support/panelServer";
import { panelSession } from "./support/session";

const openPanel = panelSession();
const preview = "nearmiss/previewSampler";

async function openSampler(options: Parameters<typeof openPanel>[0] = {}): Promise<Panel> {
  const panel = await openPanel(options);
  await panel.press("s");
  await panel.settled();
  return panel;
}

describe("the figures follow the sliders", () => {
  test("a wider margin drops more by its rule, and the change against the saved settings is shown", async () => {
    const panel = await openSampler();
    expect(await panel.droppedByRule()).toMatchInlineSnapshot(`
      "Beyond the rank window 480
      Near-duplicate of a positive 23
      Too similar to a positive 24
      Within the relative margin 307
      Near-duplicate of a chosen negative 117"
    `);
    await panel.slide("relative_margin", "0.2");
    expect(await panel.droppedByRule()).toMatchInlineSnapshot(`
      "Beyond the rank window 480
      Near-duplicate of a positive 23
      Too similar to a positive 24
      Within the relative margin 930 +623 623 more than saved
      Near-duplicate of a chosen negative 84 −33 33 fewer than saved"
    `);
    expect(await panel.figures()).toMatchInlineSnapshot(`
      "Kept 240 of 2,880 candidates
      Short 0 no query
      Draws among 8.2 −3.8 3.8 fewer than saved candidates, median"
    `);
    const limits = panel.page.getByRole("img", { name: /^Histogram of D/u });
    expect(await limits.getAttribute("aria-label")).toMatch(/relative_margin drops above −0\.14\d$/u);
  });

  test("a narrower draw chooses among fewer, which stands beside a and b", async () => {
    const panel = await openSampler();
    const group = panel.page.getByRole("group", { name: "SimANS draw" });
    expect(await group.getByText(/draws among/u).innerText()).toBe("draws among about 12 candidates");
    await panel.page.getByRole("slider", { name: "a", exact: true }).fill("150");
    await panel.settled();
    expect(await panel.page.getByRole("spinbutton", { name: "a, value" }).inputValue()).toBe("10");
    expect(await group.getByText(/draws among/u).innerText()).toMatch(/^draws among about \d\.\d candidates$/u);
  });

  test("what is missing is said with what would help", async () => {
    const panel = await openSampler();
    await panel.slide("max_positive_similarity", "0.3");
    expect(await panel.page.locator(".sources li").allInnerTexts()).toMatchInlineSnapshot(`
      [
        "SimANS: 35 queries miss 72 negatives: max_positive_similarity; ease it or ask for fewer.",
      ]
    `);
  });

  test("a number that is typed counts as the slider does; what is no number puts the present one back", async () => {
    const panel = await openSampler();
    const field = panel.page.getByRole("spinbutton", { name: "num_negatives, value" });
    await field.fill("120");
    await field.press("Enter");
    await panel.settled();
    expect(await panel.edits()).toEqual({ num_negatives: 120 });
    expect(await panel.page.getByRole("slider", { name: "num_negatives" }).getAttribute("max")).toBe("120");
    await field.fill("2.5");
    await field.press("Enter");
    expect(await field.inputValue()).toBe("120");
  });

  test("a value that is not allowed is answered with the reason, and the last figures stay", async () => {
    const panel = await openSampler();
    const field = panel.page.getByRole("spinbutton", { name: "range_min, value" });
    await field.fill("80");
    await field.press("Enter");
    await panel.page.getByRole("alert").getByText("must be below range_max").waitFor();
    expect(await panel.figures()).toContain("Kept 240");
    await panel.button("Reset").click();
    await panel.page.getByRole("alert").waitFor({ state: "detached" });
  });
});

describe("only the latest counts", () => {
  test("while one preview is under way the moves become one question, about where the slider stands at last", async () => {
    const panel = await openSampler();
    const before = (await panel.requests(preview)).length;
    await panel.hold(preview);
    const slider = panel.page.getByRole("slider", { name: "relative_margin" });
    for (const value of ["0.1", "0.2", "0.3", "0.4"]) await slider.fill(value);
    expect((await panel.requests(preview)).length - before).toBe(1);
    await panel.release(preview);
    await panel.settled();
    expect((await panel.requests(preview)).slice(before).map((params) => params["edits"])).toEqual([
      [{ path: ["sampler", "relative_margin"], value: 0.1 }],
      [{ path: ["sampler", "relative_margin"], value: 0.4 }],
    ]);
    expect(await panel.droppedByRule()).toContain("Within the relative margin 2,025 +1,718");
  });

  test("an answer that comes after a reset changes nothing", async () => {
    const panel = await openSampler();
    const saved = await panel.figures();
    await panel.hold(preview);
    await panel.page.getByRole("slider", { name: "relative_margin" }).fill("0.4");
    await panel.button("Reset").click();
    expect(await panel.figures()).toEqual(saved);
    await panel.release(preview);
    await panel.settled();
    expect(await panel.figures()).toEqual(saved);
  });

  test("figures of other settings than the controls' say that they are being computed", async () => {
    const panel = await openSampler();
    await panel.hold(preview);
    await panel.page.getByRole("slider", { name: "relative_margin" }).fill("0.4");
    expect(await panel.page.locator("[data-sampler] [aria-busy=true]").count()).toBe(1);
    await panel.release(preview);
    await panel.settled();
  });
});

describe("settings that can be off", () => {
  test("the switch sets null and brings the value back", async () => {
    const panel = await openSampler();
    const row = panel.page.locator("[data-setting=relative_margin]");
    await row.getByRole("checkbox", { name: "relative_margin: on or off" }).click();
    expect(await row.getByRole("slider").count()).toBe(0);
    expect(await panel.edits()).toEqual({ relative_margin: null });
    await row.getByRole("checkbox").click();
    expect(await row.getByRole("slider").inputValue()).toBe("0.05");
    expect(await panel.edits()).toEqual({});
  });

  test("a choice that was off begins with its first word, and a flag is a switch alone", async () => {
    const panel = await openSampler({ scenario: "mix" });
    await panel.page.getByRole("checkbox", { name: "draw: on or off" }).click();
    expect(await panel.edits()).toEqual({ draw: "nearest" });
    await panel.page.getByRole("combobox", { name: "draw" }).selectOption("simans");
    await panel.page.getByRole("checkbox", { name: "range_after_filters" }).click();
    await panel.settled();
    expect(await panel.edits()).toEqual({ draw: "simans", range_after_filters: true });
  });

  test("what was off begins at a usual value", async () => {
    const panel = await openSampler();
    await panel.page.getByRole("checkbox", { name: "max_score: on or off" }).click();
    await panel.settled();
    expect(await panel.edits()).toEqual({ max_score: 0.9 });
  });
});

describe("a mix", () => {
  test("a source's value is the sampler's until it is moved, and then its own", async () => {
    const panel = await openSampler({ scenario: "mix" });
    await panel.slide("near_duplicate_overlap", "0.5");
    await panel.page.getByRole("combobox", { name: "Settings of" }).selectOption({ label: "2: same article × 2" });
    const row = panel.page.locator("[data-setting=near_duplicate_overlap]");
    expect(await row.innerText()).toContain("inherited");
    expect(await row.getByRole("slider").inputValue()).toBe("0.5");
    expect(await panel.page.locator("[data-setting=max_positive_similarity]").innerText()).toContain("own");
    await panel.slide("near_duplicate_overlap", "0.7");
    expect(await row.innerText()).not.toContain("inherited");
    const last = (await panel.requests(preview)).at(-1);
    expect(last?.["edits"]).toEqual([
      { path: ["sampler", "near_duplicate_overlap"], value: 0.5 },
      { path: ["sampler", "mix", 1, "near_duplicate_overlap"], value: 0.7 },
    ]);
    await panel.button("near_duplicate_overlap: back to 0.8").click();
    expect(await row.innerText()).toContain("inherited");
  });

  test("a source's own value can be given up for the sampler's, and is back with one press", async () => {
    const panel = await openSampler({ scenario: "mix" });
    await panel.page.getByRole("combobox", { name: "Settings of" }).selectOption({ label: "2: same article × 2" });
    const row = panel.page.locator("[data-setting=max_positive_similarity]");
    const slider = row.getByRole("slider");
    expect(await slider.inputValue()).toBe("0.8");
    await panel.button("max_positive_similarity: use the sampler's value, 0.9").click();
    await panel.settled();
    expect(await slider.inputValue()).toBe("0.9");
    expect(await row.innerText()).toContain("inherited");
    expect((await panel.requests(preview)).at(-1)?.["edits"]).toEqual([{ path: ["sampler", "mix", 1, "max_positive_similarity"] }]);
    await panel.button("max_positive_similarity: back to 0.8").press("Enter");
    expect(await slider.inputValue()).toBe("0.8");
    expect(await row.innerText()).toContain("own");
    expect(await panel.edits()).toEqual({});
    expect(await panel.page.locator("[data-setting=n]").getByRole("button").count()).toBe(0);
  });

  test("a and b are offered where a source draws by them", async () => {
    const panel = await openSampler({ scenario: "mix" });
    const group = panel.page.getByRole("group", { name: "SimANS draw" });
    expect(await group.count()).toBe(1);
    const select = panel.page.getByRole("combobox", { name: "Settings of" });
    expect(await select.locator("option").allInnerTexts()).toEqual([
      "All sources",
      "1: SimANS × 4",
      "2: same article × 2",
      "3: random × 1",
    ]);
    await select.selectOption({ label: "3: random × 1" });
    expect(await group.count()).toBe(0);
    expect(await panel.page.locator("[data-setting=n]").count()).toBe(1);
  });
});

describe("saving", () => {
  test("shows the diff with the edits; once accepted they are the configuration and no edits any more", async () => {
    const panel = await openSampler();
    await panel.slide("relative_margin", "0.2");
    await panel.button("Save to config…").click();
    await panel.said.getByText("Config saved, mining again").waitFor();
    expect(await panel.requests("host/reviewConfigChange")).toEqual([
      { dataset: "file:///home/ada/tern/train.jsonl", edits: [{ path: ["sampler", "relative_margin"], value: 0.2 }] },
    ]);
    await expect.poll(() => panel.edits()).toEqual({});
    await panel.settled();
    expect(await panel.page.getByRole("slider", { name: "relative_margin" }).inputValue()).toBe("0.2");
    expect(await panel.page.locator("[data-sampler] .change").count()).toBe(0);
  });

  test("a discarded diff leaves the edits as they are", async () => {
    const panel = await openSampler();
    await panel.slide("relative_margin", "0.2");
    await panel.page.evaluate(() => {
      window.fakeHost.accepts = false;
    });
    await panel.button("Save to config…").click();
    await expect.poll(() => panel.requests("host/reviewConfigChange").then((asked) => asked.length)).toBe(1);
    expect(await panel.edits()).toEqual({ relative_margin: 0.2 });
  });

  test("where the config changes meanwhile, an edit that it now says is none, and the others stay", async () => {
    const panel = await openSampler();
    await panel.slide("relative_margin", "0.2");
    await panel.slide("max_positive_similarity", "0.6");
    await panel.page.evaluate(() => window.fakeHost.saveConfig([{ path: ["sampler", "relative_margin"], value: 0.2 }]));
    await expect.poll(() => panel.edits()).toEqual({ max_positive_similarity: 0.6 });
  });

  test("nothing is written by moving, closing and opening, and what was moved is still there, over a reload too", async () => {
    const panel = await openSampler();
    await panel.slide("relative_margin", "0.2");
    await panel.press("Escape", "s");
    await panel.settled();
    expect(await panel.edits()).toEqual({ relative_margin: 0.2 });
    await panel.page.reload();
    await panel.settled();
    expect(await panel.edits()).toEqual({ relative_margin: 0.2 });
    expect(await panel.requests("host/reviewConfigChange")).toEqual([]);
  });
});

describe("while candidates are searched", () => {
  test("the progress is shown, and the preview when it ends", async () => {
    const panel = await openPanel({ scenario: "mining" });
    await panel.press("s");
    await panel.page.getByText("Searching the candidates of the whole file").waitFor();
    expect(await panel.page.getByText("1,204 of 4,810").count()).toBe(1);
    await panel.page.evaluate(() => window.fakeHost.mine(3000, 4810));
    await panel.page.getByText("3,000 of 4,810").waitFor();
    await panel.page.evaluate(() => window.fakeHost.mine(4810, 4810));
    await panel.settled();
    expect(await panel.page.getByRole("progressbar", { name: "Queries searched" }).count()).toBe(0);
    expect(await panel.figures()).toContain("Kept 240");
  });
});

describe("keys", () => {
  test("S opens, S and Escape go back to the card, the palette's command opens it too", async () => {
    const panel = await openSampler();
    const view = panel.page.getByRole("region", { name: "Sampler", exact: true });
    expect(await view.evaluate((element) => element === document.activeElement)).toBe(true);
    await panel.press("s");
    await panel.isAt("q-0012/n0");
    expect(await view.count()).toBe(0);
    await panel.page.evaluate(() => window.fakeHost.command("show_sampler"));
    await view.waitFor();
    await panel.press("Escape");
    await panel.isAt("q-0012/n0");
    await panel.button("Sampler").click();
    await view.waitFor();
  });

  test("a slider's keys move it and judge nothing; S leaves from there", async () => {
    const panel = await openSampler();
    const slider = panel.page.getByRole("slider", { name: "relative_margin" });
    await slider.focus();
    await panel.press("ArrowUp", "ArrowRight", "a", "x");
    expect(await slider.inputValue()).toBe("0.06");
    expect(await panel.marks()).toEqual([]);
    await panel.press("s");
    await panel.isAt("q-0012/n0");
  });

  test("dropping one edit keeps the focus in its row, so that the next letter judges no card", async () => {
    const panel = await openSampler();
    await panel.slide("relative_margin", "0.2");
    await panel.button("relative_margin: back to 0.05").press("Enter");
    await panel.settled();
    await panel.press("x");
    expect(await panel.marks()).toEqual([]);
    expect(await panel.page.locator("[data-setting=relative_margin] :focus").count()).toBe(1);
  });

  test("Escape in a number field first puts the number back", async () => {
    const panel = await openSampler();
    const field = panel.page.getByRole("spinbutton", { name: "relative_margin, value" });
    await field.fill("0.4");
    await panel.press("Escape");
    expect(await field.inputValue()).toBe("0.05");
    await panel.press("s");
    expect(await panel.page.locator("[data-sampler]").count()).toBe(1);
  });

  test("beside the candidates cards are judged as before, and the marks come into the picture", async () => {
    const panel = await openSampler();
    const legend = panel.page.getByRole("note", { name: "Legend" });
    expect(await legend.innerText()).toContain("false negative 15");
    await panel.card("q-0012/n1").locator(".text").click();
    await panel.press("x");
    await panel.isAt("q-0012/n2");
    await legend.getByText("false negative 16").waitFor();
    expect(await panel.marks()).toEqual(["false_negative q-0012/n1"]);
  });

  test("on a narrow panel, where the card is out of sight, no key judges it", async () => {
    const panel = await openSampler({ width: 420 });
    await panel.page.locator("[data-sampler] h2").click();
    await panel.press("a", "x", "Space", "j");
    await panel.press("Escape");
    await panel.isAt("q-0012/n0");
    expect(await panel.marks()).toEqual([]);
  });

  test("with single keys off the header's button and Escape do", async () => {
    const panel = await openPanel({ scenario: "nokeys" });
    await panel.press("s");
    expect(await panel.page.locator("[data-sampler]").count()).toBe(0);
    await panel.button("Sampler").click();
    await panel.settled();
    await panel.press("Escape");
    await panel.isAt("q-0012/n0");
  });
});

describe("marks in the histograms", () => {
  test("a dot goes to its query, the arrows from dot to dot", async () => {
    const panel = await openSampler();
    const dots = panel.page.getByRole("group", { name: "Marks" }).first();
    const one = dots.getByRole("button", { name: /query 3$/u }).first();
    await one.click();
    await panel.query.getByText("رمز الوصول").waitFor();
    const first = dots.locator("[tabindex='0']");
    await first.focus();
    const before = await first.getAttribute("aria-label");
    await panel.press("ArrowRight");
    expect(await panel.page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).not.toBe(before);
    expect(await dots.locator("[tabindex='0']").count()).toBe(1);
  });

  test("on a narrow panel the view makes way for the query of a dot", async () => {
    const panel = await openSampler({ width: 420 });
    await panel.page
      .getByRole("button", { name: /query 2$/u })
      .first()
      .click();
    await panel.isAt("q-0013/n0");
    expect(await panel.page.locator("[data-sampler]").count()).toBe(0);
  });

  test("each histogram is there as a table", async () => {
    const panel = await openSampler();
    await panel.page.getByText("As a table").nth(1).click();
    const table = panel.page.getByRole("table", { name: "s(d+, d): similarity to a positive" });
    await table.waitFor();
    expect(await table.locator("tbody tr").count()).toBeGreaterThan(20);
    expect(await panel.page.locator(".live details[open] p").allInnerTexts()).toEqual([
      "max_positive_similarity drops above 0.9",
      "near_duplicate_similarity drops above 0.97",
    ]);
  });
});

test("a closed view asks for nothing, whatever changes", async () => {
  const panel = await openPanel();
  await panel.press("a", "x");
  await panel.page.evaluate(() => {
    window.fakeHost.change("dense");
    window.fakeHost.mine(10, 20);
    window.fakeHost.mine(20, 20);
  });
  await panel.press("a");
  await panel.said.getByText("True negative, 9 left").waitFor();
  expect(await panel.requests("nearmiss/samplerState")).toEqual([]);
  expect(await panel.requests(preview)).toEqual([]);
});

test("a state that cannot be had says why and can be asked for again", async () => {
  const panel = await openPanel();
  await panel.page.evaluate(() => window.fakeHost.failNext("nearmiss/samplerState", "config.json is not valid JSON.", "Correct line 3."));
  await panel.press("s");
  await panel.page.getByRole("alert").getByText("config.json is not valid JSON. Correct line 3.").waitFor();
  await panel.button("Retry").click();
  await panel.settled();
});

describe("every theme and width is accessible, keeps to the policy and overflows nowhere", () => {
  const themes: readonly Theme[] = ["light", "dark", "hc"];
  test.for(themes.flatMap((theme) => [1700, 1100, 860, 420].map((width) => ({ theme, width }))))(
    "$theme at $width px",
    async ({ theme, width }) => {
      const panel = await openSampler({ theme, width, scenario: "mix" });
      await panel.page.getByRole("combobox", { name: "Settings of" }).selectOption({ label: "1: SimANS × 4" });
      await panel.slide("max_positive_similarity", "0.5");
      await panel.page.getByText("As a table").first().click();
      expect(await panel.axe()).toEqual([]);
      expect(await panel.violations()).toEqual([]);
      const wide = await panel.page
        .locator("[data-sampler], [data-sampler] *")
        .evaluateAll((elements) =>
          elements
            .filter((element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX === "auto")
            .map((element) => element.getAttribute("class")),
        );
      expect(wide).toEqual([]);
      expect(await panel.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
    },
  );
});
