import type { Verdict } from "#protocol/review";
import type { DrawnLimit, Histogram, MarkedPoint, SamplerPreview, ShortfallView, SourcePreview } from "#protocol/sampler";
import type { FakeSampler, FakeSource } from "./fakeSampler";
import { pool, type PoolCandidate, type PoolQuery } from "./inventedPool";

const listOf: Readonly<Record<string, string>> = { top: "dense", simans: "dense", window: "dense" };

interface Fate {
  readonly candidate: PoolCandidate;
  readonly query: PoolQuery;
  readonly rule: string;
}

/** What a configuration comes to over the invented pool. */
export function previewOf(sampler: FakeSampler, revision: number, marks: readonly MarkedPoint[]): SamplerPreview {
  const tallies = sampler.sources.map((source) => new Tally(source));
  const fates = pool.flatMap((query) => fatesOf(query, tallies));
  const kept = fates.filter(({ rule }) => rule === "sampled").length;
  const shortByQuery = pool.map((_, at) => tallies.reduce((sum, tally) => sum + (tally.shorts[at] ?? 0), 0));
  const effective = pool.map((_, at) => tallies.reduce((sum, tally) => sum + (tally.effective[at] ?? 0), 0));
  return {
    revision,
    queries: pool.length,
    sampled: pool.length,
    candidates: fates.length,
    kept,
    dropped: droppedByRule(fates),
    short: sum(shortByQuery),
    shortQueries: shortByQuery.filter((short) => short > 0).length,
    effectiveCandidates: median(effective),
    sources: tallies.map((tally, position) => tally.preview(position)),
    shortfalls: tallies.flatMap((tally) => tally.shortfalls()),
    difference: histogram(fates, ({ candidate, query }) => candidate.score - query.positive, -1, 0.5),
    positiveSimilarity: histogram(fates, ({ candidate }) => candidate.positiveSimilarity, -0.2, 1),
    differenceLimits: differenceLimits(sampler),
    positiveSimilarityLimits: similarityLimits(sampler),
    marks,
    seconds: 0.01,
  };
}

/** Marks of an earlier sitting, on candidates of the pool: those most like a positive were found to be false negatives. */
export const earlierMarks: readonly MarkedPoint[] = pool.flatMap((query, at) =>
  query.candidates.flatMap((candidate) => {
    const verdict = earlierVerdict(query, candidate, at);
    const { score, positiveSimilarity } = candidate;
    return verdict === undefined ? [] : [{ verdict, difference: score - query.positive, positiveSimilarity, query: at % 4 }];
  }),
);

/** The verdict of the earlier sitting on a candidate of the query at a position, if it has one. */
export function earlierVerdict({ candidates }: PoolQuery, candidate: PoolCandidate, at: number): Verdict | undefined {
  if (candidates.find(({ rank }) => rank % 9 === at % 9 && rank < 20) !== candidate) return undefined;
  const { positiveSimilarity } = candidate;
  return positiveSimilarity > 0.76 ? "false_negative" : positiveSimilarity > 0.68 ? "partly_relevant" : "true_negative";
}

/** The candidates that a configuration keeps. */
export function keptInPool(sampler: FakeSampler): ReadonlySet<PoolCandidate> {
  const tallies = sampler.sources.map((source) => new Tally(source));
  const fates = pool.flatMap((query) => fatesOf(query, tallies));
  return new Set(fates.filter(({ rule }) => rule === "sampled").map(({ candidate }) => candidate));
}

/** Counts of one source over the queries. */
class Tally {
  readonly source: FakeSource;
  readonly shorts: number[] = [];
  readonly effective: number[] = [];
  readonly blamed = new Map<string, { missing: number; queries: number }>();
  found = 0;
  survived = 0;
  kept = 0;

  constructor(source: FakeSource) {
    this.source = source;
  }

