import type { CandidateGradient, QueryGradients } from "#protocol/candidateGradient";
import type { GradientCell, GradientPlane, GradientPoint, GradientReport, RankGradient, SourceGradient } from "#protocol/gradients";
import type { CandidateView, PositiveView, Verdict } from "#protocol/review";

/** A candidate as the gradients need it. */
export interface GradientInput {
  readonly key: string;
  readonly rank: number;
  readonly score: number;
  readonly positiveSimilarity: number;
  readonly kept: boolean;
  readonly source: string;
  readonly verdict?: Verdict;
}

/** The candidates of one query, and the score of its positive. */
export interface GradientQuery {
  readonly query: number;
  readonly positive: number;
  readonly candidates: readonly GradientInput[];
}

const plane = { differenceFrom: -0.6, differenceTo: 0.3, columns: 48, logNormFrom: -6, logNormTo: 2, rows: 32 } as const;
const STRONGEST = 60;

/** The rules as the fake computes by them. */
const rules: GradientReport["rules"] = [
  {
    kind: "easy",
    text: "p times the number of the query's negatives is below 0.05: less than a twentieth of an even share of the softmax.",
  },
  { kind: "useful", text: "Neither easy nor dominant: it moves the query, together with others." },
  {
    kind: "dominant",
    text: "Its share of the gradient of the query's negatives is above 0.5. The update hangs on this one passage, and goes wrong with it.",
  },
];

interface Computed extends GradientInput {
  readonly query: number;
  readonly difference: number;
  readonly gradient: CandidateGradient;
}

/** What the gradients of a query are computed from; none where there are no similarities. */
export function gradientQueryOf(
  query: number,
  positives: readonly PositiveView[],
  candidates: readonly CandidateView[],
): GradientQuery | undefined {
  const scores = positives.flatMap(({ score }) => (score === undefined ? [] : [score]));
  if (scores.length === 0) return undefined;
  const inputs = candidates.map(({ key, rank, score = 0, positiveSimilarity = 0, kept, source, verdict }) => ({
    ...{ key, rank, score, positiveSimilarity, kept, source },
    ...(verdict === undefined ? {} : { verdict }),
  }));
  return { query, positive: scores.reduce((sum, score) => sum + score, 0) / scores.length, candidates: inputs };
}

/** The gradient of every candidate of one query, in its order. */
export function gradientsOf({ positive, candidates }: GradientQuery, temperature: number): readonly CandidateGradient[] {
  const exps = candidates.map(({ score }) => Math.exp((score - positive) / temperature));
  const emitted = sum(exps.filter((_, at) => candidates[at]?.kept === true));
  const n = candidates.filter(({ kept }) => kept).length;
  return candidates.map(({ score, positiveSimilarity, kept }, at) => {
    const own = exps[at] ?? 0;
    const negatives = kept ? emitted : emitted + own;
    const weight = own / (1 + negatives);
    const share = own / negatives;
    return {
      weight,
      share,
      norm: (weight / temperature) * Math.sqrt(Math.max(0, 2 - 2 * positiveSimilarity)),
      push: (weight / temperature) * (positiveSimilarity - score * positive),
      kind: share > 0.5 ? "dominant" : weight * (kept ? n : n + 1) < 0.05 ? "easy" : "useful",
    };
  });
}

/** What the kept ones come to together. */
export function queryGradientsOf(query: GradientQuery, temperature: number): QueryGradients {
  const kept = gradientsOf(query, temperature).filter((_, at) => query.candidates[at]?.kept === true);
  const of = (kind: CandidateGradient["kind"]): number => kept.filter((gradient) => gradient.kind === kind).length;
  const effectiveNegatives = kept.length === 0 ? 0 : 1 / sum(kept.map(({ share }) => share ** 2));
  return { temperature, effectiveNegatives, easy: of("easy"), useful: of("useful"), dominant: of("dominant") };
}

/** The report of a whole file. */
export function reportOf(
  queries: readonly GradientQuery[],
  temperatures: { readonly temperature: number; readonly savedTemperature: number },
  revision: number,
): GradientReport {
  const all = queries.flatMap((query): readonly Computed[] => {
    const gradients = gradientsOf(query, temperatures.temperature);
    return query.candidates.flatMap((candidate, at) => {
      const gradient = gradients[at];
      return gradient === undefined ? [] : [{ ...candidate, query: query.query, difference: candidate.score - query.positive, gradient }];
    });
  });
  const kept = all.filter((candidate) => candidate.kept);
  const spreads = queries.map((query) => queryGradientsOf(query, temperatures.temperature));
  const effective = spreads.map(({ effectiveNegatives }) => effectiveNegatives).sort((one, other) => one - other);
  const quartile = (part: number): number => effective[Math.floor(part * (effective.length - 1))] ?? 0;
  return {
    revision,
    ...temperatures,
    queries: queries.length,
    sampled: queries.length,
    candidates: all.length,
    easy: kept.filter(({ gradient }) => gradient.kind === "easy").length,
    useful: kept.filter(({ gradient }) => gradient.kind === "useful").length,
    dominant: kept.filter(({ gradient }) => gradient.kind === "dominant").length,
    queriesWithoutUseful: spreads.filter(({ useful }) => useful === 0).length,
    ...(queries.length === 0 ? {} : { effectiveNegatives: { low: quartile(0.25), median: quartile(0.5), high: quartile(0.75) } }),
    plane: planeOf(all),
    points: pointsOf(all),
    ranks: ranksOf(all),
    sources: sourcesOf(all, temperatures.temperature),
    rules,
    seconds: 0.02,
  };
}

