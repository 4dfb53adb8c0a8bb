import { axisX, axisY, dot, rect, ruleX, type Markish, type PlotOptions } from "@observablehq/plot";
import type { GradientCell, GradientPlane, GradientPoint, GradientReport } from "#protocol/gradients";
import { chance, count, plain } from "../../format";
import { gradientClassLabels, gradientStrings as words } from "../../gradientStrings";
import { sourceLabel, verdictLabels } from "../../strings";
import { dotKind, DOT_KINDS, type DotKind } from "../sampler/histogramLayout";
import { axisTicks } from "../plot/axisTicks";
import type { PlotTable, PlotTarget } from "./plotTypes";

/** A field in the units of the axes. */
interface Field {
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
  readonly cell: GradientCell;
}

/** Room around the frame, in pixels. */
const margin = { marginTop: 22, marginRight: 8, marginBottom: 34, marginLeft: 44 } as const;

/** |g| against D: fields shaded by their number of candidates, and over them the marked and the strongest ones as dots. */
export function planePlot(report: GradientReport, width: number): PlotOptions {
  const fields = fieldsOf(report.plane);
  const height = Math.round(Math.min(380, Math.max(230, width * 0.62)));
  const { x, y } = domainsOf(fields, report.points);
  return {
    ...margin,
    height,
    x: { domain: [...x], clamp: true, label: null },
    y: { type: "log", domain: [...y], clamp: true, label: null },
    opacity: { type: "identity" },
    symbol: { type: "identity" },
    marks: [
      axisX({ label: words.planeX, labelAnchor: "right", labelOffset: 32, ...axisTicks(...x, Math.max(3, width / 70)) }),
      axisY({
        label: fields.some(({ cell }) => cell.row === 0) ? words.planeYBelow : words.planeY,
        ticks: powersWithin(y),
        tickFormat: power,
      }),
      ruleX(
        [0].filter((at) => at > x[0] && at < x[1]),
        { className: "positive" },
      ),
      ...fieldMarks(fields, width, height),
      ...dotMarks(report.points),
    ],
  };
}

/** Every field and dot of the plane, dots first, so that they are found before the field beneath them. */
export function planeTargets(report: GradientReport): readonly PlotTarget[] {
  const points = report.points.map((point): PlotTarget => ({
    x: point.difference,
    y: point.norm,
    text: pointText(point),
    query: point.query,
    key: point.key,
  }));
  const cells = fieldsOf(report.plane).map(({ cell, ...extent }): PlotTarget => {
    const text = words.cell(words.span(extent.x1, extent.x2), normSpan({ cell, ...extent }), cell.kept, cell.dropped, cell.query);
    return { x: (extent.x1 + extent.x2) / 2, y: Math.sqrt(extent.y1 * extent.y2), extent, text, query: cell.query, key: cell.key };
  });
  return [...points, ...cells];
}

export function planeTables(report: GradientReport): readonly PlotTable[] {
  const { query, difference, norm, weight, push, kind, state, source, mark, kept, dropped } = words;
  const points = [...report.points].sort((one, other) => other.norm - one.norm);
  return [
    {
      title: words.pointsTable,
      columns: [query, difference, norm, weight, push, kind, state, source, mark],
      rows: points.map((point) => ({ cells: pointCells(point), opens: point })),
    },
    {
      title: words.cellsTable,
      columns: [words.hardestOpens, difference, norm, kept, dropped],
      rows: fieldsOf(report.plane).map(({ x1, x2, y1, y2, cell }) => ({
        cells: [
          words.queryNumber(cell.query),
          words.span(x1, x2),
          normSpan({ x1, x2, y1, y2, cell }),
          count(cell.kept),
          count(cell.dropped),
        ],
        opens: cell,
      })),
    },
  ];
}

/** How many candidates are marked, by the kind of their dot; kinds without any are left out. */
export function markedKinds(points: readonly GradientPoint[]): readonly { readonly kind: DotKind; readonly n: number }[] {
  return DOT_KINDS.map((kind) => ({ kind, n: pointsOf(points, kind).length })).filter(({ n }) => n > 0);
}

function pointCells({ query, difference, norm, weight, push, kind, kept, source, verdict }: GradientPoint): readonly string[] {
  return [
    words.queryNumber(query),
    plain(difference),
    plain(norm),
    chance(weight),
    plain(push),
    gradientClassLabels[kind],
    kept ? words.kept : words.dropped,
    sourceLabel(source),
    verdict === undefined ? words.unmarked : verdictLabels[verdict],
  ];
}

function pointText(point: GradientPoint): string {
  const { query, difference, norm, weight, kind, kept, source, verdict } = point;
  const facts = [
    words.point(query, difference, norm, weight),
    words.word(kind, kept),
    kept ? words.kept : words.dropped,
    sourceLabel(source),
  ];
  return [...facts, ...(verdict === undefined ? [] : [verdictLabels[verdict].toLowerCase()])].join(", ");
}