  add(found: number, survivors: number, kept: number, rules: readonly string[], weights: readonly number[]): void {
    this.found += found;
    this.survived += survivors;
    this.kept += kept;
    const short = this.source.n - kept;
    this.shorts.push(short);
    const whole = sum(weights);
    this.effective.push(whole === 0 ? 0 : whole ** 2 / sum(weights.map((weight) => weight ** 2)));
    if (short === 0) return;
    const cause = mostFrequent(rules) ?? "few_found";
    const before = this.blamed.get(cause) ?? { missing: 0, queries: 0 };
    this.blamed.set(cause, { missing: before.missing + short, queries: before.queries + 1 });
  }

  preview(position: number): SourcePreview {
    const { source, n } = this.source;
    const { found, survived, kept } = this;
    return { position, source, wanted: n, found, survived, kept, short: sum(this.shorts), effectiveCandidates: median(this.effective) };
  }

  shortfalls(): readonly ShortfallView[] {
    return [...this.blamed]
      .sort((one, other) => other[1].missing - one[1].missing)
      .map(([cause, { missing, queries }]) => ({
        source: this.source.source,
        cause,
        missing,
        queries,
        ...(cause === "few_found" ? {} : { parameter: cause }),
        text: `${String(queries)} queries miss ${String(missing)} negatives: ${cause === "few_found" ? "the source finds too few." : `${cause}; ease it or ask for fewer.`}`,
      }));
  }
}

function fatesOf(query: PoolQuery, tallies: readonly Tally[]): readonly Fate[] {
  const rules = new Map<PoolCandidate, string>();
  const taken = new Set<PoolCandidate>();
  for (const tally of tallies) {
    const { source } = tally;
    const found = query.candidates.filter(({ lists }) => lists.has(listOf[source.source] ?? source.source));
    const dropped: string[] = [];
    const passed = found.filter((candidate) => {
      if (taken.has(candidate)) return false;
      const rule = dropRule(candidate, query, source);
      if (rule === undefined) return true;
      dropped.push(rule);
      rules.set(candidate, rule);
      return false;
    });
    const survivors = inWindow(passed, source, rules);
    const weights = survivors.map((candidate) => logWeight(candidate, query, source));
    const order = survivors
      .map((candidate, at) => ({ candidate, at }))
      .sort((one, other) => (weights[other.at] ?? 0) + other.candidate.noise - (weights[one.at] ?? 0) - one.candidate.noise)
      .map(({ candidate }) => candidate);
    const chosen = choose(takesNearest(source) ? survivors : order, source, rules);
    for (const candidate of chosen) taken.add(candidate);
    tally.add(found.length, survivors.length, chosen.length, dropped, weights.map(Math.exp));
  }
  return [...new Set([...rules.keys(), ...taken])].map((candidate) => ({
    candidate,
    query,
    rule: taken.has(candidate) ? "sampled" : (rules.get(candidate) ?? "not_sampled"),
  }));
}

/** The rank window among the survivors, where the settings count ranks so. */
function inWindow(
  survivors: readonly PoolCandidate[],
  { settings }: FakeSource,
  rules: Map<PoolCandidate, string>,
): readonly PoolCandidate[] {
  const { range_after_filters, range_min, range_max } = settings;
  if (!range_after_filters) return survivors;
  const last = range_max ?? range_min + 100;
  for (const candidate of survivors.slice(0, range_min)) rules.set(candidate, "range_min");
  for (const candidate of survivors.slice(last)) rules.set(candidate, "range_max");
  return survivors.slice(range_min, last);
}

function takesNearest({ source, settings }: FakeSource): boolean {
  return source === "top" || (source === "same_article" && (settings.draw ?? "nearest") === "nearest");
}

function choose(order: readonly PoolCandidate[], { n, settings }: FakeSource, rules: Map<PoolCandidate, string>): readonly PoolCandidate[] {
  const chosen: PoolCandidate[] = [];
  const diversity = settings.diversity_overlap;
  for (const candidate of order) {
    const twin = diversity !== null && chosen.length > 0 && candidate.twin >= diversity;
    if (twin) rules.set(candidate, "diversity");
    else if (chosen.length < n) chosen.push(candidate);
    else rules.set(candidate, "not_sampled");
  }
  return chosen;
}

