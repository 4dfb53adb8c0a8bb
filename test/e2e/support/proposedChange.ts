import { expect } from "vitest";
import type { Journey } from "./journey";

/** Name of the diff's tab. */
export const configDiff = "config.json: present ↔ proposed";

/** An audit draws at random: how many pairs it takes until a change passes is another number each time. */
const MOST_PAIRS = 150;

/**
 * Judges pairs until the marks speak for a change of the sampler, and opens its diff. Some marks may have come since the change was tested, so
 * that the tests may be against it when they are made again; then more pairs are judged.
 *
 * @returns the words of the proposal
 */
export async function openProposedChange(journey: Journey, judge: () => Promise<void>): Promise<string> {
  for (let pair = 0; pair < MOST_PAIRS; pair += 1) {
    if ((await journey.panel.proposal.count()) > 0) {
      const words = await journey.panel.proposal.innerText();
      if (await showsChange(journey)) return words;
    }
    await judge();
  }
  throw new Error(`After ${String(MOST_PAIRS)} pairs no change of the sampler is proposed.`);
}

/** Asks for the diff of the proposal; false where the newest marks are against it. */
async function showsChange({ panel, editor }: Journey): Promise<boolean> {
  await panel.button("Show the change").click();
  const tested = /Diff open: accept or discard it there|Withdrawn: your newest marks are against it/u;
  await expect.poll(() => panel.said.innerText()).toMatch(tested);
  if ((await panel.said.innerText()).startsWith("Withdrawn")) return false;
  await editor.tab(configDiff).waitFor();
  return true;
}
