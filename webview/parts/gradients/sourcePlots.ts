import { axisX, barX, dot, ruleX, ruleY, text, type Markish, type PlotOptions } from "@observablehq/plot";
import type { SourceGradient } from "#protocol/gradients";
import { count, plain } from "../../format";
import { gradientStrings as words } from "../../gradientStrings";
import { sourceLabel } from "../../strings";
import { axisTicks, type AxisTicks } from "../plot/axisTicks";
import type { PlotTable } from "./plotTypes";

/** Pixels of a source: a line of words, and what is drawn below it. */
const ROW = 38;
const LINE = 17;
/** From the middle of a source to the middle of what is drawn. */
const BELOW = (LINE - 5) / 2;
const absent = "–";

/** Gradient mass of marked candidates by source: harmful to the left, useful to the right, as bars of one scale. */
export function massPlot(sources: readonly SourceGradient[], width: number): PlotOptions {
  const most = Math.max(1e-9, ...sources.flatMap(({ useful, harmful }) => [useful, harmful]));
  const { ticks, tickFormat } = axisTicks(-most, most, ticksIn(width));
  return {
    ...frame(sources, width, words.massX),
    x: { domain: [-most, most], label: null },
    marks: [
      sourceAxis(words.massX, { ticks, tickFormat: (value) => tickFormat(Math.abs(value)) }),
      barX(sources, { y: "source", x1: 0, x2: "useful", className: "usefulbar", insetTop: LINE, insetBottom: 5 }),
      barX(sources, {
        y: "source",
        x1: 0,
        x2: ({ harmful }: SourceGradient) => -harmful,
        className: "harmfulbar",
        insetTop: LINE,
        insetBottom: 5,
      }),
      ruleX([0], { className: "base" }),
      rowText(sources, massWords),
    ],
  };
}

/** Mean D of the kept candidates by source, as a distance from the positives' mean. */
export function hardnessPlot(sources: readonly SourceGradient[], width: number): PlotOptions {
  const kept = sources.filter(({ difference }) => difference !== undefined);
  const differences = kept.map(({ difference = 0 }) => difference);
  const [from, to] = [Math.min(-0.01, ...differences), Math.max(0, ...differences)];
  const room = 0.04 * (to - from);
  return {
    ...frame(sources, width, words.hardnessX),
    x: { domain: [from - room, to + room], label: null },
    marks: [
      sourceAxis(words.hardnessX, axisTicks(from - room, to + room, ticksIn(width))),
      ruleX([0], { className: "positive" }),
      ruleY(kept, { y: "source", x1: 0, x2: "difference", className: "stem", dy: BELOW }),
      dot(kept, { y: "source", x: "difference", r: 4.5, className: "hardness", dy: BELOW }),
      rowText(sources, hardnessWords),
    ],
  };
}

export function massTable(sources: readonly SourceGradient[]): PlotTable {
  return {
    title: words.mass,
    columns: [words.source, words.massUseful, words.trueNegatives, words.massHarmful, words.falseNegatives, words.massAll],
    rows: sources.map(({ source, useful, trueNegatives, harmful, falseNegatives, mass }) => ({
      cells: [sourceLabel(source), plain(useful), count(trueNegatives), plain(harmful), count(falseNegatives), plain(mass)],
    })),
  };
}

export function hardnessTable(sources: readonly SourceGradient[]): PlotTable {
  const orAbsent = (value: number | undefined): string => (value === undefined ? absent : plain(value));
  return {
    title: words.hardness,
    columns: [words.source, words.candidates, words.kept, words.meanDifference, words.meanScore, words.mean],
    rows: sources.map(({ source, candidates, kept, difference, score, norm }) => ({
      cells: [sourceLabel(source), count(candidates), count(kept), orAbsent(difference), orAbsent(score), orAbsent(norm)],
    })),
  };
}

/** The title of a plot and its sources' figures, for what is read aloud. */
export function massLabel(sources: readonly SourceGradient[]): string {
  return `${words.mass}. ${sources.map(massWords).join("; ")}.`;
}

export function hardnessLabel(sources: readonly SourceGradient[]): string {
  return `${words.hardness}. ${sources.map(hardnessWords).join("; ")}.`;
}

function massWords({ source, useful, harmful, trueNegatives, falseNegatives }: SourceGradient): string {
  const label = sourceLabel(source);
  return trueNegatives + falseNegatives === 0 ? words.massUnmarked(label) : words.massBar(label, useful, harmful);
}

function hardnessWords({ source, difference, score, norm }: SourceGradient): string {
  const label = sourceLabel(source);
  if (difference === undefined || score === undefined || norm === undefined) return words.hardnessNone(label);
  return words.hardnessBar(label, difference, score, norm);
}

function frame(sources: readonly SourceGradient[], width: number, label: string): PlotOptions {
  const margins = { marginTop: 4, marginRight: 10, marginBottom: 34, marginLeft: 10 };
  const domain = sources.map(({ source }) => source);
  return { ...margins, width, ariaLabel: label, height: 38 + sources.length * ROW, y: { axis: null, type: "band", domain, padding: 0.06 } };
}

function ticksIn(width: number): number {
  return Math.max(3, width / 80);
}

function sourceAxis(label: string, ticks: AxisTicks): Markish {
  return axisX({
    label,
    labelAnchor: "center",
    labelArrow: "none",
    labelOffset: 32,
    ...ticks,
  });
}

/** The words of each source stand above what is drawn, so that long names need no margin. */
function rowText(sources: readonly SourceGradient[], wordsOf: (source: SourceGradient) => string): Markish {
  return text(sources, { y: "source", frameAnchor: "left", textAnchor: "start", text: wordsOf, dy: -9, className: "row" });
}
