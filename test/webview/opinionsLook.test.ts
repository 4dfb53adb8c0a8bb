import { describe, expect, test } from "vitest";
import { begin, button, choose, isWaiting, label, opinionsOn, planned, view } from "./support/opinionsView";
import { isAtPair, lanes } from "./support/pairs";
import type { Panel } from "./support/panel";
import type { Theme } from "./support/panelServer";
import { panelSession } from "./support/session";

const openPanel = panelSession();
const openOpinions = opinionsOn(openPanel);
const themes: readonly Theme[] = ["light", "dark", "hc"];
const all = themes.flatMap((theme) => [1100, 360].map((width) => ({ theme, width })));

/** Nothing to complain of, nothing against the policy, nothing that runs over. */
async function isFine(panel: Panel): Promise<void> {
  // The toolkit gives its elements their looks a frame after they are there.
  await panel.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  expect(await panel.axe()).toEqual([]);
  expect(await panel.violations()).toEqual([]);
  expect(await panel.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  const wide = await panel.page
    .locator("[data-opinions] .body")
    .evaluateAll((found) => found.map((body) => body.scrollWidth - body.clientWidth));
  expect(wide.filter((over) => over > 0)).toEqual([]);
}

describe("every theme and width is accessible, keeps to the policy, and does not run over", () => {
  test.for(all)("the view from choice to report, $theme at $width px", async ({ theme, width }) => {
    const panel = await openOpinions({ theme, width });
    await choose(panel);
    await button(panel, "Choose the confirming model").click();
    await view(panel).getByText("offered by localhost:11434").waitFor();
    await isFine(panel);
    await panel.hold("nearmiss/planLabelling");
    await view(panel).getByLabel("Queries", { exact: true }).fill("50");
    await panel.press("Tab");
    await expect.poll(() => isWaiting(panel, "Ask")).toEqual([true]);
    await isFine(panel);
    await panel.release("nearmiss/planLabelling");
    await planned(panel);
    await begin(panel, "Try on three queries");
    await label(panel, 1);
    await isFine(panel);
    await label(panel, 2);
    await view(panel).getByRole("heading", { name: "Dry run: finished" }).waitFor();
    await isFine(panel);
    await begin(panel, "Ask");
    await label(panel, 4);
    await view(panel).getByRole("heading", { name: "Last run: finished" }).waitFor();
    await isFine(panel);
  });

  test.for(all)("totals and cards, $theme at $width px", async ({ theme, width }) => {
    const panel = await openPanel({ scenario: "opinions", theme, width });
    await panel.press("a");
    await panel.isAt("q-0012/n1");
    await panel.press("k");
    await panel.current.getByText("differs from your verdict").waitFor();
    await isFine(panel);
    await panel.press("i");
    await view(panel).getByText("1 disagreement waits").waitFor();
    await isFine(panel);
    await button(panel, "Disagreements 1").click();
    await isAtPair(panel, "q-0012/n0");
    await lanes(panel).getByRole("heading", { name: "Disagreements" }).waitFor();
    await isFine(panel);
  });
});
