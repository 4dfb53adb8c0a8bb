import type { Collection } from "#core/collection/collection";
import { gradientRules } from "#core/gradients/gradientClass";
import type { GradientSummary } from "#core/gradients/gradientSummariser";
import type { GradientReport } from "#protocol/gradients";

/** What the answer needs besides the numbers. */
export interface GradientFrame {
  readonly revision: number;
  readonly savedTemperature: number;
  readonly seconds: number;
}

/** What the candidates of a whole file do to the gradient, as the panel shows it. */
export function gradientReportView(summary: GradientSummary, collection: Collection, frame: GradientFrame): GradientReport {
  const { queries: sampled, plane, points, ...totals } = summary;
  const keyOf = (group: number): string => collection.groupKeys[group] ?? "";
  return {
    ...frame,
    ...totals,
    queries: collection.queries.length,
    sampled,
    plane: { ...plane, cells: plane.cells.map(({ group, ...cell }) => ({ ...cell, key: keyOf(group) })) },
    points: points.map(({ group, ...point }) => ({ ...point, key: keyOf(group) })),
    rules: gradientRules,
  };
}