/** The lowest row has all that is shorter, too. */
function normSpan({ cell, y1, y2 }: Field): string {
  return cell.row === 0 ? words.upTo(y2) : words.span(y1, y2);
}

function fieldsOf(plane: GradientPlane): readonly Field[] {
  const across = (plane.differenceTo - plane.differenceFrom) / plane.columns;
  const up = (plane.logNormTo - plane.logNormFrom) / plane.rows;
  return plane.cells.map((cell) => ({
    x1: plane.differenceFrom + cell.column * across,
    x2: plane.differenceFrom + (cell.column + 1) * across,
    y1: 10 ** (plane.logNormFrom + cell.row * up),
    y2: 10 ** (plane.logNormFrom + (cell.row + 1) * up),
    cell,
  }));
}

/** The stretch of each axis that something is drawn on. The plane itself is fixed, and often wider than what an encoder's scores take. */
function domainsOf(fields: readonly Field[], points: readonly GradientPoint[]): { readonly x: Span; readonly y: Span } {
  if (fields.length === 0) return { x: [-1, 1], y: [1e-6, 1] };
  const { x1, x2, y1, y2 } = {
    x1: Math.min(...fields.map((field) => field.x1)),
    x2: Math.max(...fields.map((field) => field.x2)),
    y1: Math.min(...fields.map((field) => field.y1)),
    y2: Math.max(...fields.map((field) => field.y2)),
  };
  const inside = points.filter(({ norm }) => norm > 0);
  return {
    x: [Math.min(x1, ...inside.map(({ difference }) => difference)), Math.max(x2, ...inside.map(({ difference }) => difference))],
    y: [y1, Math.max(y2, ...inside.map(({ norm }) => norm))],
  };
}

type Span = readonly [number, number];

const raised = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"];

/** A power of ten as a tick: plain where it is short, else as 10⁻⁵. */
function power(value: number): string {
  const exponent = Math.round(Math.log10(value));
  if (Math.abs(exponent) <= 2) return plain(value);
  return `10${exponent < 0 ? "⁻" : ""}${raised[Math.abs(exponent)] ?? String(Math.abs(exponent))}`;
}

function powersWithin([from, to]: Span): number[] {
  const [first, last] = [Math.ceil(Math.log10(from) - 1e-9), Math.floor(Math.log10(to) + 1e-9)];
  const step = Math.max(1, Math.ceil((last - first) / 7));
  return Array.from({ length: Math.max(0, Math.floor((last - first) / step) + 1) }, (_, index) => 10 ** (last - index * step));
}

/** Every field in grey by all of its candidates, and in those with kept ones a smaller square in blue by their number. */
function fieldMarks(fields: readonly Field[], width: number, height: number): readonly Markish[] {
  const [columns, rows] = [distinct(fields.map(({ x1 }) => x1)), distinct(fields.map(({ y1 }) => y1))];
  const inset = 0.24 * Math.min((width - 52) / Math.max(1, columns), (height - 56) / Math.max(1, rows));
  const place = { x1: "x1", x2: "x2", y1: "y1", y2: "y2" };
  const kept = fields.filter(({ cell }) => cell.kept > 0);
  const all = shading(
    fields.map(({ cell }) => cell.kept + cell.dropped),
    0.12,
    0.6,
  );
  const ofKept = shading(
    kept.map(({ cell }) => cell.kept),
    0.5,
    1,
  );
  return [
    rect(fields, { ...place, fillOpacity: ({ cell }: Field) => all(cell.kept + cell.dropped), inset: 0.3, className: "field" }),
    rect(kept, { ...place, fillOpacity: ({ cell }: Field) => ofKept(cell.kept), inset, className: "keptfield" }),
  ];
}

/** Opacity by the logarithm of a count, from the pale for one candidate to the full for the most. */
function shading(counts: readonly number[], pale: number, full: number): (count: number) => number {
  const most = Math.log(Math.max(2, ...counts));
  return (n) => pale + ((full - pale) * Math.log(Math.max(1, n))) / most;
}

const symbols = { false_negative: "triangle", true_negative: "circle", other: "square" } as const;

function dotMarks(points: readonly GradientPoint[]): readonly Markish[] {
  const place = { x: "difference", y: "norm" };
  return [
    dot(
      points.filter(({ verdict }) => verdict === undefined),
      { ...place, r: 1.7, className: "strongest" },
    ),
    ...[...DOT_KINDS]
      .reverse()
      .map((kind) => dot(pointsOf(points, kind), { ...place, r: 4, symbol: symbols[kind], className: `mark ${kind}` })),
  ];
}

function pointsOf(points: readonly GradientPoint[], kind: DotKind): readonly GradientPoint[] {
  return points.filter(({ verdict }) => verdict !== undefined && dotKind(verdict) === kind);
}

function distinct(values: readonly number[]): number {
  return new Set(values).size;
}
