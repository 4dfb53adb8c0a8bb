/** One measured number. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The most that is good enough; absent where a figure is only to be known. */
  readonly goal?: number;
}

/** A group of figures that are measured together. */
export interface Bench {
  /** What the command line calls it. */
  readonly name: string;
  readonly run: () => Promise<readonly Figure[]>;
}

/** The value below which `part` of the values lie, from 0 to 1. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(part * sorted.length) - 1] ?? sorted[0] ?? Number.NaN;
}

/** Figures as the lines of a table. */
export function tableOf(figures: readonly Figure[]): readonly string[] {
  const rows = [["figure", "value", "goal", ""], ...figures.map(cellsOf)];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join("  "),
  );
}

function cellsOf({ name, value, unit, goal }: Figure): readonly string[] {
  const number = value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
  return [
    name,
    `${number} ${unit}`,
    goal === undefined ? "" : `<= ${String(goal)}`,
    goal === undefined ? "" : value <= goal ? "met" : "MISSED",
  ];
}
