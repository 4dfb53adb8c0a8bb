import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { FrameLocator } from "playwright-core";

declare global {
  interface Window {
    axe: { run(context: unknown, options: unknown): Promise<{ readonly violations: readonly AxeViolation[] }> };
  }
}

interface AxeViolation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Texts of the panel that stand out too little from their ground (WCAG 1.4.3), as the theme in force has its colours. */
export async function paleTexts(panel: FrameLocator): Promise<readonly string[]> {
  await panel.locator("body").evaluate(axe);
  const { violations } = await panel.locator("body").evaluate(() => window.axe.run(document, { runOnly: ["color-contrast"] }));
  return violations.flatMap(({ nodes }) => nodes.map(({ html, failureSummary }) => `${html.slice(0, 120)} ${failureSummary ?? ""}`));
}

/** A part of a chart as a CSS selector, with the property of its colour. */
export type ChartMark = readonly [selector: string, property: "fill" | "stroke"];

/** What carries meaning in the charts of the sampler view without being text. */
const MARKS: readonly ChartMark[] = [
  ["figure rect.kept", "fill"],
  ["figure rect.dropped", "stroke"],
  ["line.limit", "stroke"],
  ["line.positive", "stroke"],
  ["[role=group] path.false_negative", "fill"],
  ["[role=group] path.true_negative", "fill"],
  ["[role=group] path.other", "fill"],
  [".shares .kept", "fill"],
];

/** Marks of the charts whose colour has less than 3:1 to the view's ground (WCAG 1.4.11). */
export async function paleMarks(
  panel: FrameLocator,
  view = "[data-sampler]",
  charts: readonly ChartMark[] = MARKS,
): Promise<readonly string[]> {
  return await panel.locator(view).evaluate((view, marks) => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    if (canvas === null) throw new Error("The browser has no canvas.");
    /** Red, green and blue of a colour over another, 0 to 255, by what the browser paints. */
    const painted = (colour: string, opacity: number, below: string): readonly number[] => {
      canvas.globalAlpha = 1;
      canvas.fillStyle = below;
      canvas.fillRect(0, 0, 1, 1);
      canvas.globalAlpha = opacity;
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)];
    };
    const luminance = (rgb: readonly number[]): number => {
      const [r, g, b] = rgb.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
    };
    const ground = getComputedStyle(view).backgroundColor;
    const below = luminance(painted(ground, 1, ground));
    return marks.flatMap(([selector, property]) => {
      const element = view.querySelector(selector);
      if (element === null) return [`${selector} is not there`];
      const style = getComputedStyle(element);
      const opacity = Number(property === "fill" ? style.fillOpacity : style.strokeOpacity);
      const above = luminance(painted(style[property], opacity, ground));
      const ratio = (Math.max(above, below) + 0.05) / (Math.min(above, below) + 0.05);
      return ratio >= 3 ? [] : [`${selector}: ${ratio.toFixed(2)}`];
    });
  }, charts);
}

/** Elements of a view whose content is wider than they are, and is cut off or has to be scrolled to. */
export async function overflowing(panel: FrameLocator, view = "[data-sampler]"): Promise<readonly string[]> {
  return await panel.locator(view).evaluate((view) =>
    [...view.querySelectorAll<HTMLElement>("*")]
      .filter((element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX !== "visible")
      .filter((element) => !element.matches(".visually-hidden"))
      .map(
        (element) => `${element.className} by ${String(element.scrollWidth - element.clientWidth)} px: ${element.innerText.slice(0, 60)}`,
      ),
  );
}
