import { areaY, axisX, axisY, dot, lineY, ruleY, type PlotOptions } from "@observablehq/plot";
import type { RankGradient } from "#protocol/gradients";
import { count, plain } from "../../format";
import { axisTicks, roundAxis } from "../plot/axisTicks";
import { gradientStrings as words } from "../../gradientStrings";
import type { PlotTable } from "./plotTypes";

const middle = ({ from, to }: RankGradient): number => (from + to) / 2;
const low = ({ mean, variance }: RankGradient): number => Math.max(0, mean - Math.sqrt(variance));
const high = ({ mean, variance }: RankGradient): number => mean + Math.sqrt(variance);

/** Mean of |g| by rank over all queries, with a band of one standard deviation: figure 1 of SimANS (EMNLP 2022) for the file's own data. */
export function rankPlot(ranks: readonly RankGradient[], width: number): PlotOptions {
  const y = roundAxis([0, ...ranks.map(high)], 5);
  const last = Math.max(2, ...ranks.map(({ to }) => to));
  return {
    marginTop: 22,
    marginRight: 12,
    marginBottom: 34,
    marginLeft: 44,
    height: 190,
    x: { domain: [1, last], label: null },
    y: { domain: y.domain, label: null },
    marks: [
      axisX({ label: words.rankX, labelAnchor: "right", labelOffset: 32, ...axisTicks(1, last, Math.max(3, width / 60), 1) }),
      axisY({ label: words.rankY, ticks: y.ticks, tickFormat: y.tickFormat }),
      areaY(ranks, { x: middle, y1: low, y2: high, className: "band" }),
      lineY(ranks, { x: middle, y: "mean", className: "mean" }),
      dot(ranks, { x: middle, y: "mean", r: 1.8, className: "meandot" }),
      ruleY([0], { className: "base" }),
    ],
  };
}

export function rankTable(ranks: readonly RankGradient[]): PlotTable {
  return {
    title: words.ranks,
    columns: [words.rank, words.candidates, words.mean, words.variance],
    rows: ranks.map(({ from, to, candidates, mean, variance }) => ({
      cells: [words.rankSpan(from, to), count(candidates), plain(mean), plain(variance)],
    })),
  };
}

/** The first and the last ranks in words. */
export function rankLabel(ranks: readonly RankGradient[]): string {
  const [first, last] = [ranks[0], ranks.at(-1)];
  if (first === undefined || last === undefined) return words.ranks;
  const end = first === last ? "" : words.rankLast(words.rankSpan(last.from, last.to), last.mean, last.variance);
  return `${words.ranks}. ${words.rankLabel(words.rankSpan(first.from, first.to), first.mean, first.variance)}${end}.`;
}
