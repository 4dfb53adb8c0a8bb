import type { CandidateGradient, GradientClass } from "#protocol/candidateGradient";
import { about, chance, count, counted, plain } from "./format";

export const gradientClassLabels: Readonly<Record<GradientClass, string>> = { easy: "easy", useful: "useful", dominant: "dominant" };

/** The words of the gradients view, and of the gradient on a card. Formulas are named as in the docs: p, w, g, D, s and τ. */
export const gradientStrings = {
  title: "Gradients",
  toggle: "Gradients",
  close: "Back to the candidates",
  loading: "Computing the gradients",
  failed: "There are no gradients to show.",
  mining: "Searching the candidates of the whole file; the gradients follow.",
  miningLabel: "Queries searched",
  queries: (sampled: number, all: number) =>
    sampled === all ? `over ${counted(all, "query", "queries")}` : `over ${count(sampled)} of ${counted(all, "query", "queries")}`,
  queriesWhy: "Queries with a positive; of a very large file an even sample of them.",

  temperature: "Temperature τ",
  temperatureSlider: "Temperature, from 0.005 to 1",
  temperatureValue: "Temperature, value",
  temperatureHelp: "A small τ puts the whole gradient on the hardest negatives, a large one spreads it.",
  asSaved: "as in the config",
  savedIs: (tau: number) => `the config has ${plain(tau)}`,
  save: "Save to config…",
  saving: "Diff is open…",
  reset: "Reset",
  saidReset: "Temperature as saved",

  counts: "Kept negatives by what they do to the gradient",
  share: (n: number, all: number) => (n === 0 || all === 0 ? "" : chance(n / all)),
  shares: (easy: number, useful: number, dominant: number) =>
    `Of the kept negatives ${count(easy)} are easy, ${count(useful)} useful and ${count(dominant)} dominant.`,
  effective: "Effective negatives",
  effectiveWhy: "Among how many negatives a query's gradient is spread, 1 / Σw²: the median over the queries.",
  quartiles: (low: number, high: number) => `middle half ${about(low)} to ${about(high)}`,
  withoutUseful: "Without a useful one",
  withoutUsefulOf: (queries: number) => `of ${counted(queries, "query", "queries")}`,
  noCandidates: "No query has both a positive and candidates with a vector: there is no gradient to show.",

  plots: "Plots",
  table: "Table",
  picture: "Plot",
  saveAs: (type: "svg" | "png", title: string) => `Save as ${type.toUpperCase()}: ${title}`,
  saidSaved: (type: "svg" | "png") => `${type.toUpperCase()} saved`,
  notDrawn: "The picture could not be drawn as PNG.",
  notDrawnNext: "Save it as SVG instead.",
  legend: "Legend",
  atTau: (title: string, tau: number) => `${title}, τ = ${plain(tau)}`,

  plane: "Gradient |g| against D = s − s⁺",
  planeX: "D: score less the positives' mean →",
  planeY: "↑ |g| on the query, log",
  planeYBelow: "↑ |g| on the query, log; the lowest row has all that is below",
  planeLabel: (candidates: number, kept: number, marked: number) =>
    `${count(candidates)} candidates, ${count(kept)} of them kept, ${count(marked)} marked.`,
  planeKeys: "Candidates of the plot: arrow keys choose, Enter opens",
  planeHint: "Arrow keys or the pointer choose a dot or field; Enter or a click opens its candidate.",
  fieldKept: "field with kept ones",
  fieldDropped: "only dropped ones",
  strongest: "longest |g|, unmarked",
  pointsTable: "Marked candidates, and the kept ones with the longest gradients",
  cellsTable: "Fields of the plane",
  query: "Query",
  queryNumber: (query: number) => `query ${count(query + 1)}`,
  openCandidate: (query: number) => `Open this candidate of query ${count(query + 1)}`,
  difference: "D",
  norm: "|g|",
  weight: "p",
  push: "push on d⁺",
  kind: "Class",
  state: "State",
  kept: "kept",
  dropped: "dropped",
  source: "Source",
  mark: "Mark",
  unmarked: "–",
  hardestOpens: "Opens",
  upTo: (to: number) => `up to ${plain(to)}`,
  span: (from: number, to: number) => `${plain(from)} to ${plain(to)}`,
  point: (query: number, difference: number, norm: number, weight: number) =>
    `query ${count(query + 1)}: D ${plain(difference)}, |g| ${plain(norm)}, p ${chance(weight)}`,
  cell: (d: string, norm: string, kept: number, dropped: number, query: number) =>
    `field D ${d}, |g| ${norm}: ${count(kept)} kept, ${count(dropped)} dropped; the longest is in query ${count(query + 1)}`,

  ranks: "Mean and variance of |g| by rank",
  rankX: "rank →",
  rankY: "↑ |g|",
  rankMean: "mean",
  rankBand: "± √variance",
  rankLabel: (ranks: string, mean: number, variance: number) =>
    `At rank ${ranks} the mean of |g| is ${plain(mean)} with a variance of ${plain(variance)}`,
  rankLast: (ranks: string, mean: number, variance: number) => `, at rank ${ranks} ${plain(mean)} with ${plain(variance)}`,
  rank: "Rank",
  rankSpan: (from: number, to: number) => (from === to ? count(from) : `${count(from)} to ${count(to)}`),
  candidates: "Candidates",
  mean: "Mean |g|",
  variance: "Variance",

  mass: "Useful and harmful gradient by source, from marks",
  massX: "← harmful · Σ p/τ over marked candidates · useful →",
  massBar: (source: string, useful: number, harmful: number) => `${source} · useful ${plain(useful)}, harmful ${plain(harmful)}`,
  massUnmarked: (source: string) => `${source} · nothing marked`,
  massNone:
    "No candidate has a mark yet. Marks say which gradients are useful (true negatives) and which are harmful (false negatives and the like).",
  useful: "useful: marked as true negative",
  harmful: "harmful: marked as no negative",
  trueNegatives: "True negatives",
  falseNegatives: "No negatives",
  massUseful: "Useful Σ p/τ",
  massHarmful: "Harmful Σ p/τ",
  massAll: "Σ p/τ of kept",

  hardness: "Hardness of the kept by source",
  hardnessX: "mean D: score less the positives' mean →",
  hardnessBar: (source: string, d: number, s: number, norm: number) => `${source} · D ${plain(d)}, s ${plain(s)}, |g| ${plain(norm)}`,
  hardnessNone: (source: string) => `${source} · nothing kept`,
  positive: "the positives' mean",
  meanScore: "Mean s",
  meanDifference: "Mean D",

  /** A card's word; what is dropped would have it if it were kept. */
  word: (kind: GradientClass, kept: boolean) => (kept ? gradientClassLabels[kind] : `would be ${gradientClassLabels[kind]}`),
  cardWhy: ({ weight, share, norm, push }: CandidateGradient, kept: boolean) =>
    `${kept ? "" : "If it were kept: "}${chance(share)} of the pull of the query's negatives. Softmax weight p ${chance(weight)}, gradient on the query |g| ${plain(norm)}. A step along it moves the positive's own score ${push < 0 ? "up" : "down"}, by ${plain(Math.abs(push))} a unit.`,
  cardLabel: (share: number) => `${chance(share)} of the gradient`,
  spread: (effective: number, n: number) => `gradient on ~${about(effective)} of ${count(n)}`,
  spreadWhy: (temperature: number, easy: number, useful: number, dominant: number) =>
    `Effective negatives 1 / Σw² at τ ${plain(temperature)}: ${count(easy)} easy, ${count(useful)} useful, ${count(dominant)} dominant.`,
} as const;
