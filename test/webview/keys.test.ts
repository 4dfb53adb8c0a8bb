import { describe, expect, test } from "vitest";
import { failNextMark } from "./support/panel";
import { panelSession } from "./support/session";

const openPanel = panelSession();

describe("one key a verdict", () => {
  test("letters, digits and Space give their verdict to one card after another", async () => {
    const panel = await openPanel();
    await panel.press("a", "1", "x", "2", "p", "3", "d", "4", "u", "5", "Space");
    await panel.isAt("q-0012/n13");
    expect(await panel.marks()).toMatchInlineSnapshot(`
      [
        "true_negative q-0012/n0",
        "true_negative q-0012/n1",
        "false_negative q-0012/n2",
        "false_negative q-0012/n3",
        "partly_relevant q-0012/n5",
        "partly_relevant q-0012/n6",
        "duplicate_of_positive q-0012/n7",
        "duplicate_of_positive q-0012/n8",
        "cant_tell q-0012/n10",
        "cant_tell q-0012/n11",
        "later q-0012/n12",
      ]
    `);
  });

  test("a true negative stays, folded and verified; a false negative leaves and becomes a positive", async () => {
    const panel = await openPanel();
    await panel.press("a", "x");
    await panel.isAt("q-0012/n2");
    expect(await panel.card("q-0012/n0").innerText()).toContain("True negative");
    expect(await panel.card("q-0012/n1").count()).toBe(0);
    expect(await panel.page.getByText("promoted by you").count()).toBe(1);
    expect(await panel.said.innerText()).toBe("False negative, 10 left");
    expect(await panel.page.getByText("2 marked · 1 false negative").count()).toBe(1);
  });

  test("the verdict's button does what its key does, and the focus is on the next card", async () => {
    const panel = await openPanel();
    await panel.button("Partly relevant").click();
    await panel.isAt("q-0012/n1");
    await panel.button("True negative").click();
    await panel.isAt("q-0012/n2");
    await panel.press("a");
    await panel.isAt("q-0012/n3");
    expect(await panel.marks()).toEqual(["partly_relevant q-0012/n0", "true_negative q-0012/n1", "true_negative q-0012/n2"]);
  });

  test("a click on a card makes it the current one", async () => {
    const panel = await openPanel();
    await panel.card("q-0012/n3").locator(".text").click();
    await panel.press("d");
    await panel.isAt("q-0012/n5");
    expect(await panel.marks()).toEqual(["duplicate_of_positive q-0012/n3"]);
  });

  test("keys pressed faster than the disk keep their order and their cards", async () => {
    const panel = await openPanel();
    await panel.hold("nearmiss/appendMark");
    await panel.press("a", "x", "j", "d", "u");
    expect(await panel.marks()).toEqual(["true_negative q-0012/n0"]);
    expect(await panel.card("q-0012/n0").getAttribute("aria-busy")).toBe("true");
    await panel.release("nearmiss/appendMark");
    await panel.isAt("q-0012/n6");
    expect(await panel.marks()).toEqual([
      "true_negative q-0012/n0",
      "false_negative q-0012/n1",
      "duplicate_of_positive q-0012/n3",
      "cant_tell q-0012/n5",
    ]);
  });

  test("a card is not left before its mark is on disk", async () => {
    const panel = await openPanel();
    await panel.hold("nearmiss/appendMark");
    await panel.press("x");
    await panel.current.getByText("writing…").waitFor();
    await panel.isAt("q-0012/n0");
    await panel.release("nearmiss/appendMark");
    await panel.isAt("q-0012/n1");
  });

  test("a key whose card has left with the one before it acts on no other, and that is said", async () => {
    const panel = await openPanel();
    await panel.hold("nearmiss/appendMark");
    await panel.press("d", "x", "x");
    await panel.page.evaluate(() => window.fakeHost.remove("q-0012/n1"));
    await panel.release("nearmiss/appendMark");
    await panel.said.getByText("False negative was not applied: its card has left the list").waitFor();
    await panel.isAt("q-0012/n2");
    expect(await panel.marks()).toEqual(["duplicate_of_positive q-0012/n0"]);
  });

  test("a list that is asked for again meanwhile does not change what a key means", async () => {
    const panel = await openPanel();
    await panel.hold("nearmiss/showQuery");
    await panel.page.evaluate(() => window.fakeHost.change("dense"));
    await panel.press("a", "a");
    await panel.release("nearmiss/showQuery");
    await panel.isAt("q-0012/n2");
    expect(await panel.marks()).toEqual(["true_negative q-0012/n0", "true_negative q-0012/n1"]);
  });

  test("a key held down judges one card", async () => {
    const panel = await openPanel();
    await panel.page.keyboard.down("a");
    await panel.page.keyboard.down("a");
    await panel.page.keyboard.down("a");
    await panel.page.keyboard.up("a");
    await panel.isAt("q-0012/n1");
    expect(await panel.marks()).toEqual(["true_negative q-0012/n0"]);
  });

  test("bad query and bad positive are verdicts on the query's side, and the card stays", async () => {
    const panel = await openPanel();
    await panel.press("q", "b");
    await panel.said.getByText("Bad positive").waitFor();
    expect(await panel.marks()).toEqual(["bad_query q-0012", "bad_positive q-0012/p0"]);
    await panel.isAt("q-0012/n0");
    await panel.page.locator('[data-positive="q-0012/p1"]').getByRole("button", { name: "Bad positive" }).click();
    await expect.poll(() => panel.marks()).toContain("bad_positive q-0012/p1");
    await panel.page.locator('[data-positive="q-0012/p1"]').getByText("Bad positive").nth(1).waitFor();
  });
});

