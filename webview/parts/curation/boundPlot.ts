import { axisX, barX, ruleX, text, type PlotOptions } from "@observablehq/plot";
import type { AuditView } from "#protocol/curation";
import { curationStrings as words } from "../../curationStrings";
import { chance } from "../../format";
import { sourceLabel } from "../../strings";

/** Pixels of a row: a line of words, and the bar below it. */
const ROW = 30;
const LINE = 16;
/** The axis goes to so many targets at least, so that the target does not stand at its edge. */
const TARGETS = 2;

/** One bound: of the whole file, or of a source. */
export interface BoundRow {
  readonly name: string;
  readonly atMost: number;
}

/** The whole file first; its sources where there are several. */
export function boundRows({ total, sources }: AuditView): readonly BoundRow[] {
  const bySource = sources.length < 2 ? [] : sources.map(({ source, atMost }) => ({ name: sourceLabel(source), atMost }));
  return [{ name: words.wholeFile, atMost: total.atMost }, ...bySource];
}

/** Upper bounds as bars from 0, with a line at the target. */
export function boundPlot(rows: readonly BoundRow[], target: number, width: number): PlotOptions {
  const last = Math.min(1, Math.max(TARGETS * target, ...rows.map(({ atMost }) => atMost)));
  const top = Math.min(1, last * 1.05);
  return {
    marginTop: 18,
    marginRight: 12,
    marginBottom: 32,
    marginLeft: 6,
    height: 50 + rows.length * ROW,
    style: { fontSize: "11px", background: "none" },
    x: { domain: [0, top], label: null },
    y: { axis: null, type: "band", domain: rows.map(({ name }) => name), padding: 0.05 },
    marks: [
      axisX({
        label: words.boundAxis,
        labelAnchor: "left",
        labelArrow: "none",
        labelOffset: 30,
        ticks: Math.max(3, width / 90),
        tickFormat: (value: number) => chanceTick(value),
        tickSize: 3,
      }),
      barX(rows, { y: "name", x1: 0, x2: "atMost", fill: "var(--note)", fillOpacity: 0.75, insetTop: LINE, insetBottom: 4 }),
      ruleX([0], { stroke: "currentColor", strokeOpacity: 0.5 }),
      ruleX([target], { stroke: "var(--threshold)", strokeWidth: 1.5, strokeDasharray: "5,3" }),
      text([words.target(target)], {
        x: () => target,
        frameAnchor: "top",
        dy: -12,
        textAnchor: target > top / 2 ? "end" : "start",
        fill: "var(--vscode-foreground)",
      }),
      text(rows, {
        y: "name",
        frameAnchor: "left",
        textAnchor: "start",
        text: rowWords,
        dx: 5,
        dy: -8,
        fill: "var(--vscode-foreground)",
        // Kept apart from the target's line, which it may cross.
        stroke: "var(--side)",
        strokeWidth: 4,
      }),
    ],
  };
}

/** The bounds in words. */
export function boundLabel(rows: readonly BoundRow[], target: number): string {
  return `${words.target(target)}. ${rows.map(rowWords).join("; ")}.`;
}

function rowWords({ name, atMost }: BoundRow): string {
  return words.boundRow(name, atMost);
}

function chanceTick(value: number): string {
  return value === 0 ? "0" : chance(value);
}
