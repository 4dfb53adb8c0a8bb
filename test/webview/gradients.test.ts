import { describe, expect, test } from "vitest";
import type { Panel } from "./support/panel";
import type { Theme } from "./support/panelServer";
import { panelSession } from "./support/session";

const openPanel = panelSession();
const report = "nearmiss/gradientReport";

/** Waits until the view shows what it was asked last. */
function settled(panel: Panel): Promise<void> {
  return panel.page.locator("[data-gradients] .live:not(.stale) .plot svg").first().waitFor();
}

async function openGradients(options: Parameters<typeof openPanel>[0] = {}): Promise<Panel> {
  const panel = await openPanel(options);
  await panel.press("v");
  await settled(panel);
  return panel;
}

async function counts(panel: Panel): Promise<string> {
  const figures = await panel.page.locator("[data-gradients] dl > div").allInnerTexts();
  return figures.map((text) => text.replace(/\s+/g, " ")).join("\n");
}

const slider = (panel: Panel) => panel.page.getByRole("slider", { name: /^Temperature/u });
const number = (panel: Panel) => panel.page.getByRole("spinbutton", { name: "Temperature, value" });
const readout = (panel: Panel) => panel.page.locator("[data-gradients] .readout").innerText();
const dots = (panel: Panel) => panel.page.getByRole("button", { name: "Candidates of the plot: arrow keys choose, Enter opens" });

describe("on a card", () => {
  test("a word, and behind it the share, p, |g| and the push in words", async () => {
    const panel = await openPanel();
    const gradient = panel.card("q-0012/n0").locator(".gradient");
    expect(await gradient.innerText()).toMatchInlineSnapshot(`
      "useful
      , 34 % of the gradient"
    `);
    expect(await gradient.getAttribute("title")).toMatchInlineSnapshot(
      `"34 % of the pull of the query's negatives. Softmax weight p 23 %, gradient on the query |g| 2.26. A step along it moves the positive's own score down, by 1.15 a unit."`,
    );
    expect(await gradient.locator("rect.share").getAttribute("width")).toMatchInlineSnapshot(`"11.611354942300549"`);
  });

  test("a dropped one says what it would be", async () => {
    const panel = await openPanel();
    await panel.press("t");
    await panel.down(12);
    const gradient = panel.current.locator(".gradient");
    expect(await gradient.innerText()).toMatch(/^would be useful\s*, \d/u);
    expect(await gradient.getAttribute("title")).toMatch(/^If it were kept: /u);
  });

  test("the query says among how many its gradient is spread, and follows the marks", async () => {
    const panel = await openPanel();
    const spread = panel.page.getByText(/^gradient on ~/u);
    expect(await spread.innerText()).toMatchInlineSnapshot(`"gradient on ~4.6 of 12"`);
    await panel.press("x");
    await panel.isAt("q-0012/n1");
    expect(await spread.innerText()).toMatchInlineSnapshot(`"gradient on ~4.4 of 11"`);
  });

  test("nothing of it while it is blind, without vectors or without positives", async () => {
    const panel = await openPanel();
    await panel.press("h");
    await panel.said.getByText("Blind on").waitFor();
    expect(await panel.page.locator(".gradient").count()).toBe(0);
    await openPanel({ scenario: "lexical" });
    expect(await panel.page.locator(".gradient").count()).toBe(0);
    expect(await panel.page.getByText(/^gradient on/u).count()).toBe(0);
  });
});

