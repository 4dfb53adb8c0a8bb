import type { Panel } from "./panel";
import type { OpenOptions, panelSession } from "./session";

export const view = (panel: Panel) => panel.page.locator("[data-opinions]");
export const section = (panel: Panel, name: string | RegExp) => view(panel).getByRole("region", { name });
export const label = (panel: Panel, queries: number) => panel.page.evaluate((n) => window.fakeHost.label(n), queries);
/** A button of the view by its whole name. */
export const button = (panel: Panel, name: string) => view(panel).getByRole("button", { name, exact: true });

export const plans = (panel: Panel) => panel.requests("nearmiss/planLabelling");
export const starts = (panel: Panel) => panel.requests("nearmiss/startLabelling");
/** Whether the buttons with a word are switched off. */
export const isOff = (panel: Panel, name: string) =>
  view(panel)
    .locator("vscode-button", { hasText: name })
    .evaluateAll((found) => found.map((each) => each.hasAttribute("disabled")));

/** Whether the buttons with a word look switched off and can have the focus, while the plan is being made. */
export const isWaiting = (panel: Panel, name: string) =>
  view(panel)
    .locator("vscode-button", { hasText: name })
    .locator("button")
    .evaluateAll((found) => found.map((each) => each.getAttribute("aria-disabled") === "true" && !each.matches(":disabled")));

/** Whether the button with a word has the focus. */
export const hasFocus = (panel: Panel, name: string) =>
  view(panel)
    .locator("vscode-button", { hasText: name })
    .evaluate((found) => document.activeElement === found);

/** Opens panels with the view of second opinions on show. */
export function opinionsOn(openPanel: ReturnType<typeof panelSession>): (options?: OpenOptions) => Promise<Panel> {
  return async (options) => {
    const panel = await openPanel(options);
    await panel.press("i");
    await view(panel).getByRole("heading", { name: "So far" }).waitFor();
    return panel;
  };
}

/** Chooses the model, and waits for the plan. */
export async function choose(panel: Panel): Promise<void> {
  await button(panel, "Choose the model").click();
  await planned(panel);
}

/** Waits until the plan on show is that of what was chosen. */
export async function planned(panel: Panel): Promise<void> {
  await view(panel).locator(".plan .figures[aria-busy=false]").waitFor();
}

/** The figures of a part of the view, as "name: figure". */
export async function figures(panel: Panel, name: string | RegExp): Promise<readonly string[]> {
  const found = await section(panel, name).locator("dl").first().locator("div").all();
  return await Promise.all(found.map(async (each) => `${await each.locator("dt").innerText()}: ${await each.locator("dd").innerText()}`));
}

/** Waits until a figure is on show. */
export async function comesTo(panel: Panel, name: string, figure: string): Promise<void> {
  await view(panel)
    .locator("dl > div")
    .filter({ has: panel.page.getByText(name, { exact: true }) })
    .getByText(figure, { exact: true })
    .waitFor();
}

/** Starts a run, and waits until it is under way. */
export async function begin(panel: Panel, name: "Ask" | "Try on three queries"): Promise<void> {
  await button(panel, name).click();
  await button(panel, "Pause").waitFor();
}
