import { describe, expect, test } from "vitest";
import { panelSession } from "./support/session";

const openPanel = panelSession();

describe("dropped candidates", () => {
  test("T shows them under the rule that dropped each, and a verdict on one can be changed", async () => {
    const panel = await openPanel();
    await panel.press("x", "t");
    const headings = panel.page.locator("h4");
    await panel.down(11);
    await panel.isAt("q-0012/n0");
    expect(await panel.current.innerText()).toContain("False negative");
    expect(await panel.current.innerText()).toContain("Dropped: your verdict took it out of the negatives");
    await panel.press("j");
    expect(await headings.allInnerTexts()).toEqual([
      "Left by your verdict 1",
      "Near-duplicate of a positive 1",
      "Within the relative margin 1",
    ]);
    await panel.press("k", "a");
    await panel.said.getByText("True negative, 11 left").waitFor();
    expect(await panel.marks()).toEqual(["false_negative q-0012/n0", "true_negative q-0012/n0"]);
  });
});

describe("what changes behind the panel", () => {
  test("embeddings arrive: the list is asked for again and the person stays on the card", async () => {
    const panel = await openPanel({ scenario: "lexical" });
    await panel.press("j", "j");
    await panel.isAt("q-0012/n2");
    await panel.page.evaluate(() => window.fakeHost.change("dense"));
    await panel.current.getByText("0.015 below the positive").waitFor();
    await panel.isAt("q-0012/n2");
    expect(await panel.page.getByText("embeddings still coming").count()).toBe(0);
  });

  test("a refresh that fails leaves what is on show, and says so", async () => {
    const panel = await openPanel();
    await panel.page.evaluate(() => {
      window.fakeHost.failNext("nearmiss/showQuery", "train.jsonl was deleted.", "Restore it, then retry.");
      window.fakeHost.change("dense");
    });
    await panel.page.getByRole("alert").getByText("train.jsonl was deleted.").waitFor();
    await panel.press("a");
    await panel.isAt("q-0012/n1");
    await panel.button("Retry").click();
    await panel.page.getByRole("alert").waitFor({ state: "detached" });
  });

  test("work can be stopped and resumed, and a broken embedder retried", async () => {
    const panel = await openPanel({ scenario: "lexical" });
    await panel.button("Stop").click();
    await panel.page.getByText("Lexical (BM25), embeddings stopped").waitFor();
    await panel.button("Resume").click();
    await panel.page.getByText("Lexical (BM25), embeddings still coming").waitFor();
    const failure = { reason: "worker-died", message: "The embedder ended with code 137.", nextStep: "Free memory, then retry." };
    await panel.page.evaluate((value) => window.fakeHost.status({ phase: "failed", failure: value }), failure);
    await panel.page.getByRole("alert").getByText("The embedder ended with code 137.").waitFor();
    await panel.button("Retry").click();
    await panel.page.getByRole("alert").waitFor({ state: "detached" });
  });
});

test("a data set that cannot be read says why, where and what to do", async () => {
  const panel = await openPanel({ scenario: "unreadable" });
  expect(await panel.page.locator("main").innerText()).toMatchInlineSnapshot(`
    "This data set cannot be reviewed yet

    /home/ada/tern/train.jsonl is not UTF-8: byte 0xFF at offset 0.

    Save it as UTF-8, then retry.

    train.jsonl, line 1

    Retry"
  `);
});

test("a query without candidates says why and offers the next one", async () => {
  const panel = await openPanel({ scenario: "none" });
  expect(await panel.page.locator(".end.empty").innerText()).toContain("No candidates");
  expect(await panel.page.locator(".end.empty").innerText()).toContain(
    "A larger corpus, named in the config, gives the miner something to find.",
  );
});

test("a reload brings back the query, the card, the toggles and the place", async () => {
  const panel = await openPanel();
  await panel.press("Enter", "Shift+Enter", "t", "o", "h");
  await panel.down(7);
  await panel.isAt("q-0012/n8");
  const top = () => panel.page.locator(".scroller").evaluate((list) => Math.round(list.scrollTop));
  await expect.poll(() => panel.page.evaluate(() => JSON.parse(sessionStorage.getItem(location.search) ?? "{}").scroll > 0)).toBe(true);
  const before = await top();
  await panel.page.reload();
  await panel.isAt("q-0012/n8");
  await expect.poll(async () => Math.abs((await top()) - before)).toBeLessThan(200);
  const checked = panel.page.getByRole("checkbox", { checked: true });
  expect(await checked.evaluateAll((boxes) => boxes.map((box) => box.getAttribute("aria-label")))).toEqual(["Blind", "Dropped 2"]);
});

test("state of another version is not used", async () => {
  const panel = await openPanel();
  await panel.page.evaluate(() => sessionStorage.setItem(location.search, JSON.stringify({ version: 99, blind: true, dataset: 7 })));
  await panel.page.reload();
  await panel.isAt("q-0012/n0");
  expect(await panel.page.getByRole("checkbox", { name: "Blind" }).getAttribute("aria-checked")).toBe("false");
});

test("export and config are the extension's", async () => {
  const panel = await openPanel();
  await panel.button("Export…").click();
  await panel.button("Open config").click();
  expect(await panel.requests("host/startExport")).toHaveLength(1);
  expect(await panel.requests("host/openConfig")).toHaveLength(1);
});