describe("the temperature", () => {
  test("a smaller one leaves fewer useful negatives, a larger one spreads the gradient", async () => {
    const panel = await openGradients();
    expect(await counts(panel)).toMatchInlineSnapshot(`
      "easy 10 3.9 % p times the number of the query's negatives is below 0.05: less than a twentieth of an even share of the softmax.
      useful 247 95 % Neither easy nor dominant: it moves the query, together with others.
      dominant 2 0.77 % Its share of the gradient of the query's negatives is above 0.5. The update hangs on this one passage, and goes wrong with it.
      Effective negatives 3.8 middle half 3.5 to 4.1 Among how many negatives a query's gradient is spread, 1 / Σw²: the median over the queries.
      Without a useful one 0 of 51 queries"
    `);
    await number(panel).fill("0.01");
    await number(panel).press("Enter");
    await panel.page.getByText("the config has 0.05").waitFor();
    await settled(panel);
    expect(await counts(panel)).toMatchInlineSnapshot(`
      "easy 207 80 % p times the number of the query's negatives is below 0.05: less than a twentieth of an even share of the softmax.
      useful 5 1.9 % Neither easy nor dominant: it moves the query, together with others.
      dominant 47 18 % Its share of the gradient of the query's negatives is above 0.5. The update hangs on this one passage, and goes wrong with it.
      Effective negatives 1.6 middle half 1.2 to 1.9 Among how many negatives a query's gradient is spread, 1 / Σw²: the median over the queries.
      Without a useful one 47 of 51 queries"
    `);
    await slider(panel).fill("120");
    await settled(panel);
    expect(await number(panel).inputValue()).toBe("1");
    expect(await counts(panel)).toMatchInlineSnapshot(`
      "easy 0 p times the number of the query's negatives is below 0.05: less than a twentieth of an even share of the softmax.
      useful 259 100 % Neither easy nor dominant: it moves the query, together with others.
      dominant 0 Its share of the gradient of the query's negatives is above 0.5. The update hangs on this one passage, and goes wrong with it.
      Effective negatives 5.0 middle half 5.0 to 5.0 Among how many negatives a query's gradient is spread, 1 / Σw²: the median over the queries.
      Without a useful one 0 of 51 queries"
    `);
  });

  test("while one report is under way the moves become one question, about where the slider stands at last", async () => {
    const panel = await openGradients();
    const before = (await panel.requests(report)).length;
    await panel.hold(report);
    for (const position of ["10", "20", "30", "0"]) await slider(panel).fill(position);
    expect(await panel.page.locator("[data-gradients] [aria-busy=true]").count()).toBe(1);
    await panel.release(report);
    await settled(panel);
    expect((await panel.requests(report)).slice(before).map((params) => params["temperature"])).toEqual([0.0078, 0.005]);
  });

  test("one that is not above 0 is refused in words, the last figures stay, and it can be reset", async () => {
    const panel = await openGradients();
    const saved = await counts(panel);
    await number(panel).fill("0");
    await number(panel).press("Enter");
    await panel.page.getByRole("alert").getByText("The temperature is 0: must be above 0. Try 0.05.").waitFor();
    expect(await counts(panel)).toBe(saved);
    await panel.page.getByRole("alert").getByRole("button", { name: "Reset" }).click();
    await panel.page.getByRole("alert").waitFor({ state: "detached" });
    expect(await number(panel).inputValue()).toBe("0.05");
  });

  test("is saved as a diff of the config, and is the configuration's once accepted", async () => {
    const panel = await openGradients();
    await slider(panel).fill("0");
    await settled(panel);
    await panel.button("Save to config…").click();
    await panel.said.getByText("Config saved, mining again").waitFor();
    expect(await panel.requests("host/reviewConfigChange")).toEqual([
      { dataset: "file:///home/ada/tern/train.jsonl", edits: [{ path: ["training", "temperature"], value: 0.005 }] },
    ]);
    await panel.page.getByText("as in the config").waitFor();
    expect(await number(panel).inputValue()).toBe("0.005");
  });

  test("survives closing and a reload, and is reset with one press", async () => {
    const panel = await openGradients();
    await slider(panel).fill("90");
    await panel.press("Escape");
    await panel.isAt("q-0012/n0");
    await panel.press("v");
    await panel.page.reload();
    await settled(panel);
    expect(await number(panel).inputValue()).toBe("0.27");
    await panel.button("Reset").click();
    await panel.said.getByText("Temperature as saved").waitFor();
    await settled(panel);
    expect(await number(panel).inputValue()).toBe("0.05");
  });
});

