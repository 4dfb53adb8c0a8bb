import { dot, lineY, rect, ruleX, ruleY, text, type Markish, type PlotOptions } from "@observablehq/plot";
import type { RoundView, TrainingCurves, ValidationPoint } from "#protocol/training";
import { measure, share } from "../../format";
import { roundName, trainingStrings as words } from "../../trainingStrings";
import { axisTicks, roundAxis, type RoundAxis } from "../plot/axisTicks";

/** Pixels of a curve with its axes. */
const HEIGHT = 132;
/** Pixels for each tick of the axis of steps. */
const TICK_APART = 70;
/** With more points than this a line is drawn without dots. */
const MOST_DOTS = 40;
/** The shortest stretch of an axis of measures: differences below it say nothing. */
const LEAST_STRETCH = 0.01;

/** The training loss over the steps, on an axis that goes to `steps` at least. */
export function lossPlot({ losses, validations }: TrainingCurves, steps: number, width: number): PlotOptions {
  const y = roundAxis(
    losses.map(({ loss }) => loss),
    4,
    LEAST_STRETCH,
  );
  return {
    ...frame(steps, width, y),
    marks: [
      ...roundLines(validations),
      lineY(losses, { x: "step", y: "loss", stroke: "var(--note)", strokeWidth: 1.5 }),
      dot(losses.slice(-1), { x: "step", y: "loss", fill: "var(--note)", r: 2.5 }),
    ],
  };
}

/** nDCG@10 of the validation queries after each epoch, with the encoder as it is for comparison. */
export function validationPlot({ validations, frozenNdcg }: TrainingCurves, steps: number, width: number): PlotOptions {
  const values = validations.map(({ ndcg }) => ndcg);
  const baseline = frozenNdcg === undefined ? undefined : baselineOf(values, frozenNdcg);
  return {
    ...frame(steps, width, roundAxis([...values, ...(baseline?.needs ?? [])], 4, LEAST_STRETCH)),
    marks: [
      ...roundLines(validations),
      lineY(validations, { x: "step", y: "ndcg", stroke: "var(--note)", strokeWidth: 1.5 }),
      ...(validations.length <= MOST_DOTS ? [dot(validations, { x: "step", y: "ndcg", fill: "var(--note)", r: 2.5 })] : []),
      ...(baseline?.marks ?? []),
    ],
  };
}

/** The encoder's line with its words at the end, on the side where the curve is not, and the values that the axis needs for them. */
function baselineOf(values: readonly number[], frozen: number): { readonly marks: readonly Markish[]; readonly needs: readonly number[] } {
  const end = values.slice(-Math.ceil(values.length / 3));
  const side = end.reduce((sum, value) => sum + value - frozen, 0) > 0 ? -1 : 1;
  const stretch = Math.max(LEAST_STRETCH, Math.max(frozen, ...values) - Math.min(frozen, ...values));
  const label = {
    frameAnchor: "right",
    y: () => frozen,
    textAnchor: "end",
    lineAnchor: side < 0 ? "top" : "bottom",
    dy: -3 * side,
    fill: "var(--vscode-foreground)",
    stroke: "var(--side)",
    strokeWidth: 3,
  } as const;
  return {
    marks: [ruleY([frozen], { stroke: "var(--threshold)", strokeDasharray: "5,3" }), text([`${words.frozen} ${measure(frozen)}`], label)],
    needs: [frozen, frozen + side * 0.15 * stretch],
  };
}

/** What a round is drawn with: its place, and one figure of it. */
export interface RoundValue extends Pick<RoundView, "round" | "steps"> {
  readonly value: number;
}

/** One value for each round, from the first on: shares of 1 as bars, anything else as a line. */
export function roundPlot(values: readonly RoundValue[], as: "bars" | "line"): PlotOptions {
  const names = new Map(values.map((value) => [value.round, roundName(value)]));
  const bar = { x1: ({ round }: RoundValue) => round - 0.2, x2: ({ round }: RoundValue) => round + 0.2 };
  const marks: Markish[] =
    as === "bars"
      ? [rect(values, { ...bar, y1: () => 0, y2: "value", fill: "var(--note)" })]
      : [
          lineY(values, { x: "round", y: "value", stroke: "var(--note)", strokeWidth: 1.5 }),
          dot(values, { x: "round", y: "value", fill: "var(--note)", r: 2.5 }),
        ];
  const measured = roundAxis(
    values.map(({ value }) => value),
    3,
    LEAST_STRETCH,
  );
  return {
    ...margins,
    height: 96,
    x: {
      domain: [0.5, (values.at(-1)?.round ?? 1) + 0.5],
      ticks: [...names.keys()],
      tickFormat: (round: number) => names.get(round) ?? "",
      tickSize: 3,
      label: null,
    },
    y: { ...(as === "bars" ? { domain: [0, 1], ticks: 3, tickFormat: share } : measured), grid: true, tickSize: 0, label: null },
    marks,
  };
}

const margins = { marginLeft: 44, marginRight: 10, marginTop: 10, marginBottom: 22, style: { fontSize: "11px", background: "none" } };

function frame(steps: number, width: number, y: RoundAxis): PlotOptions {
  const last = Math.max(1, steps);
  return {
    ...margins,
    height: HEIGHT,
    x: { domain: [0, last], ...axisTicks(0, last, Math.max(2, width / TICK_APART), 1), tickSize: 3, label: null },
    y: { ...y, grid: true, tickSize: 0, label: null },
  };
}

/** Where one round ends and the next begins. */
function roundLines(validations: readonly ValidationPoint[]): readonly Markish[] {
  const ends = validations.filter((point, index) => (validations[index + 1]?.round ?? point.round) > point.round);
  return ends.length === 0 ? [] : [ruleX(ends, { x: "step", stroke: "currentColor", strokeOpacity: 0.35, strokeDasharray: "1,3" })];
}
