import { dot, lineY, rect, ruleX, ruleY, text, type Markish, type PlotOptions } from "@observablehq/plot";
import type { TrainingStatus, ValidationPoint } from "#protocol/training";
import { measure, plain, share, shortCount } from "../../format";
import { trainingStrings as words } from "../../trainingStrings";

/** Pixels of a curve with its axes. */
const HEIGHT = 132;
/** Pixels for each tick of the axis of steps. */
const TICK_APART = 70;
/** With more points than this a line is drawn without dots. */
const MOST_DOTS = 40;

/** The training loss over the steps. */
export function lossPlot({ losses, validations, step, totalSteps }: TrainingStatus, width: number): PlotOptions {
  return {
    ...frame(Math.max(step, totalSteps), width),
    marks: [
      ...roundLines(validations),
      lineY(losses, { x: "step", y: "loss", stroke: "var(--note)", strokeWidth: 1.5 }),
      dot(losses.slice(-1), { x: "step", y: "loss", fill: "var(--note)", r: 2.5 }),
    ],
  };
}

/** nDCG@10 of the validation queries after each epoch, with the encoder as it is for comparison. */
export function validationPlot({ validations, frozenNdcg, step, totalSteps }: TrainingStatus, width: number): PlotOptions {
  const frame_ = frame(Math.max(step, totalSteps), width);
  const baseline: readonly Markish[] =
    frozenNdcg === undefined
      ? []
      : [
          ruleY([frozenNdcg], { stroke: "var(--threshold)", strokeDasharray: "5,3" }),
          text([`${words.frozen} ${measure(frozenNdcg)}`], {
            frameAnchor: "right",
            y: () => frozenNdcg,
            textAnchor: "end",
            lineAnchor: "bottom",
            dy: -3,
            fill: "var(--vscode-foreground)",
          }),
        ];
  return {
    ...frame_,
    marks: [
      ...roundLines(validations),
      ...baseline,
      lineY(validations, { x: "step", y: "ndcg", stroke: "var(--note)", strokeWidth: 1.5 }),
      ...(validations.length <= MOST_DOTS ? [dot(validations, { x: "step", y: "ndcg", fill: "var(--note)", r: 2.5 })] : []),
    ],
  };
}

/** One value for each round, from the first on: shares of 1 as bars, anything else as a line. */
export function roundPlot(values: readonly { readonly round: number; readonly value: number }[], as: "bars" | "line"): PlotOptions {
  const bar = { x1: ({ round }: { readonly round: number }) => round - 0.2, x2: ({ round }: { readonly round: number }) => round + 0.2 };
  const marks: Markish[] =
    as === "bars"
      ? [rect(values, { ...bar, y1: () => 0, y2: "value", fill: "var(--note)" })]
      : [
          lineY(values, { x: "round", y: "value", stroke: "var(--note)", strokeWidth: 1.5 }),
          dot(values, { x: "round", y: "value", fill: "var(--note)", r: 2.5 }),
        ];
  return {
    ...margins,
    height: 96,
    x: {
      domain: [0.5, (values.at(-1)?.round ?? 1) + 0.5],
      ticks: values.map(({ round }) => round),
      tickFormat: shortCount,
      tickSize: 3,
      label: null,
    },
    y: {
      ...(as === "bars" ? { domain: [0, 1], tickFormat: share } : { nice: true, tickFormat: plain }),
      grid: true,
      ticks: 3,
      tickSize: 0,
      label: null,
    },
    marks,
  };
}

const margins = { marginLeft: 44, marginRight: 10, marginTop: 10, marginBottom: 22, style: { fontSize: "11px", background: "none" } };

function frame(steps: number, width: number): PlotOptions {
  return {
    ...margins,
    height: HEIGHT,
    x: {
      domain: [0, Math.max(1, steps)],
      ticks: Math.max(2, Math.floor(width / TICK_APART)),
      tickFormat: (value: number) => (Number.isInteger(value) ? shortCount(value) : ""),
      tickSize: 3,
      label: null,
    },
    y: { nice: true, grid: true, ticks: 4, tickSize: 0, label: null },
  };
}

/** Where one round ends and the next begins. */
function roundLines(validations: readonly ValidationPoint[]): readonly Markish[] {
  const ends = validations.filter((point, index) => (validations[index + 1]?.round ?? point.round) > point.round);
  return ends.length === 0 ? [] : [ruleX(ends, { x: "step", stroke: "currentColor", strokeOpacity: 0.35, strokeDasharray: "1,3" })];
}
