import type { Histogram } from "#core/preview/histogram";
import type { LimitOnAxis, SamplerSummary } from "#core/preview/samplerPreview";
import { DROP_RULES } from "#core/mining/candidate";
import { shortfallAdvice } from "#core/mining/shortfallWords";
import type { MiningTotals, ShortfallCount } from "#core/mining/tally";
import type { Histogram as HistogramView, SamplerPreview, ShortfallView } from "#protocol/sampler";
import { counted } from "../words";

export interface PreviewFrame {
  readonly revision: number;
  readonly queries: number;
  readonly sampled: number;
  readonly seconds: number;
}

/** What a sampler comes to over the whole file, as the panel shows it. */
export function samplerPreviewView({ totals, ...summary }: SamplerSummary, frame: PreviewFrame): SamplerPreview {
  return {
    ...frame,
    candidates: totals.candidates,
    kept: totals.kept,
    dropped: DROP_RULES.flatMap((rule) => (totals.dropped[rule] === 0 ? [] : [{ rule, count: totals.dropped[rule] }])),
    short: totals.short,
    shortQueries: totals.shortQueries,
    ...(totals.sources.some(({ draws }) => draws) ? { effectiveCandidates: finite(totals.effectiveCandidates) } : {}),
    sources: sourceViews(totals),
    shortfalls: totals.shortfalls.map(shortfallView),
    difference: histogramView(summary.difference),
    positiveSimilarity: histogramView(summary.positiveSimilarity),
    differenceLimits: summary.differenceLimits.map(limitView),
    positiveSimilarityLimits: summary.positiveSimilarityLimits.map(limitView),
    marks: summary.marks.map(({ verdict, difference, positiveSimilarity, query }) => ({
      verdict,
      query,
      ...(Number.isNaN(difference) ? {} : { difference }),
      ...(Number.isNaN(positiveSimilarity) ? {} : { positiveSimilarity }),
    })),
  };
}

function sourceViews({ sources }: MiningTotals): SamplerPreview["sources"] {
  return sources.map(({ draws, effectiveCandidates, ...counts }, position) => ({
    position,
    ...counts,
    ...(draws ? { effectiveCandidates: finite(effectiveCandidates) } : {}),
  }));
}

function shortfallView({ source, cause, missing, queries, note }: ShortfallCount): ShortfallView {
  const advice = shortfallAdvice(cause, source, note);
  const miss = queries === 1 ? "misses" : "miss";
  return {
    source,
    cause,
    missing,
    queries,
    ...(advice.parameter === undefined ? {} : { parameter: advice.parameter }),
    text: `${counted(queries, "query", "queries")} ${miss} ${counted(missing, "negative", "negatives")}: ${advice.text}.`,
  };
}

function histogramView({ from, to, kept, dropped }: Histogram): HistogramView {
  return { from, to, kept: [...kept], dropped: [...dropped] };
}

function limitView({ parameter, at, drops }: LimitOnAxis): LimitOnAxis {
  return { parameter, at, drops };
}

/** JSON has no NaN: without queries there is nothing to choose among. */
function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}