test("a key for a positive that is not on show any more when its turn comes acts on none, and that is said", async () => {
  const panel = await openPanel();
  await panel.hold("nearmiss/stepQuery");
  await panel.press("Enter", "b");
  await panel.release("nearmiss/stepQuery");
  await panel.said.getByText("Bad positive was not applied: that positive is no longer on show").waitFor();
  await panel.isAt("q-0013/n0");
  expect(await panel.marks()).toEqual([]);
});

test("the button of the verdict that stands is told as pressed, and no other", async () => {
  const panel = await openPanel();
  await panel.press("a");
  await panel.isAt("q-0012/n1");
  await panel.press("k");
  await panel.isAt("q-0012/n0");
  await panel.current.getByRole("button", { name: "True negative", pressed: true }).waitFor();
  expect(await panel.current.getByRole("button", { pressed: true }).count()).toBe(1);
});

describe("undo and redo", () => {
  test("go back to the card and forward again", async () => {
    const panel = await openPanel();
    await panel.press("x", "a", "Backspace");
    await panel.isAt("q-0012/n1");
    await panel.press("Control+z");
    await panel.isAt("q-0012/n0");
    expect(await panel.said.innerText()).toBe("Undone: False negative");
    await panel.press("Control+Shift+z", "Control+y");
    await panel.said.getByText("Redone: True negative").waitFor();
    expect(await panel.page.getByText("2 marked · 1 false negative").count()).toBe(1);
  });

  test("undo and another verdict, in one breath, correct the last verdict", async () => {
    const panel = await openPanel();
    await panel.press("a", "Backspace", "x");
    await panel.isAt("q-0012/n1");
    expect(await panel.marks()).toEqual(["true_negative q-0012/n0", "false_negative q-0012/n0"]);
  });

  test("there is nothing to undo at first, and that is said", async () => {
    const panel = await openPanel();
    await panel.press("Backspace");
    await panel.said.getByText("Nothing to undo").waitFor();
  });
});

describe("a mark that cannot be written", () => {
  test("keeps its card and the keys behind it, and a retry loses nothing", async () => {
    const panel = await openPanel();
    await failNextMark(panel.page);
    await panel.hold("nearmiss/appendMark");
    await panel.press("a", "x");
    await panel.release("nearmiss/appendMark");
    const alert = panel.page.getByRole("alert");
    await alert.waitFor();
    expect((await alert.innerText()).replace(/\s+/g, " ")).toMatchInlineSnapshot(
      `"“True negative” is not saved. The disk is full: /home/ada/tern/.nearmiss/marks/ada.jsonl could not be written. 1 key press waits behind it. Free some space, then retry."`,
    );
    expect(await panel.axe()).toEqual([]);
    await panel.press("d");
    await panel.said.getByText("Not saved yet: retry or discard first").waitFor();
    await panel.button("Retry").click();
    await panel.isAt("q-0012/n2");
    expect(await panel.marks()).toEqual(["true_negative q-0012/n0", "true_negative q-0012/n0", "false_negative q-0012/n1"]);
  });

  test("can be discarded, and the keys work on", async () => {
    const panel = await openPanel();
    await failNextMark(panel.page);
    await panel.press("a", "x");
    await panel.button("Discard").click();
    await panel.isAt("q-0012/n0");
    await panel.press("p");
    await panel.isAt("q-0012/n1");
    expect(await panel.marks()).toEqual(["true_negative q-0012/n0", "partly_relevant q-0012/n0"]);
  });
});

