import { gradientRules } from "../gradients/gradientClass";
import type { GradientTotals } from "../gradients/gradientTally";
import type { SourceGradient } from "../gradients/sourceGradients";
import { shortfallAdvice } from "../mining/shortfallWords";
import type { ShortfallCount } from "../mining/tally";
import type { MiningCounts } from "./miningTally";
import { rounded } from "./detailLine";
import type { ScoreStatistics, ScoreSummary } from "./scoreStatistics";

export interface ReportInput {
  readonly counts: MiningCounts;
  readonly scores: ScoreStatistics;
  readonly documents: number;
  readonly embedded: number;
  readonly cached: number;
  /** Duration of each stage, in seconds. */
  readonly seconds: Readonly<Record<string, number>>;
  readonly seed: number;
  readonly configHash: string;
  readonly model: string;
  readonly index?: { readonly kind: string; readonly recall: number; readonly recallSample: number };
}

/** The object of `--report` as JSON text with a line feed. `kept` and the sum of `dropped` make `candidates`. */
export function miningReport(input: ReportInput): string {
  const { counts, scores, documents, embedded, cached, seconds, seed, configHash, model, index } = input;
  const { queries, candidates, kept, dropped, short } = counts;
  const timed = Object.fromEntries(Object.entries(seconds).map(([stage, value]) => [stage, Number(value.toFixed(3))]));
  const report = {
    queries,
    documents,
    candidates,
    kept,
    dropped,
    short,
    short_queries: counts.shortQueries,
    effective_candidates: rounded(counts.effectiveCandidates),
    sources: counts.sources.map(({ effectiveCandidates, ...source }) => ({
      ...source,
      effective_candidates: rounded(effectiveCandidates),
    })),
    shortfalls: counts.shortfalls.map(shortfallInWords),
    scores: shortened(scores),
    ...(counts.gradients === undefined ? {} : { gradients: gradientsOf(counts.gradients) }),
    embedded,
    cached,
    seconds: timed,
    seed,
    config_hash: configHash,
    model,
  };
  const withIndex =
    index === undefined ? report : { ...report, index: { kind: index.kind, recall: index.recall, recall_sample: index.recallSample } };
  return `${JSON.stringify(withIndex, null, 2)}\n`;
}

function shortfallInWords({ source, cause, missing, queries, note }: ShortfallCount): Readonly<Record<string, unknown>> {
  return { source, cause, missing, queries, ...shortfallAdvice(cause, source, note) };
}

/** The gradients of the emitted negatives, with the rules of their classes. */
function gradientsOf({ queriesWithoutUseful, effectiveNegatives, sources, ...totals }: GradientTotals): Readonly<Record<string, unknown>> {
  const { low, median, high } = effectiveNegatives ?? {};
  return {
    ...totals,
    queries_without_useful: queriesWithoutUseful,
    effective_negatives: { p25: roundedOf(low), p50: roundedOf(median), p75: roundedOf(high) },
    sources: sources.map(sourceGradientOf),
    rules: Object.fromEntries(gradientRules.map(({ kind, text }) => [kind, text])),
  };
}

function sourceGradientOf(source: SourceGradient): Readonly<Record<string, unknown>> {
  const { trueNegatives, falseNegatives, score, difference, norm, mass, useful, harmful, ...counts } = source;
  return {
    ...counts,
    mean_score: roundedOf(score),
    mean_difference: roundedOf(difference),
    mean_gradient: roundedOf(norm),
    gradient_mass: rounded(mass),
    useful_mass: rounded(useful),
    harmful_mass: rounded(harmful),
    marked_true_negatives: trueNegatives,
    marked_false_negatives: falseNegatives,
  };
}

function roundedOf(value: number | undefined): number | null {
  return rounded(value ?? Number.NaN);
}

/** With six decimals, as `--detail` has them. */
function shortened({ positive, negative, difference }: ScoreStatistics): ScoreStatistics {
  const short = (summary: ScoreSummary): ScoreSummary => {
    const entries = Object.entries(summary).map(([name, value]: [string, number | null]) => [name, value === null ? null : rounded(value)]);
    return Object.fromEntries(entries) as ScoreSummary;
  };
  return { positive: short(positive), negative: short(negative), difference: short(difference) };
}
