import type { Page } from "playwright-core";

/**
 * Makes the page's processor as many times slower as NEARMISS_SLOWDOWN says. A test that does not wait for something fails then in each run, and
 * not in one of a hundred.
 */
export async function slowDown(page: Page): Promise<void> {
  const rate = Number(process.env["NEARMISS_SLOWDOWN"] ?? 1);
  if (rate === 1) return;
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate });
}