describe("moving", () => {
  test("J and K and the arrows go from card to card", async () => {
    const panel = await openPanel();
    await panel.press("j", "ArrowDown", "ArrowDown", "k", "ArrowUp");
    await panel.isAt("q-0012/n1");
  });

  test("Enter and Shift+Enter go from query to query, the palette's commands too", async () => {
    const panel = await openPanel();
    await panel.press("Enter");
    await panel.isAt("q-0013/n0");
    expect(await panel.said.innerText()).toBe("Query 2 of 4, 4 to judge");
    await panel.press("Shift+Enter", "Shift+Enter");
    await panel.said.getByText("No further query with work left").waitFor();
    await panel.page.evaluate(() => window.fakeHost.command("next_query"));
    await panel.isAt("q-0013/n0");
    await panel.page.evaluate(() => window.fakeHost.command("false_negative"));
    await panel.isAt("q-0013/n1");
  });

  test("the number of a query can be typed, and letters typed there judge nothing", async () => {
    const panel = await openPanel();
    const field = panel.page.getByRole("textbox", { name: "Query number" });
    await field.focus();
    await panel.press("a", "x", "Control+a", "4", "Enter");
    await panel.isAt("q-0015/n0");
    expect(await panel.marks()).toEqual([]);
    expect(await panel.page.getByText("This query has no positive.").count()).toBe(1);
  });

  test("G and the line's link go to the source", async () => {
    const panel = await openPanel();
    await panel.press("j", "g");
    await panel.button("line 40").click();
    expect((await panel.requests("host/revealPlace")).map((params) => params["place"])).toEqual([
      { file: "/home/ada/tern/train.jsonl", line: 208 },
      { file: "/home/ada/tern/train.jsonl", line: 40 },
    ]);
  });

  test("the editor can send the panel to a line", async () => {
    const panel = await openPanel();
    await panel.page.evaluate(() => window.fakeHost.showLine(14));
    await panel.isAt("q-0014/n0");
  });

  test("when all is judged, the end of the list offers the next query", async () => {
    const panel = await openPanel();
    await panel.press("Enter", "a", "a", "a", "a");
    await panel.page.getByText("Every candidate of this query has a verdict.").waitFor();
    expect(await panel.said.innerText()).toBe("True negative, none left");
    expect(await panel.page.getByText("2 negatives short of what the config asks for.").count()).toBe(1);
    await panel.press("Enter");
    await panel.isAt("q-0014/n0");
  });
});

describe("the key sheet", () => {
  test("opens with ?, keeps the focus, closes with Escape, and judges nothing meanwhile", async () => {
    const panel = await openPanel();
    await panel.press("?");
    const sheet = panel.page.getByRole("dialog", { name: "Keys" });
    await sheet.waitFor();
    await panel.press("a", "Tab", "Tab", "Shift+Tab");
    expect(await panel.page.evaluate(() => document.activeElement?.closest("dialog") !== null)).toBe(true);
    await panel.press("Escape");
    await panel.isAt("q-0012/n0");
    expect(await panel.marks()).toEqual([]);
  });
});

test("with single keys off letters do nothing, arrows and buttons work", async () => {
  const panel = await openPanel({ scenario: "nokeys" });
  await panel.press("a", "x", "Space", "1", "ArrowDown");
  await panel.isAt("q-0012/n1");
  await panel.button("True negative").click();
  await panel.isAt("q-0012/n2");
  expect(await panel.marks()).toEqual(["true_negative q-0012/n1"]);
});