describe("the plots", () => {
  test("say their main figures", async () => {
    const panel = await openGradients();
    const plots = panel.page.locator("[data-gradients] .plot[role=img]");
    expect(await plots.evaluateAll((elements) => elements.map((element) => element.getAttribute("aria-label")))).toMatchInlineSnapshot(`
      [
        "Gradient |g| against D = s − s⁺, τ = 0.05: 2,902 candidates, 259 of them kept, 48 marked. Of the kept negatives 10 are easy, 247 useful and 2 dominant.",
        "Mean and variance of |g| by rank. At rank 1 the mean of |g| is 9.69 with a variance of 14.2, at rank 60 0.0048 with 7.97e−7.",
        "Useful and harmful gradient by source, from marks. nearest · nothing marked; SimANS · useful 186, harmful 43.4; same article · useful 0, harmful 111.",
        "Hardness of the kept by source. nearest · D −0.0979, s 0.722, |g| 1.15; SimANS · D −0.0951, s 0.647, |g| 1.96; same article · D −0.0954, s 0.637, |g| 1.19.",
      ]
    `);
  });

  test("draw every field, the marks by shape and colour, and the strongest of the kept", async () => {
    const panel = await openGradients();
    const plane = panel.page.locator("[data-gradients] .plot svg").first();
    const marks = await plane
      .locator("g.mark")
      .evaluateAll((groups) =>
        groups.map((group) => `${String(group.getAttribute("class"))} ${String(group.childElementCount)} ${getComputedStyle(group).fill}`),
      );
    expect(marks).toMatchInlineSnapshot(`
      [
        "mark other 5 color(srgb 0.8 0.691176 0.2)",
        "mark true_negative 28 rgb(137, 209, 133)",
        "mark false_negative 15 rgb(241, 76, 76)",
      ]
    `);
    expect(await plane.locator("g.strongest > *").count()).toBe(60);
    expect(await plane.locator("g.field > rect").count()).toBeGreaterThan(await plane.locator("g.keptfield > rect").count());
  });

  test("the arrow keys go from dot to dot, and Enter opens the candidate, which is shown where it was dropped", async () => {
    const panel = await openGradients();
    await dots(panel).focus();
    await panel.press("ArrowRight");
    const first = await readout(panel);
    await panel.press("ArrowLeft", "ArrowLeft", "ArrowLeft");
    expect(await readout(panel)).not.toBe(first);
    expect(await panel.page.locator("[data-gradients] .readout").getAttribute("aria-live")).toBe("polite");
    const query = Number(/query (\d+)/u.exec(await readout(panel))?.[1]);
    await panel.press("Enter");
    await panel.page.locator("[data-card][aria-current=true]:focus").waitFor();
    expect(await panel.page.getByRole("textbox", { name: "Query number" }).inputValue()).toBe(String(query));
  });

  test("a click on a field opens its candidate", async () => {
    const panel = await openGradients();
    const field = panel.page.locator("[data-gradients] g.field > rect").last();
    const box = await field.boundingBox();
    await panel.page.mouse.move(box!.x + box!.width / 2, box!.y + box!.height / 2);
    const query = Number(/the longest is in query (\d+)$/u.exec(await readout(panel))?.[1]);
    await panel.page.mouse.down();
    await panel.page.mouse.up();
    await panel.page.locator("[data-card][aria-current=true]:focus").waitFor();
    expect(await panel.page.getByRole("textbox", { name: "Query number" }).inputValue()).toBe(String(query));
  });

  test("a row of the table opens a dropped candidate, and the dropped are shown", async () => {
    const panel = await openPanel();
    await panel.press("t");
    await panel.down(12);
    await panel.isAt("q-0012/n4");
    await panel.press("u", "t", "v");
    await settled(panel);
    expect(await panel.page.locator(".card.dropped").count()).toBe(0);
    await panel.button("Table: Gradient |g| against D = s − s⁺").click();
    const table = panel.page.getByRole("table", { name: "Marked candidates, and the kept ones with the longest gradients" });
    const row = table.locator("tr", { hasText: "Can't tell" });
    expect((await row.innerText()).split("\t")).toMatchInlineSnapshot(`
      [
        "query 1",
        "−0.0918",
        "0.681",
        "4.9 %",
        "0.186",
        "useful",
        "dropped",
        "SimANS",
        "Can't tell",
      ]
    `);
    await row.getByRole("button").click();
    await panel.isAt("q-0012/n4");
    expect(await panel.current.getAttribute("class")).toContain("dropped");
  });

  test("on a narrow panel the view makes way for the candidate", async () => {
    const panel = await openGradients({ width: 300 });
    await dots(panel).focus();
    await panel.press("Enter");
    await panel.page.locator("[data-card][aria-current=true]:focus").waitFor();
    expect(await panel.page.locator("[data-gradients]").count()).toBe(0);
  });

  test.each([
    ["Mean and variance of |g| by rank", "Rank Candidates Mean |g| Variance", 60],
    ["Useful and harmful gradient by source, from marks", "Source Useful Σ p/τ True negatives Harmful Σ p/τ No negatives Σ p/τ of kept", 3],
    ["Hardness of the kept by source", "Source Candidates kept Mean D Mean s Mean |g|", 3],
  ])("%s is there as a table", async (title, head, rows) => {
    const panel = await openGradients();
    await panel.button(`Table: ${title}`).click();
    const table = panel.page.getByRole("table", { name: title });
    expect((await table.locator("thead").innerText()).replace(/\s+/g, " ").trim()).toBe(head);
    expect(await table.locator("tbody tr").count()).toBe(rows);
    await panel.button(`Table: ${title}`).click();
    expect(await table.count()).toBe(0);
  });

  test("a new mark comes into the picture", async () => {
    const panel = await openGradients();
    const legend = panel.page.getByRole("note", { name: "Legend" }).first();
    expect(await legend.innerText()).toContain("false negative 15");
    await panel.card("q-0012/n1").locator(".text").click();
    await panel.press("x");
    await legend.getByText("false negative 16").waitFor();
  });
});