function dropRule(candidate: PoolCandidate, { positive }: PoolQuery, { settings }: FakeSource): string | undefined {
  const above = (value: number, limit: number | null): boolean => limit !== null && value > limit;
  const atLeast = (value: number, limit: number | null): boolean => limit !== null && value >= limit;
  const { score, rank, positiveSimilarity, overlap } = candidate;
  if (!settings.range_after_filters && rank <= settings.range_min) return "range_min";
  if (!settings.range_after_filters && above(rank, settings.range_max)) return "range_max";
  if (atLeast(positiveSimilarity, settings.near_duplicate_similarity) || atLeast(overlap, settings.near_duplicate_overlap))
    return "near_duplicate";
  if (above(positiveSimilarity, settings.max_positive_similarity)) return "max_positive_similarity";
  if (settings.absolute_margin !== null && score + settings.absolute_margin > positive) return "absolute_margin";
  if (settings.relative_margin !== null && score > positive * (1 - settings.relative_margin)) return "relative_margin";
  if (above(score, settings.max_score)) return "max_score";
  if (settings.min_score !== null && score < settings.min_score) return "min_score";
  return undefined;
}

/** Logarithm of the weight of a draw, with a spread of 0.1 as the unit of the standardised axis. */
function logWeight({ score }: PoolCandidate, { positive }: PoolQuery, { source, settings }: FakeSource): number {
  if (source !== "simans" && (source !== "same_article" || settings.draw !== "simans")) return 0;
  const unit = settings.axis === "raw" ? 1 : 0.1;
  const off = (score - positive) / unit - settings.b;
  return -settings.a * (settings.kernel === "square" ? off ** 2 : Math.abs(off));
}

function droppedByRule(fates: readonly Fate[]): SamplerPreview["dropped"] {
  const order = [
    "range_min",
    "range_max",
    "near_duplicate",
    "max_positive_similarity",
    "absolute_margin",
    "relative_margin",
    "max_score",
    "min_score",
    "diversity",
    "not_sampled",
  ];
  return order.map((rule) => ({ rule, count: fates.filter((fate) => fate.rule === rule).length })).filter(({ count }) => count > 0);
}

function histogram(fates: readonly Fate[], valueOf: (fate: Fate) => number, from: number, to: number): Histogram {
  const bins = 60;
  const [kept, dropped] = [new Array<number>(bins).fill(0), new Array<number>(bins).fill(0)];
  for (const fate of fates) {
    const at = Math.min(bins - 1, Math.max(0, Math.floor(((valueOf(fate) - from) / (to - from)) * bins)));
    const row = fate.rule === "sampled" ? kept : dropped;
    row[at] = (row[at] ?? 0) + 1;
  }
  return { from, to, kept, dropped };
}

function differenceLimits({ sources }: FakeSampler): readonly DrawnLimit[] {
  const positive = median(pool.map((query) => query.positive));
  const margins = sources.flatMap(({ settings }) => [
    ...(settings.absolute_margin === null
      ? []
      : [{ parameter: "absolute_margin", at: -settings.absolute_margin, drops: "above" as const }]),
    ...(settings.relative_margin === null
      ? []
      : [{ parameter: "relative_margin", at: -positive * settings.relative_margin, drops: "above" as const }]),
  ]);
  return distinct(margins);
}

function similarityLimits({ sources }: FakeSampler): readonly DrawnLimit[] {
  return distinct(
    sources.flatMap(({ settings }) =>
      (["max_positive_similarity", "near_duplicate_similarity"] as const).flatMap((parameter) => {
        const at = settings[parameter];
        return at === null ? [] : [{ parameter, at, drops: "above" as const }];
      }),
    ),
  );
}

function distinct(limits: readonly DrawnLimit[]): readonly DrawnLimit[] {
  return [...new Map(limits.map((limit) => [`${limit.parameter} ${String(limit.at)}`, limit])).values()];
}

function mostFrequent(words: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort((one, other) => other[1] - one[1])[0]?.[0];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}
