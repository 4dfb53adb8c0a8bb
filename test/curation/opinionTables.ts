import { markdownTable } from "../judged/markdownTable";
import { meanOf, pairedDifference } from "../judged/pairedDifference";
import type { PairedDifference } from "../judged/pairedDifference";
import { MARKED, TAUGHT, UNHELPED } from "./distilledAdapters";
import type { DistilledAdapter, SplitDistilled } from "./distilledAdapters";
import type { FoundRow, RankingRow, SplitOpinions } from "./opinionGains";

/** What was measured on one collection. */
export interface AskedCollection {
  readonly name: string;
  readonly splits: readonly { readonly gains: SplitOpinions; readonly adapters: SplitDistilled }[];
}

/** False negatives found per 100 calls, and what the answers do for an adapter, on each collection. */
export function askedTable(collections: readonly AskedCollection[]): readonly string[] {
  return markdownTable(
    ["collection", "false %", "one stage: random, harvest", "two stages", "right: flagged, confirmed %", "nDCG@10: teachers", "as marks"],
    collections.map(({ name, splits }) => {
      const mean = (order: string, stages: string, value: (row: FoundRow) => number): number =>
        meanOf(splits.map(({ gains }) => value(gains.found.find((row) => row.order === order && row.stages === stages)!)));
      const per100 = (order: string, stages: string): string =>
        ((100 * mean(order, stages, ({ found }) => found)) / mean(order, stages, ({ calls }) => calls)).toFixed(0);
      const [flagged, confirmed] = ["one", "two"].map((stages) =>
        ((100 * mean("harvest", stages, ({ found }) => found)) / mean("harvest", stages, ({ called }) => called)).toFixed(0),
      );
      const adapters = splits.map((split) => split.adapters);
      return [
        name,
        (100 * meanOf(splits.map(({ gains }) => gains.share))).toFixed(1),
        `${per100("random", "one")}, ${per100("harvest", "one")}`,
        `${per100("random", "two")}, ${per100("harvest", "two")}`,
        `${flagged!}, ${confirmed!}`,
        gainOver(adapters, TAUGHT),
        gainOver(adapters, MARKED),
      ];
    }),
  );
}

function gainOver(splits: readonly SplitDistilled[], name: string): string {
  const of = (row: string): readonly number[] => splits.map((split) => split[row]!.adapted);
  return differenceText(pairedDifference(of(name), of(UNHELPED)));
}

function differenceText({ mean, standardError }: PairedDifference): string {
  return `${mean < 0 ? "-" : "+"}${Math.abs(mean).toFixed(4)} ± ${standardError.toFixed(4)}`;
}

/** What asking found on one collection, and how the model ranks with it. */
export function opinionTable(splits: readonly SplitOpinions[]): readonly string[] {
  const share = (100 * meanOf(splits.map((split) => split.share))).toFixed(1);
  const pairs = meanOf(splits.map((split) => split.pairs)).toFixed(0);
  return [`${pairs} pairs to ask about, ${share} % of them false negatives.`, "", ...foundTable(splits), "", ...rankingTable(splits)];
}

function foundTable(splits: readonly SplitOpinions[]): readonly string[] {
  const rows = splits[0]?.found ?? [];
  return markdownTable(
    ["order", "stages", "calls", "pairs judged", "called relevant", "found", "per 100 calls", "per 100 pairs", "first stage right %"],
    rows.map(({ order, stages }, at) => {
      const mean = (value: (row: FoundRow) => number): number => meanOf(splits.map(({ found }) => value(found[at]!)));
      const [calls, judged, found] = [mean((row) => row.calls), mean((row) => row.judged), mean((row) => row.found)];
      return [
        order,
        stages,
        calls.toFixed(0),
        judged.toFixed(0),
        mean(({ called }) => called).toFixed(0),
        found.toFixed(0),
        ((100 * found) / calls).toFixed(0),
        ((100 * found) / judged).toFixed(1),
        (100 * mean(({ precision }) => precision)).toFixed(0),
      ];
    }),
  );
}

function rankingTable(splits: readonly SplitOpinions[]): readonly string[] {
  const rows = splits[0]?.ranking ?? [];
  return markdownTable(
    ["the model ranks pairs", "asked about", "of other queries"],
    rows.map(({ marks, hasOpinions }, at) => [
      `${String(marks)} marks, ${hasOpinions ? "opinions" : "no opinions"}`,
      meanText(splits.map(({ ranking }) => ranking[at]!.asked)),
      meanText(splits.map(({ ranking }) => ranking[at]!.others)),
    ]),
  );
}

function meanText(areas: readonly RankingRow["asked"][]): string {
  const known = areas.filter((area) => area !== null);
  if (known.length < 2) return "-";
  const mean = meanOf(known);
  const squares = known.reduce((sum, area) => sum + (area - mean) ** 2, 0);
  return `${mean.toFixed(3)} ± ${Math.sqrt(squares / (known.length - 1) / known.length).toFixed(3)}`;
}

/** Adapters of one collection. */
export function distilledTable(splits: readonly SplitDistilled[]): readonly string[] {
  const names = Object.keys(splits[0] ?? {});
  const of = (name: string, value: (trial: DistilledAdapter) => number): readonly number[] => splits.map((split) => value(split[name]!));
  const difference = (ours: readonly number[], theirs: readonly number[]): string => {
    const paired = pairedDifference(ours, theirs);
    return `${differenceText(paired)} (${String(paired.wins)} of ${String(paired.count)})`;
  };
  return markdownTable(
    ["trained with", "calls", "queries with a teacher", "nDCG@10", "less frozen", "less nothing asked"],
    names.map((name) => {
      const adapted = of(name, (trial) => trial.adapted);
      const before = of(UNHELPED, (trial) => trial.adapted);
      const frozen = of(name, (trial) => trial.frozen);
      return [
        name,
        meanOf(of(name, (trial) => trial.calls)).toFixed(0),
        meanOf(of(name, (trial) => trial.taught)).toFixed(0),
        meanOf(adapted).toFixed(4),
        difference(adapted, frozen),
        name === UNHELPED ? "" : difference(adapted, before),
      ];
    }),
  );
}
