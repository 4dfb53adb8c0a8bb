/** A place of a plot that can be chosen, and what it stands for. */
export interface PlotTarget {
  /** In the units of the plot's scales. */
  readonly x: number;
  readonly y: number;
  /** A field's extent; absent for a dot. */
  readonly extent?: { readonly x1: number; readonly x2: number; readonly y1: number; readonly y2: number };
  /** What it stands for, in words. */
  readonly text: string;
  readonly query: number;
  readonly key: string;
}

/** One row of a table of a plot's figures. */
export interface TableRow {
  /** The first is the row's head. */
  readonly cells: readonly string[];
  /** The candidate that the row stands for. */
  readonly opens?: { readonly query: number; readonly key: string };
}

export interface PlotTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}
