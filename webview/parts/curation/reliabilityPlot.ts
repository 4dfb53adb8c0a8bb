import { axisX, axisY, dot, lineY, type PlotOptions } from "@observablehq/plot";
import type { FalseNegativeModelView } from "#protocol/curation";
import { curationStrings as words } from "../../curationStrings";
import { share } from "../../format";

/** Pixels of the largest dot's radius. */
const LARGEST = 8;
const SMALLEST = 2.5;

export type ReliabilityBins = FalseNegativeModelView["reliability"];

/** Observed over predicted shares of false negatives, a dot a bin with an area by its pairs, and the diagonal on which both agree. */
export function reliabilityPlot(bins: ReliabilityBins, width: number): PlotOptions {
  const most = Math.max(1, ...bins.map(({ pairs }) => pairs));
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  return {
    marginTop: 18,
    marginRight: 22,
    marginBottom: 38,
    marginLeft: 44,
    height: Math.max(150, width * 0.66),
    style: { fontSize: "11px", background: "none" },
    x: { domain: [0, 1], label: null },
    y: { domain: [0, 1], label: null },
    r: { range: [0, LARGEST], domain: [0, most] },
    marks: [
      axisX({
        label: words.reliabilityX,
        labelAnchor: "center",
        labelArrow: "none",
        labelOffset: 34,
        ticks,
        tickFormat: share,
        tickSize: 3,
      }),
      axisY({ label: words.reliabilityY, labelArrow: "none", ticks, tickFormat: share, tickSize: 3 }),
      lineY([0, 1], { x: (value: number) => value, y: (value: number) => value, stroke: "var(--muted)", strokeDasharray: "4,3" }),
      dot(bins, {
        x: "predicted",
        y: "observed",
        r: ({ pairs }: ReliabilityBins[number]) => Math.max(pairs, (most * SMALLEST ** 2) / LARGEST ** 2),
        fill: "var(--note)",
        fillOpacity: 0.8,
        stroke: "var(--surface)",
      }),
    ],
  };
}
