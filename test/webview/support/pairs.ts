import type { Panel } from "./panel";
import type { OpenOptions, panelSession } from "./session";

/** The passages that the lanes of the scripted host offer, in their order. */
export const harvest = ["q-0012/n0", "q-0013/n0", "q-0014/n1", "q-0015/n0", "q-0012/n10", "q-0013/n3", "q-0012/n3"];
export const audit = ["q-0013/n1", "q-0012/n5", "q-0014/n0", "q-0012/n11", "q-0015/n1", "q-0012/n8", "q-0013/n2"];

export const lanes = (panel: Panel) => panel.page.getByRole("region", { name: "Pairs", exact: true });
export const curation = (panel: Panel) => panel.page.locator("[data-curation]");

/** Waits until a pair is on show and has the focus. */
export async function isAtPair(panel: Panel, document: string): Promise<void> {
  const query = document.split("/")[0] ?? "";
  await panel.isAt(`${document} for ${query}`);
}

/** Opens panels with the first pair of a lane on show, or of harvest and audit in turn. */
export function pairsOn(openPanel: ReturnType<typeof panelSession>): (lane?: string, options?: OpenOptions) => Promise<Panel> {
  return async (lane, options) => {
    const panel = await openPanel({ scenario: "curation", ...options });
    await panel.press("m");
    await isAtPair(panel, "q-0012/n0");
    if (lane !== undefined) await lanes(panel).getByRole("button", { name: lane }).click();
    await lanes(panel)
      .getByRole("heading", { name: lane ?? "Harvest" })
      .waitFor();
    return panel;
  };
}

/** What was sent of each mark, but for the data set. */
export async function sent(panel: Panel): Promise<readonly unknown[]> {
  const marks = await panel.requests("nearmiss/appendMark");
  return marks.map(({ dataset: _dataset, ...mark }) => mark);
}
