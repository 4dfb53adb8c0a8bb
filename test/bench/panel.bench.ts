import { launchChromium } from "../webview/support/browser";
import { Panel } from "../webview/support/panel";
import { PanelServer } from "../webview/support/panelServer";
import { quantile, type Bench } from "./figure";

const KEYS = 80;

/** The panel in Chromium with the candidates of a search of depth 100 and a host that answers at once: the time between a key and the next card on the screen. */
export const panelBench: Bench & { readonly keyToCard: string } = {
  name: "panel",
  keyToCard: "key press to next card in the panel alone, p95",
  run: async () => {
    const [server, browser] = await Promise.all([PanelServer.start(), launchChromium()]);
    try {
      const page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
      await page.goto(server.address("dark", "full"));
      await new Panel(page).ready();
      const times: number[] = [];
      for (let i = 0; i < KEYS; i++) {
        await page.evaluate(watchNextCard);
        await page.keyboard.press("1");
        times.push(await page.evaluate(() => window.nextCard));
      }
      return [
        { name: panelBench.keyToCard, value: quantile(times, 0.95), unit: "ms" },
        { name: "the same, median", value: quantile(times, 0.5), unit: "ms" },
      ];
    } finally {
      await browser.close();
      await server.stop();
    }
  },
};

declare global {
  interface Window {
    /** Milliseconds from the last key to the frame in which another card was the current one. */
    nextCard: Promise<number>;
  }
}

/** Runs in the page. The frame is on the screen when the message after its callback comes. */
function watchNextCard(): void {
  const current = (): string | null | undefined => document.querySelector("[data-card][aria-current=true]")?.getAttribute("data-card");
  const before = current();
  window.nextCard = new Promise((resolve) => {
    const pressed = (event: KeyboardEvent): void => {
      const look = (): void => {
        const now = current();
        if (now === undefined || now === before) {
          requestAnimationFrame(look);
          return;
        }
        const painted = new MessageChannel();
        painted.port1.onmessage = () => {
          resolve(performance.now() - event.timeStamp);
        };
        painted.port2.postMessage(null);
      };
      requestAnimationFrame(look);
    };
    document.addEventListener("keydown", pressed, { once: true, capture: true });
  });
}
