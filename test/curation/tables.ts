import { markdownTable } from "../judged/markdownTable";
import { meanOf, pairedDifference } from "../judged/pairedDifference";
import { BEFORE, curations } from "./adapterGains";
import type { SplitAdapters } from "./adapterGains";
import type { CoverageRow } from "./coverage";
import { TARGETS } from "./coverage";
import { COMPARED, guardRow } from "./guardRates";
import type { Rates, SplitRates } from "./guardRates";
import { GAIN_MARKS, HARVEST, RANDOM } from "./harvestGains";
import type { SplitGains } from "./harvestGains";
import { filters, LEVELS } from "./samplers";
import type { ValidityRow } from "./validity";

/** A mean over splits. */
interface Mean {
  readonly mean: number;
  /** Standard deviation over the square root of the number; NaN with one. */
  readonly standardError: number;
  readonly count: number;
}

/** Undefined where fewer than half of the splits have a value. */
function meanIn(values: readonly (number | null | undefined)[]): Mean | undefined {
  const known = values.filter((value) => typeof value === "number");
  if (known.length === 0 || known.length < values.length / 2) return undefined;
  const mean = meanOf(known);
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: Math.sqrt(squares / (known.length - 1) / known.length), count: known.length };
}

type Part = "heldOut" | "marked";

function rateOf(splits: readonly SplitRates[], part: Part, row: string, level: number): Mean | undefined {
  return meanIn(splits.map((split) => split[part][row]?.[level]));
}

/** Rates of false negatives at equal hardness on one collection. */
export function guardTable(splits: readonly SplitRates[]): readonly string[] {
  const rows = [...new Set(splits.flatMap((split) => [...rowsOf(split.heldOut), ...rowsOf(split.marked)]))];
  const parts: readonly Part[] = ["heldOut", "marked"];
  const heads = parts.flatMap((part) => LEVELS.map((level) => `${part === "heldOut" ? "others" : "marked"}, ${String(level)}`));
  return markdownTable(
    ["FN %", ...heads],
    rows.map((row) => [row, ...parts.flatMap((part) => LEVELS.map((_, level) => rateText(rateOf(splits, part, row, level))))]),
  );
}

function rowsOf(rates: Rates): readonly string[] {
  return Object.keys(rates);
}

function rateText(rate: Mean | undefined): string {
  if (rate === undefined) return "-";
  return `${percent(rate.mean)} ± ${Number.isFinite(rate.standardError) ? percent(rate.standardError) : "?"}`;
}

interface Rated {
  readonly name: string;
  readonly rate: number;
}

/** The filter with the lowest mean rate at a level. */
function best(splits: readonly SplitRates[], part: Part, rows: readonly string[], level: number): Rated | undefined {
  const rated = rows.flatMap((name) => {
    const rate = rateOf(splits, part, name, level);
    return rate === undefined ? [] : [{ name, rate: rate.mean }];
  });
  return rated.sort((a, b) => a.rate - b.rate)[0];
}

const querySide = filters.filter(({ isQuerySide }) => isQuerySide).map(({ name }) => name);
const OTHER_AXIS = filters.filter(({ isQuerySide }) => !isQuerySide).map(({ name }) => name);
const GUARDED = guardRow(COMPARED, 0);

/** Measured splits of each collection. */
type Measured<T> = readonly { readonly name: string; readonly splits: readonly T[] }[];

/** How the guard compares with the best query-side filter on each collection, on queries that nobody marked. */
export function goalTable(collections: Measured<SplitRates>): readonly string[] {
  const heads = LEVELS.flatMap((level) => [`filter, ${String(level)}`, "s(d+, d)", "guard", "ratio"]);
  return markdownTable(
    ["FN %", ...heads, "best filter at 10"],
    collections.map(({ name, splits }) => [
      name,
      ...LEVELS.flatMap((_, level) => {
        const filter = best(splits, "heldOut", querySide, level);
        const guarded = rateOf(splits, "heldOut", GUARDED, level);
        return [
          percentOr(filter?.rate),
          percentOr(best(splits, "heldOut", OTHER_AXIS, level)?.rate),
          percentOr(guarded?.mean),
          ratioText(guarded?.mean, filter?.rate),
        ];
      }),
      best(splits, "heldOut", querySide, LEVELS.indexOf(10))?.name ?? "-",
    ]),
  );
}

/** The same on the queries that were marked, at the middle level: filters without the marks, and with the same marks in force. */
export function markedGoalTable(collections: Measured<SplitRates>): readonly string[] {
  const level = LEVELS.indexOf(10);
  const withMarks = querySide.map((name) => `${name}, ${String(COMPARED)} marks`);
  return markdownTable(
    ["FN %", "filter, no marks", "guard, 100 marks", "ratio", "filter, 100 marks", "ratio"],
    collections.map(({ name, splits }) => {
      const [without, same] = [best(splits, "marked", querySide, level)?.rate, best(splits, "marked", withMarks, level)?.rate];
      const guarded = rateOf(splits, "marked", GUARDED, level)?.mean;
      return [name, percentOr(without), percentOr(guarded), ratioText(guarded, without), percentOr(same), ratioText(guarded, same)];
    }),
  );
}

