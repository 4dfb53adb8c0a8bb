import type { DotKind } from "./parts/sampler/histogramLayout";
import type { ControlGroup } from "./state/samplerTable";
import { count, counted } from "./format";

/** The words of the sampler view. Settings go by their names in the configuration, since that is where they are saved. */
export const samplerStrings = {
  title: "Sampler",
  toggle: "Sampler",
  close: "Back to the candidates",
  sourceSelect: "Settings of",
  allSources: "All sources",
  sourceOption: (position: number, source: string, n: number) => `${count(position + 1)}: ${source} × ${count(n)}`,
  loading: "Reading the sampler's settings",
  previewing: "Computing the preview",
  failed: "There is no preview.",
  mining: "Searching the candidates of the whole file; the preview follows.",
  miningLabel: "Queries searched",

  figures: "What these settings come to",
  kept: "Kept",
  short: "Short",
  effective: "Draws among",
  queries: "Queries",
  shortOf: (queries: number) => (queries === 0 ? "no query" : counted(queries, "query", "queries")),
  effectiveUnit: "candidates, median",
  keptUnit: (candidates: string) => `of ${candidates} candidates`,
  sampledOf: (sampled: number, all: number) => `an even sample of ${count(sampled)} of ${count(all)} queries`,
  allQueries: (all: number) => `over ${counted(all, "query", "queries")}`,
  asSaved: "as saved",
  more: (n: string) => `${n} more than saved`,
  fewer: (n: string) => `${n} fewer than saved`,

  shareKept: "kept",
  shareLeft: "passed, not drawn",
  shareDropped: "dropped by a rule",
  shares: (kept: string, left: string, dropped: string) => `${kept} kept, ${left} passed and not drawn, ${dropped} dropped by a rule`,

  settings: "Settings",
  inherited: "inherited",
  inheritedWhy: "The sampler's own value. Moving it sets it for this source only.",
  own: "own",
  ownWhy: "Set for this source in the config",
  inherit: (name: string, value: string) => `${name}: use the sampler's value, ${value}`,
  isOff: "off",
  undoEdit: (name: string, value: string) => `${name}: back to ${value}`,
  onOff: (name: string) => `${name}: on or off`,
  valueOf: (name: string) => `${name}, value`,
  sliderText: (value: string) => value,
  notANumber: "must be a number",
  drawsAmong: (n: string) => `draws among about ${n} candidates`,

  droppedRules: "Dropped by rule",
  nothingDropped: "No rule drops anything.",
  rule: "Rule",
  count: "Candidates",
  change: "Change",
  sources: "By source",
  source: "Source",
  found: "Found",
  survived: "Passed",
  sourceKept: "Kept",
  sourceShort: "Short",
  sourceEffective: "Draws among",
  shortfalls: "What is missing",
  noShortfall: "Nothing is missing: every query gets what the config asks for.",

  difference: "D: score less the positive's",
  differenceUnit: "D",
  similarity: "s(d+, d): similarity to a positive",
  similarityUnit: "s(d+, d)",
  positive: "positive",
  histogramOf: (title: string, kept: number, dropped: number, limits: string) =>
    `Histogram of ${title}: ${count(kept)} kept, ${count(dropped)} not kept${limits === "" ? "" : `. ${limits}`}`,
  limit: (parameter: string, drops: "above" | "below", at: string) => `${parameter} drops ${drops} ${at}`,
  table: "As a table",
  from: "From",
  to: "to",
  notKept: "not kept",
  empty: "No candidate has this value.",
  marks: "Marks",
  mark: (verdict: string, unit: string, at: string, query: number) => `${verdict}, ${unit} ${at}, query ${count(query + 1)}`,
  manyMarks: (n: number, verdict: string, unit: string, at: string, query: number) =>
    `${count(n)} × ${verdict}, ${unit} ${at}, next: query ${count(query + 1)}`,
  legend: "Legend",

  help: "Nothing is written until you accept the diff.",
  helpEdited: (n: number) => `${counted(n, "change", "changes")}, not saved. Nothing is written until you accept the diff.`,
  save: "Save to config…",
  saving: "Diff is open…",
  reset: "Reset",
  saidOpen: "Sampler",
  saidReset: "Sampler as saved",
} as const;

/** What the shape of a mark's dot says. */
export const dotKindLabels: Readonly<Record<DotKind, string>> = {
  false_negative: "false negative",
  true_negative: "true negative",
  other: "other",
};

export const controlGroupLabels: Readonly<Record<ControlGroup, string>> = {
  amount: "Amount",
  simans: "SimANS draw",
  margin: "Margin to the positive",
  score: "Score",
  positive: "Similarity to a positive",
  duplicate: "Near-duplicate of a positive",
  diversity: "Near-duplicate of a chosen negative",
  window: "Rank window",
  query: "Near-duplicate of the query",
  rescore: "New score of the rescorer",
  other: "Further settings",
};

/** What "off" means, where it does not mean that there is no such rule. */
const offWords: Readonly<Record<string, string>> = { range_max: "auto", draw: "nearest" };

export function offWord(name: string): string {
  return offWords[name] ?? samplerStrings.isOff;
}