describe("pictures", () => {
  const save = (panel: Panel, type: string) => panel.button(`Save as ${type}: Gradient |g| against D = s − s⁺`).click();

  test("an SVG stands alone: no classes, no variables, its ground, title and legend", async () => {
    const panel = await openGradients({ theme: "light" });
    await save(panel, "SVG");
    await panel.said.getByText("SVG saved").waitFor();
    const [image] = await panel.requests("host/saveImage");
    expect({ name: image!["name"], type: image!["type"] }).toEqual({ name: "gradients-tau-0.05", type: "svg" });
    const svg = String(image!["data"]);
    expect(svg).not.toMatch(/class=|var\(|color-mix|color\(|style=|url\(/u);
    expect(svg).toContain("<title>Gradient |g| against D = s − s⁺, τ = 0.05</title>");
    expect(svg).toMatch(/<text[^>]*>false negative 15<\/text>/u);
    const drawn = await panel.page.evaluate(async (text) => {
      const image = new Image();
      image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
      await image.decode();
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [image.width, image.height];
      const context = canvas.getContext("2d")!;
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, image.width, image.height);
      const colours = new Set<string>();
      for (let at = 0; at < data.length; at += 4) colours.add(data.slice(at, at + 3).join(" "));
      return { ground: data.slice(0, 4).join(" "), colours: colours.size };
    }, svg);
    expect(drawn.ground).toBe("248 248 248 255");
    expect(drawn.colours).toBeGreaterThan(100);
  });

  test("a PNG has the bytes of one, at twice the size", async () => {
    const panel = await openGradients();
    await save(panel, "PNG");
    await panel.said.getByText("PNG saved").waitFor();
    const [image] = await panel.requests("host/saveImage");
    const bytes = Buffer.from(String(image!["data"]), "base64");
    expect(bytes.subarray(1, 4).toString("latin1")).toBe("PNG");
    const plot = await panel.page.locator("[data-gradients] .plot svg").first().boundingBox();
    expect(bytes.readUInt32BE(16)).toBe(2 * (plot!.width + 24));
    expect(await panel.violations()).toEqual([]);
  });

  test("one that is not saved is not said to be", async () => {
    const panel = await openGradients();
    await panel.page.evaluate(() => {
      window.fakeHost.accepts = false;
    });
    await save(panel, "SVG");
    await expect.poll(() => panel.requests("host/saveImage").then((asked) => asked.length)).toBe(1);
    expect(await panel.said.getByText("SVG saved").count()).toBe(0);
  });
});

describe("opening, waiting, failing", () => {
  test("V opens, V and Escape go back to the card, the palette's command opens it in the place of the sampler", async () => {
    const panel = await openGradients();
    const view = panel.page.getByRole("region", { name: "Gradients", exact: true });
    expect(await view.evaluate((element) => element === document.activeElement)).toBe(true);
    await panel.press("v");
    await panel.isAt("q-0012/n0");
    expect(await view.count()).toBe(0);
    await panel.press("s");
    await panel.settled();
    await panel.page.evaluate(() => window.fakeHost.command("show_gradients"));
    await view.waitFor();
    expect(await panel.page.locator("[data-sampler]").count()).toBe(0);
    await panel.press("a", "x", "j");
    await panel.press("Escape");
    await panel.isAt("q-0012/n0");
    expect(await panel.marks()).toEqual([]);
  });

  test("while candidates are searched the progress is shown, and the plots when it ends", async () => {
    const panel = await openPanel({ scenario: "mining" });
    await panel.press("v");
    await panel.page.getByText("Searching the candidates of the whole file; the gradients follow.").waitFor();
    expect(await panel.page.getByText("1,204 of 4,810").count()).toBe(1);
    await panel.page.evaluate(() => window.fakeHost.mine(3000, 4810));
    await panel.page.getByText("3,000 of 4,810").waitFor();
    await panel.page.evaluate(() => window.fakeHost.mine(4810, 4810));
    await settled(panel);
    expect(await panel.page.getByRole("progressbar", { name: "Queries searched" }).count()).toBe(0);
  });

  test("without vectors it says why, and is there once they are", async () => {
    const panel = await openPanel({ scenario: "lexical" });
    await panel.press("v");
    await panel.page.getByRole("alert").getByText("There are no vectors yet").waitFor();
    await panel.page.evaluate(() => window.fakeHost.change("dense"));
    await settled(panel);
    expect(await panel.page.getByRole("alert").count()).toBe(0);
  });

  test("with nothing to compute it says so", async () => {
    const panel = await openPanel({ scenario: "none" });
    await panel.press("v");
    await panel.page.getByText("No query has both a positive and candidates with a vector").waitFor();
  });

  test("a closed view asks for nothing", async () => {
    const panel = await openPanel();
    await panel.press("a");
    await panel.page.evaluate(() => {
      window.fakeHost.change("dense");
      window.fakeHost.mine(20, 20);
    });
    await panel.press("a");
    await panel.said.getByText("True negative, 10 left").waitFor();
    expect(await panel.requests(report)).toEqual([]);
  });
});

describe("every theme and width is accessible, keeps to the policy and overflows nowhere", () => {
  const themes: readonly Theme[] = ["light", "dark", "hc"];
  test.for(themes.flatMap((theme) => [1700, 1100, 420, 300].map((width) => ({ theme, width }))))(
    "$theme at $width px",
    async ({ theme, width }) => {
      const panel = await openGradients({ theme, width });
      await slider(panel).fill("40");
      await settled(panel);
      expect(await panel.axe()).toEqual([]);
      for (const button of await panel.page.getByRole("button", { name: /^Table: /u }).all()) await button.click();
      expect(await panel.axe()).toEqual([]);
      expect(await panel.violations()).toEqual([]);
      expect(await panel.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
      expect(await panel.page.locator("[data-gradients] .live").evaluate((live) => live.scrollWidth - live.clientWidth)).toBe(0);
    },
  );
});
