import type { Verdict } from "#protocol/review";
import type { DrawnLimit, Histogram, MarkedPoint } from "#protocol/sampler";

/** A stretch of an axis and the pixels that it takes. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly left: number;
  readonly right: number;
}

/** The pixel of a value; values beyond the stretch stand at its end. */
export function pixelOf({ from, to, left, right }: Axis, value: number): number {
  const share = to > from ? (value - from) / (to - from) : 0;
  return left + Math.min(1, Math.max(0, share)) * (right - left);
}

/**
 * A histogram without the empty bins at its ends, as far as none of the values to be drawn on it lies there; its stretch is fixed and
 * often wider than what an encoder's scores take. Bins with candidates do not depend on what is kept, so that it holds still while a
 * slider moves.
 */
export function trimmed({ from, to, kept, dropped }: Histogram, drawn: readonly number[]): Histogram {
  const width = (to - from) / Math.max(1, kept.length);
  const isNeeded = (bin: number): boolean => {
    const [low, high] = [from + bin * width, from + (bin + 1) * width];
    return (kept[bin] ?? 0) + (dropped[bin] ?? 0) > 0 || drawn.some((value) => value >= low && value <= high);
  };
  const needed = kept.map((_, bin) => bin).filter(isNeeded);
  const [first, last] = [Math.max(0, (needed[0] ?? 0) - 1), Math.min(kept.length, (needed.at(-1) ?? kept.length) + 2)];
  return { from: from + first * width, to: from + last * width, kept: kept.slice(first, last), dropped: dropped.slice(first, last) };
}

export interface Bar {
  readonly x: number;
  readonly width: number;
  /** Heights as shares of the tallest bar. */
  readonly kept: number;
  readonly dropped: number;
}

/** One bar for each bin, the dropped to be drawn on top of the kept. */
export function barsOf({ from, to, kept, dropped }: Histogram, axis: Axis): readonly Bar[] {
  const tallest = Math.max(1, tallestOf({ from, to, kept, dropped }));
  const width = (to - from) / Math.max(1, kept.length);
  return kept.map((count, index) => {
    const x = pixelOf(axis, from + index * width);
    return {
      x,
      width: Math.max(0, pixelOf(axis, from + (index + 1) * width) - x - 1),
      kept: count / tallest,
      dropped: (dropped[index] ?? 0) / tallest,
    };
  });
}

export function tallestOf({ kept, dropped }: Histogram): number {
  return Math.max(0, ...kept.map((count, index) => count + (dropped[index] ?? 0)));
}

/** A line with a name: a threshold, or where the positive stands. */
export interface NamedLine {
  readonly name: string;
  readonly at: number;
  /** The side on which a threshold drops. */
  readonly drops?: DrawnLimit["drops"];
}

/** A line with the place of its name. */
export interface PlacedLine extends NamedLine {
  readonly x: number;
  /** Rows from the top, so that no two names meet. */
  readonly row: number;
  readonly labelX: number;
  readonly anchor: "start" | "end";
}

/** Pixels of a letter at the size of the names, on the safe side. */
const LETTER = 6.1;
const LABEL_GAP = 6;

/** Places the lines' names beside them, in as few rows as they need. */
export function placedLines(lines: readonly NamedLine[], axis: Axis): readonly PlacedLine[] {
  const rows: { readonly start: number; readonly end: number }[][] = [];
  return [...lines]
    .sort((one, other) => one.at - other.at)
    .map((line) => {
      const x = pixelOf(axis, line.at);
      const width = line.name.length * LETTER;
      const anchor = x - axis.left > width + LABEL_GAP ? ("end" as const) : ("start" as const);
      // Where there is room on neither side, the name stands across the line.
      const labelX = anchor === "end" ? x - LABEL_GAP : Math.max(axis.left, Math.min(x + LABEL_GAP, axis.right - width));
      const span = anchor === "end" ? { start: labelX - width, end: x } : { start: Math.min(x, labelX), end: labelX + width };
      let row = rows.findIndex((taken) => taken.every(({ start, end }) => span.end < start || span.start > end));
      if (row === -1) row = rows.length;
      (rows[row] ??= []).push(span);
      return { ...line, x, row, labelX, anchor };
    });
}

/** What a dot says of a mark. Verdicts that are neither one nor the other share a shape. */
export const DOT_KINDS = ["false_negative", "true_negative", "other"] as const;
export type DotKind = (typeof DOT_KINDS)[number];

/** Marks that would lie on one another, as one dot. */
export interface Dot {
  readonly id: string;
  readonly kind: DotKind;
  readonly x: number;
  /** Mean of the marks' values. */
  readonly value: number;
  /** Positions of their queries, in the order of the marks. */
  readonly queries: readonly number[];
}

/** Pixels within which marks of one kind become one dot. */
const DOT_APART = 9;

/** Dots from left to right; marks whose value is not known have none. */
export function dotsOf(marks: readonly MarkedPoint[], valueOf: (mark: MarkedPoint) => number | undefined, axis: Axis): readonly Dot[] {
  const groups = new Map<string, { readonly kind: DotKind; values: number[]; queries: number[] }>();
  for (const mark of marks) {
    const value = valueOf(mark);
    if (value === undefined) continue;
    const kind = dotKind(mark.verdict);
    const id = `${kind} ${String(Math.floor(pixelOf(axis, value) / DOT_APART))}`;
    const group = groups.get(id) ?? { kind, values: [], queries: [] };
    groups.set(id, group);
    group.values.push(value);
    group.queries.push(mark.query);
  }
  const dots = [...groups]
    .map(([id, { kind, values, queries }]) => {
      const value = values.reduce((sum, each) => sum + each, 0) / values.length;
      return { id, kind, value, x: pixelOf(axis, value), queries };
    })
    .sort((one, other) => one.x - other.x || one.kind.localeCompare(other.kind));
  return apart(dots);
}

/** Moves dots of one kind to the right where they would lie on one another: never out of the stretch whose marks they stand for. */
function apart(dots: readonly Dot[]): readonly Dot[] {
  const last = new Map<DotKind, number>();
  return dots.map((dot) => {
    const x = Math.max(dot.x, (last.get(dot.kind) ?? -Infinity) + DOT_APART);
    last.set(dot.kind, x);
    return { ...dot, x };
  });
}

export function dotKind(verdict: Verdict): DotKind {
  return verdict === "false_negative" || verdict === "true_negative" ? verdict : "other";
}