/** A report with every field of the plane filled and as many points as the server ever sends: to see how long drawing takes. */
export function crowdedReport(report: GradientReport, points: number): GradientReport {
  const { columns, rows } = plane;
  const first = report.points[0];
  if (first === undefined) return report;
  const { verdict: _verdict, ...unmarked } = first;
  const at = (index: number, part: number): number => (index * part) % 1;
  return {
    ...report,
    queries: 10_000,
    sampled: 10_000,
    candidates: 1_000_000,
    plane: {
      ...plane,
      cells: Array.from({ length: columns * rows }, (_, index) => {
        const [column, row] = [index % columns, Math.floor(index / columns)];
        return { column, row, kept: (index * 7) % 50, dropped: 1 + ((index * 13) % 600), query: first.query, key: first.key };
      }),
    },
    points: Array.from({ length: points }, (_, index) => ({
      ...unmarked,
      key: `${first.key} ${String(index)}`,
      difference: -0.6 + 0.9 * at(index, 0.618),
      norm: 10 ** (-6 + 8 * at(index, 0.755)),
      ...(index % 4 === 0 ? { verdict: index % 8 === 0 ? ("false_negative" as const) : ("true_negative" as const) } : {}),
    })),
  };
}

function planeOf(all: readonly Computed[]): GradientPlane {
  const cells = new Map<string, GradientCell & { readonly norm: number }>();
  const place = (value: number, from: number, to: number, n: number): number =>
    Math.min(n - 1, Math.max(0, Math.floor(((value - from) / (to - from)) * n)));
  for (const { difference, gradient, kept, query, key } of all) {
    const column = place(difference, plane.differenceFrom, plane.differenceTo, plane.columns);
    const row = place(Math.log10(gradient.norm), plane.logNormFrom, plane.logNormTo, plane.rows);
    const id = `${String(column)} ${String(row)}`;
    const before = cells.get(id);
    const longest = before === undefined || gradient.norm > before.norm ? { query, key, norm: gradient.norm } : before;
    cells.set(id, {
      column,
      row,
      kept: (before?.kept ?? 0) + (kept ? 1 : 0),
      dropped: (before?.dropped ?? 0) + (kept ? 0 : 1),
      query: longest.query,
      key: longest.key,
      norm: longest.norm,
    });
  }
  return { ...plane, cells: [...cells.values()].map(({ norm: _norm, ...cell }) => cell) };
}

function pointsOf(all: readonly Computed[]): readonly GradientPoint[] {
  const marked = all.filter(({ verdict }) => verdict !== undefined);
  const strongest = all
    .filter(({ verdict, kept }) => verdict === undefined && kept)
    .sort((one, other) => other.gradient.norm - one.gradient.norm)
    .slice(0, STRONGEST);
  return [...marked, ...strongest].map(({ query, key, difference, gradient, kept, source, verdict }) => {
    const { norm, weight, push, kind } = gradient;
    return { query, key, difference, norm, weight, push, kind, kept, source, ...(verdict === undefined ? {} : { verdict }) };
  });
}

function ranksOf(all: readonly Computed[]): readonly RankGradient[] {
  const ranks = [...new Set(all.map(({ rank }) => rank))].sort((one, other) => one - other);
  return ranks.map((rank) => {
    const norms = all.filter((candidate) => candidate.rank === rank).map(({ gradient }) => gradient.norm);
    const mean = average(norms);
    return { from: rank, to: rank, candidates: norms.length, mean, variance: average(norms.map((norm) => (norm - mean) ** 2)) };
  });
}

function sourcesOf(all: readonly Computed[], temperature: number): readonly SourceGradient[] {
  return [...new Set(all.map(({ source }) => source))].map((source) => {
    const own = all.filter((candidate) => candidate.source === source);
    const kept = own.filter((candidate) => candidate.kept);
    const right = own.filter(({ verdict }) => verdict === "true_negative");
    const wrong = own.filter(({ verdict }) => verdict !== undefined && verdict !== "true_negative");
    const mass = (some: readonly Computed[]): number => sum(some.map(({ gradient }) => gradient.weight / temperature));
    return {
      source,
      candidates: own.length,
      kept: kept.length,
      ...(kept.length === 0
        ? {}
        : {
            score: average(kept.map(({ score }) => score)),
            difference: average(kept.map(({ difference }) => difference)),
            norm: average(kept.map(({ gradient }) => gradient.norm)),
          }),
      mass: mass(kept),
      useful: mass(right),
      harmful: mass(wrong),
      trueNegatives: right.length,
      falseNegatives: wrong.length,
    };
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

function average(values: readonly number[]): number {
  return values.length === 0 ? 0 : sum(values) / values.length;
}
