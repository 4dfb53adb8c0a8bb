/** The scores of one query's positives and of its emitted negatives, on one scale; NaN where unknown. */
export interface QueryScores {
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
}

/** What there is to say of a set of scores; null where too few are known. */
export interface ScoreSummary {
  readonly count: number;
  readonly mean: number | null;
  /** The lower of the two in the middle, as torch has it; `p50` is the number between them. */
  readonly median: number | null;
  /** Sample standard deviation, with n - 1. */
  readonly std: number | null;
  readonly min: number | null;
  /** Quartiles, by linear interpolation. */
  readonly p25: number | null;
  readonly p50: number | null;
  readonly p75: number | null;
  readonly max: number | null;
}

/** The table that sentence-transformers prints after mining. */
export interface ScoreStatistics {
  readonly positive: ScoreSummary;
  readonly negative: ScoreSummary;
  /** Of the positive's score less the negative's, for each positive and each negative of a query. */
  readonly difference: ScoreSummary;
}

export interface StatisticsOptions {
  /** Count a negative once for each positive of its query, as sentence-transformers does, instead of once. By default false. */
  readonly negativesPerPositive?: boolean;
}

/**
 * Statistics over all queries, also those that got no negatives. Scores that are unknown are in no count, so that each mean has its own
 * denominator.
 */
export function scoreStatistics(queries: Iterable<QueryScores>, options: StatisticsOptions = {}): ScoreStatistics {
  const positive: number[] = [];
  const negative: number[] = [];
  const difference: number[] = [];
  for (const query of queries) {
    const positives = query.positives.filter(Number.isFinite);
    const negatives = query.negatives.filter(Number.isFinite);
    const times = options.negativesPerPositive === true ? positives.length : 1;
    for (const score of positives) positive.push(score);
    for (let i = 0; i < times; i += 1) for (const score of negatives) negative.push(score);
    for (const high of positives) for (const low of negatives) difference.push(high - low);
  }
  return { positive: summaryOf(positive), negative: summaryOf(negative), difference: summaryOf(difference) };
}

/** The table as lines of text, as wide as sentence-transformers' own. Unknown values are "-". */
export function statisticsTable({ positive, negative, difference }: ScoreStatistics): readonly string[] {
  const columns = [positive, negative, difference];
  const line = (name: string, cells: readonly string[]): string => name.padEnd(6) + cells.map((cell) => ` ${cell.padStart(14)}`).join("");
  const rows: readonly (readonly [string, keyof ScoreSummary])[] = [
    ["Mean", "mean"],
    ["Median", "median"],
    ["Std", "std"],
    ["Min", "min"],
    ["25%", "p25"],
    ["50%", "p50"],
    ["75%", "p75"],
    ["Max", "max"],
  ];
  return [
    line("Metric", ["Positive", "Negative", "Difference"]),
    line(
      "Count",
      columns.map(({ count }) => grouped(count)),
    ),
    ...rows.map(([name, key]) =>
      line(
        name,
        columns.map((column) => column[key]?.toFixed(4) ?? "-"),
      ),
    ),
  ];
}

function summaryOf(scores: readonly number[]): ScoreSummary {
  const sorted = Float64Array.from(scores).sort();
  const count = sorted.length;
  const mean = count === 0 ? null : sorted.reduce((sum, score) => sum + score, 0) / count;
  const squares = mean === null ? 0 : sorted.reduce((sum, score) => sum + (score - mean) ** 2, 0);
  return {
    count,
    mean,
    median: sorted[Math.floor((count - 1) / 2)] ?? null,
    std: count < 2 ? null : Math.sqrt(squares / (count - 1)),
    min: sorted[0] ?? null,
    p25: quantile(sorted, 0.25),
    p50: quantile(sorted, 0.5),
    p75: quantile(sorted, 0.75),
    max: sorted[count - 1] ?? null,
  };
}

function quantile(sorted: Float64Array, share: number): number | null {
  const place = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return below === undefined || above === undefined ? null : below + (above - below) * (place - Math.floor(place));
}

/** A whole number with commas between thousands, in any locale. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/gu, ",");
}