function percentOr(share: number | undefined): string {
  return share === undefined ? "-" : percent(share);
}

function ratioText(ours: number | undefined, theirs: number | undefined): string {
  return ours === undefined || theirs === undefined || theirs === 0 ? "-" : (ours / theirs).toFixed(2);
}

/** What each order of the marks found on one collection. */
export function harvestTable(splits: readonly SplitGains[]): readonly string[] {
  const names = Object.keys(splits[0]?.gains ?? {});
  return markdownTable(
    ["order", ...GAIN_MARKS.map((marks) => `found @${String(marks)}`), ...GAIN_MARKS.map((marks) => `gradient @${String(marks)}`)],
    names.map((name) => [
      name,
      ...GAIN_MARKS.map((_, at) => meanOf(splits.map(({ gains }) => gains[name]![at]!.found)).toFixed(0)),
      ...GAIN_MARKS.map((_, at) => meanOf(splits.map(({ gains }) => gains[name]![at]!.gradient)).toFixed(2)),
    ]),
  );
}

/** The harvest lane over the random order after 100 marks, on each collection. */
export function harvestGoalTable(
  collections: readonly { readonly name: string; readonly splits: readonly SplitGains[] }[],
): readonly string[] {
  return markdownTable(
    ["collection", "emitted pairs", "false %", "found: random, harvest", "ratio", "most possible", "gradient: random, harvest", "ratio"],
    collections.map(({ name, splits }) => {
      const [random, harvest] = [RANDOM, HARVEST].map((order) => ({
        found: meanOf(splits.map(({ gains }) => gains[order]![0]!.found)),
        gradient: meanOf(splits.map(({ gains }) => gains[order]![0]!.gradient)),
      }));
      const share = meanOf(splits.map((split) => split.share));
      return [
        name,
        meanOf(splits.map(({ pairs }) => pairs)).toFixed(0),
        percent(share),
        `${random!.found.toFixed(0)}, ${harvest!.found.toFixed(0)}`,
        (harvest!.found / random!.found).toFixed(1),
        (1 / share).toFixed(1),
        `${random!.gradient.toFixed(2)}, ${harvest!.gradient.toFixed(2)}`,
        (harvest!.gradient / random!.gradient).toFixed(1),
      ];
    }),
  );
}

/** Audits of one collection. */
export function coverageTable(rows: readonly CoverageRow[]): readonly string[] {
  const targets = TARGETS.flatMap((target) => [`to ${percent(target)} %`, "marks", "below"]);
  return markdownTable(
    ["audited", "pairs", "not clean %", "errors %", "bound missed %", ...targets],
    rows.map((row) => [
      row.sampler,
      String(row.pairs),
      percent(row.share),
      percent(row.errors),
      percent(row.missed),
      ...row.targets.flatMap(({ certified, medianMarks, below }) => [
        `${percent(certified)} %`,
        medianMarks === null ? "-" : String(medianMarks),
        `${percent(below)} %`,
      ]),
    ]),
  );
}

/** Adapters of one collection. */
export function adapterTable(splits: readonly SplitAdapters[]): readonly string[] {
  const of = (name: string, value: (trial: SplitAdapters[string]) => number): readonly number[] =>
    splits.map((split) => value(split[name]!));
  const difference = (ours: readonly number[], theirs: readonly number[]): string => {
    const { mean, standardError } = pairedDifference(ours, theirs);
    return `${mean < 0 ? "-" : "+"}${Math.abs(mean).toFixed(4)} ± ${standardError.toFixed(4)}`;
  };
  return markdownTable(
    ["trained on", "FN %", "hardness", "yield", "nDCG@10", "less frozen", "less before"],
    curations.map(({ name }) => {
      const adapted = of(name, (trial) => trial.adapted);
      const { falseNegatives, hardness, ...emission } = {
        falseNegatives: meanOf(of(name, (trial) => trial.emission.falseNegatives)),
        hardness: meanOf(of(name, (trial) => trial.emission.hardness)),
        yield: meanOf(of(name, (trial) => trial.emission.yield)),
      };
      const before =
        name === BEFORE
          ? ""
          : difference(
              adapted,
              of(BEFORE, (trial) => trial.adapted),
            );
      const toFrozen = difference(
        adapted,
        of(name, (trial) => trial.frozen),
      );
      return [name, percent(falseNegatives), hardness.toFixed(3), emission.yield.toFixed(2), meanOf(adapted).toFixed(4), toFrozen, before];
    }),
  );
}

/** The Monte Carlo of false certificates. */
export function validityTableText(rows: readonly ValidityRow[]): readonly string[] {
  return markdownTable(
    ["pairs", "false", "method", "certified falsely %", "exact %", "looked at once %"],
    rows.map((row) => [
      row.population.toLocaleString("en"),
      String(row.falseNegatives),
      row.method,
      percent(row.certified),
      percent(row.exact),
      percent(row.onceExact),
    ]),
  );
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}
