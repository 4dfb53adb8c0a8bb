import { DROP_RULES } from "#core/mining/candidate";
import { GRADIENT_CLASSES } from "#core/gradients/gradientClass";
import type { GradientTotals } from "#core/gradients/gradientTally";
import { grouped, statisticsTable } from "#core/exporting/scoreStatistics";
import type { MinedSet } from "#core/exporting/mineForExport";

/**
 * What mining came to, as lines for a terminal, with an empty line after each table: the candidates by what became of them, which add up;
 * the sources, where there are several; what the negatives do to the gradient; and the table of scores that sentence-transformers' users know.
 */
export function miningTables({ counts, scores }: Pick<MinedSet, "counts" | "scores">): readonly string[] {
  const tables = [
    fateTable(counts),
    ...(counts.sources.length > 1 ? [sourceTable(counts)] : []),
    ...(counts.gradients === undefined ? [] : gradientTables(counts.gradients)),
    statisticsTable(scores),
  ];
  return tables.flatMap((table) => [...table, ""]);
}

type Counts = MinedSet["counts"];

function fateTable({ candidates, kept, dropped }: Counts): readonly string[] {
  const share = (count: number): string => `${candidates === 0 ? "-" : ((100 * count) / candidates).toFixed(1)} %`;
  const row = (name: string, count: number): readonly string[] => [name, grouped(count), share(count)];
  return aligned([
    row("Candidates", candidates),
    row("Kept", kept),
    row("Dropped", candidates - kept),
    ...DROP_RULES.flatMap((rule) => (dropped[rule] === 0 ? [] : [row(`  ${rule}`, dropped[rule])])),
  ]);
}

function sourceTable({ sources, queries }: Counts): readonly string[] {
  return aligned([
    ["Source", "Wanted", "Kept", "Short", "Found", "Passed", "Effective"],
    ...sources.map(({ source, wanted, kept, short, found, survived, draws, effectiveCandidates }) => [
      source,
      ...[wanted * queries, kept, short, found, survived].map(grouped),
      draws && !Number.isNaN(effectiveCandidates) ? effectiveCandidates.toFixed(1) : "-",
    ]),
  ]);
}

/** The classes of the emitted negatives, and the means of the sources that gave any. */
function gradientTables({ temperature, queries, easy, useful, dominant, ...totals }: GradientTotals): readonly (readonly string[])[] {
  const { queriesWithoutUseful, effectiveNegatives, sources } = totals;
  const classes = aligned([
    ["Gradient", ...GRADIENT_CLASSES, "Queries", "without useful"],
    [`tau ${String(temperature)}`, ...[easy, useful, dominant, queries, queriesWithoutUseful].map(grouped)],
  ]);
  const { low, median, high } = effectiveNegatives ?? {};
  const spread =
    low === undefined || median === undefined || high === undefined
      ? []
      : [`Effective negatives a query: median ${median.toFixed(2)}, quartiles ${low.toFixed(2)} and ${high.toFixed(2)}`];
  const given = sources.filter(({ kept }) => kept > 0);
  const means = aligned([
    ["Source", "Kept", "Mean s", "Mean D", "Mean |g|", "Sum p/tau"],
    ...given.map(({ source, kept, score, difference, norm, mass }) => [
      source,
      grouped(kept),
      ...[score, difference, norm, mass].map((value) => value?.toFixed(4) ?? "-"),
    ]),
  ]);
  return [[...classes, ...spread], ...(given.length > 0 ? [means] : [])];
}

/** Columns two blanks apart: the first to the left, all others to the right. */
export function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join("  "),
  );
}
