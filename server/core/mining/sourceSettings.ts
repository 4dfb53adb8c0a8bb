import type { CandidateSource, SamplerConfig } from "../config/samplerSchema";

/** How the survivors of a source are chosen among. */
export type Draw = "nearest" | "even" | "simans";

type Shared = Omit<
  SamplerConfig,
  "sampling_strategy" | "num_negatives" | "mix" | "draw" | "range_max" | "seed" | "bm25" | "hybrid" | "same_article" | "same_topic"
>;

/** All that holds for one source: the sampler's settings with those of its entry in the mix put over them. */
export interface SourceSettings extends Shared {
  readonly source: CandidateSource;
  /** Negatives wanted from it. */
  readonly n: number;
  readonly draw: Draw;
  readonly range_max: number;
  /** How many of the nearest documents are looked at at all. */
  readonly depth: number;
}

/** Window without a range_max, where sentence-transformers' rule does not hold. */
const defaultWindow = 100;

/**
 * The sources that a sampler asks, in order.
 *
 * @param mostPositives the largest number of positives that any query has: sentence-transformers' candidate depth follows from it
 */
export function sourcesOf(sampler: SamplerConfig, mostPositives: number): readonly SourceSettings[] {
  const { sampling_strategy, num_negatives, mix, seed, bm25, hybrid, same_article, same_topic, ...shared } = sampler;
  const entries: NonNullable<SamplerConfig["mix"]> = mix ?? [{ source: sampling_strategy, n: num_negatives }];
  return entries.map((entry) => {
    const settings = {
      ...shared,
      ...entry,
      simans: { ...shared.simans, ...entry.simans },
      rescore: { ...shared.rescore, ...entry.rescore },
    };
    const range_max = settings.range_max ?? defaultRangeMax(settings, mostPositives);
    const depth = sampler.compat === null ? range_max : range_max + mostPositives;
    return inOneShape({ ...settings, draw: drawOf(settings.source, settings.draw), range_max, depth });
  });
}

/**
 * The same settings in an object literal. V8 gives objects that were put together from others a shape of their own, and what was compiled for
 * one shape is given up for the next: each move of a slider would have all rules compiled anew.
 */
function inOneShape(settings: SourceSettings): SourceSettings {
  const { simans, rescore } = settings;
  return {
    compat: settings.compat,
    source: settings.source,
    n: settings.n,
    draw: settings.draw,
    depth: settings.depth,
    range_min: settings.range_min,
    range_max: settings.range_max,
    range_after_filters: settings.range_after_filters,
    max_score: settings.max_score,
    min_score: settings.min_score,
    margin_anchor: settings.margin_anchor,
    absolute_margin: settings.absolute_margin,
    relative_margin: settings.relative_margin,
    max_positive_similarity: settings.max_positive_similarity,
    max_fn_probability: settings.max_fn_probability,
    near_duplicate_similarity: settings.near_duplicate_similarity,
    near_duplicate_overlap: settings.near_duplicate_overlap,
    near_query_similarity: settings.near_query_similarity,
    near_query_overlap: settings.near_query_overlap,
    diversity_similarity: settings.diversity_similarity,
    diversity_overlap: settings.diversity_overlap,
    where: settings.where,
    simans: { a: simans.a, b: simans.b, kernel: simans.kernel, anchor: simans.anchor, axis: simans.axis },
    rescore: {
      kind: rescore.kind,
      model: rescore.model,
      precision: rescore.precision,
      top_n: rescore.top_n,
      absolute_margin: rescore.absolute_margin,
      relative_margin: rescore.relative_margin,
      max_score: rescore.max_score,
      min_score: rescore.min_score,
    },
  };
}

/** What tells an entry of the mix apart from earlier ones of the same source: the names of its draws end in it. Empty for the first. */
export function entryName(sources: readonly SourceSettings[], position: number): string {
  const earlier = sources.slice(0, position).filter(({ source }) => source === sources[position]?.source).length;
  return earlier === 0 ? "" : `:${String(earlier)}`;
}

/** Negatives wanted for each query. */
export function wantedOf(sources: readonly SourceSettings[]): number {
  return sources.reduce((sum, { n }) => sum + n, 0);
}

/** Whether a source drops what the false-negative model suspects. */
export function isGuarded({ max_fn_probability }: SourceSettings): boolean {
  return max_fn_probability !== null;
}

/** Whether a source needs to know the nearest documents by their vectors. */
export function isDense({ source }: SourceSettings): boolean {
  return source === "top" || source === "window" || source === "simans" || source === "hybrid";
}

/** Whether a source searches by words. */
export function isLexical({ source }: SourceSettings): boolean {
  return source === "bm25" || source === "hybrid";
}

function drawOf(source: CandidateSource, draw: Draw | null): Draw {
  switch (source) {
    case "top":
    case "random":
      return "nearest";
    case "window":
      return "even";
    case "simans":
      return "simans";
    default:
      return draw ?? "nearest";
  }
}

type Limits = Omit<SourceSettings, "range_max" | "draw" | "depth">;

/** sentence-transformers 6.1: with a margin or a ceiling ten candidates for each negative, else as many as are wanted. */
function defaultRangeMax({ compat, range_min, n, absolute_margin, relative_margin, max_score }: Limits, mostPositives: number): number {
  if (compat === null) {
    return range_min + defaultWindow;
  }
  const isFiltered = absolute_margin !== null || relative_margin !== null || max_score !== null;
  return range_min + (isFiltered ? 10 * n : n) + mostPositives;
}
