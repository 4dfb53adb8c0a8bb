import type { Panel } from "./panel";
import type { OpenOptions, panelSession } from "./session";

export const view = (panel: Panel) => panel.page.locator("[data-training]");
export const run = (panel: Panel, name: string) => panel.page.locator(`[data-run=${name}]`);
export const train = (panel: Panel, words: number) => panel.page.evaluate((n) => window.fakeHost.train(n), words);
export const lines = (text: string) => text.split(/\s*\n\s*/u).filter((line) => line !== "");

/** Opens panels with the training view on show. */
export function trainingOn(openPanel: ReturnType<typeof panelSession>): (options?: OpenOptions) => Promise<Panel> {
  return async (options) => {
    const panel = await openPanel(options);
    await panel.press("l");
    await view(panel).getByRole("heading", { name: "Settings" }).waitFor();
    return panel;
  };
}

/** What the curves of a run say of themselves. */
export async function curves(panel: Panel, name: string): Promise<readonly (string | null)[]> {
  const plots = run(panel, name).getByRole("img", { name: /over \d+ steps|on the validation/u });
  return await plots.evaluateAll((found) => found.map((plot) => plot.getAttribute("aria-label")));
}

export async function start(panel: Panel): Promise<void> {
  await panel.page.getByRole("button", { name: "Train", exact: true }).click();
  await view(panel).getByRole("heading", { name: "Run under way" }).waitFor();
}

export async function unfold(panel: Panel, name: string): Promise<void> {
  await run(panel, name).locator("summary").first().click();
}

/** The cells of a table, row by row. */
export async function rows(panel: Panel, name: string | RegExp): Promise<readonly string[]> {
  const found = await panel.page.getByRole("table", { name }).locator("tr").all();
  return await Promise.all(
    found.map(async (row) => (await row.locator("th, td").allInnerTexts()).map((cell) => cell.replace(/\s+/gu, " ")).join(" | ")),
  );
}
