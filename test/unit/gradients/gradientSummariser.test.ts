import { expect, test } from "vitest";
import { candidateGradients } from "#core/gradients/candidateGradients";
import { GradientSummariser } from "#core/gradients/gradientSummariser";
import type { GradientSummary } from "#core/gradients/gradientSummariser";
import { RankGradients } from "#core/gradients/rankGradients";
import type { MinedQuery } from "#core/mining/miningState";
import { sourcesOf } from "#core/mining/sourceSettings";
import { seededRandom } from "#core/util/random";
import { bare, verdict } from "../mining/miningFixture";
import { minedScene, plain, type GradientScene } from "./gradientFixture";

const random = seededRandom("gradient summary");

/** Queries of 30 candidates each, of which 5 are emitted; marks are on the first. */
const scenes: readonly GradientScene[] = Array.from({ length: 40 }, (_, query) => ({
  positives: [0.6 + 0.3 * random()],
  candidates: Array.from({ length: 30 }, () => [0.9 * random(), random()] as const).toSorted(([a], [b]) => b - a),
  kept: 5,
  marks:
    query === 0
      ? [
          verdict("query", "candidate 0", "true_negative"),
          verdict("query", "candidate 1", "false_negative"),
          verdict("query", "candidate 2", "duplicate_of_positive"),
          verdict("query", "candidate 3", "cant_tell"),
          verdict("query", "candidate 20", "later"),
        ]
      : [],
}));

function summaryOf(queries: readonly MinedQuery[]): GradientSummary {
  const summariser = new GradientSummariser(plain, sourcesOf({ ...bare, num_negatives: 5 }, 1));
  for (const mined of queries) summariser.add(mined);
  return summariser.summary();
}

const queries = scenes.map((scene, query) => ({ ...minedScene(scene), query }));
const summary = summaryOf(queries);

test("the whole file is the sum of what the cards say", () => {
  const cards = queries.map((mined) => candidateGradients(mined, plain).query);
  const sum = (kind: "easy" | "useful" | "dominant"): number => cards.reduce((all, card) => all + (card?.[kind] ?? 0), 0);
  expect([summary.easy, summary.useful, summary.dominant]).toEqual([sum("easy"), sum("useful"), sum("dominant")]);
  expect(summary.easy + summary.useful + summary.dominant).toBe(queries.reduce((all, { decision }) => all + decision.kept.length, 0));
  expect(summary.queriesWithoutUseful).toBe(cards.filter((card) => card?.useful === 0).length);
  const effective = cards.map((card) => card?.effectiveNegatives ?? 0).sort((a, b) => a - b);
  expect(summary.effectiveNegatives?.median).toBeCloseTo(((effective[19] ?? 0) + (effective[20] ?? 0)) / 2, 12);
});

test("every candidate is in one field of the plane, which names its longest gradient", () => {
  const { plane, candidates } = summary;
  expect(plane.cells.reduce((sum, { kept, dropped }) => sum + kept + dropped, 0)).toBe(candidates);
  expect(candidates).toBe(40 * 30);
  for (const { column, row, query, group } of plane.cells) {
    const mined = queries[query]!;
    const at = mined.facts.groups.indexOf(group);
    const norm = candidateGradients(mined, plain).of(mined.pool.documents[at] ?? -1)?.norm ?? 0;
    const height = (Math.log10(norm) - plane.logNormFrom) / (plane.logNormTo - plane.logNormFrom);
    expect(Math.max(0, Math.floor(height * plane.rows))).toBe(row);
    expect(column).toBeLessThan(plane.columns);
  }
  expect([plane.logNormFrom, plane.logNormTo]).toEqual([-4, 2]);
});

test("points are the marked candidates with their verdicts, then the longest gradients of the emitted, longest first", () => {
  const marked = summary.points.filter((point) => point.verdict !== undefined);
  expect(marked.map(({ query, verdict: name, kept, source }) => [query, name, kept, source])).toMatchInlineSnapshot(`
    [
      [
        0,
        "true_negative",
        true,
        "top",
      ],
      [
        0,
        "false_negative",
        false,
        "top",
      ],
      [
        0,
        "duplicate_of_positive",
        false,
        "top",
      ],
      [
        0,
        "cant_tell",
        false,
        "top",
      ],
      [
        0,
        "later",
        false,
        "top",
      ],
    ]
  `);
  const rest = summary.points.slice(marked.length);
  expect(rest).toHaveLength(queries.reduce((all, { decision }) => all + decision.kept.length, 0) - 1);
  expect(rest.every(({ kept }) => kept)).toBe(true);
  expect(rest.map(({ norm }) => norm)).toEqual(rest.map(({ norm }) => norm).sort((a, b) => b - a));
});

test("a source's mass is told apart by marks: true negatives, and what is relevant in any degree", () => {
  const first = queries[0]!;
  const slope = (candidate: number): number => {
    const row = candidate;
    return (candidateGradients(first, plain).of(first.pool.documents[row] ?? -1)?.weight ?? 0) / plain.temperature;
  };
  const [source] = summary.sources;
  expect(summary.sources).toHaveLength(1);
  expect(source).toMatchObject({ source: "top", candidates: 1200, kept: 200, trueNegatives: 1, falseNegatives: 2 });
  expect(source?.useful).toBeCloseTo(slope(0), 9);
  expect(source?.harmful).toBeCloseTo(slope(1) + slope(2), 9);
});

test("a query that a mark takes out of the training does not count", () => {
  const bad = { ...queries[1]!, verdicts: { ...queries[1]!.verdicts, badQuery: true } };
  expect(summaryOf([queries[0]!, bad])).toEqual(summaryOf([queries[0]!]));
});

test("nothing at all is a summary too", () => {
  expect(summaryOf([])).toMatchObject({ queries: 0, candidates: 0, easy: 0, points: [], ranks: [], plane: { cells: [] } });
  expect(summaryOf([]).effectiveNegatives).toBeUndefined();
});

test("ranks stand alone up to 20 and in groups of one width after, with the mean and the variance of all their candidates", () => {
  const ranks = new RankGradients(sourcesOf({ ...bare, range_max: 100 }, 1));
  const values = new Map<number, number[]>();
  for (let rank = 1; rank <= 100; rank += 1) {
    for (let query = 0; query < 7; query += 1) {
      const norm = random() / rank;
      ranks.add(rank, norm);
      values.set(rank, [...(values.get(rank) ?? []), norm]);
    }
  }
  const totals = ranks.totals();
  expect(totals.map(({ from, to }) => (from === to ? String(from) : `${String(from)}-${String(to)}`)).slice(18)).toMatchInlineSnapshot(`
    [
      "19",
      "20",
      "21-24",
      "25-28",
      "29-32",
      "33-36",
      "37-40",
      "41-44",
      "45-48",
      "49-52",
      "53-56",
      "57-60",
      "61-64",
      "65-68",
      "69-72",
      "73-76",
      "77-80",
      "81-84",
      "85-88",
      "89-92",
      "93-96",
      "97-100",
    ]
  `);
  for (const { from, to, candidates, mean, variance } of totals) {
    const all = [...values].flatMap(([rank, norms]) => (rank >= from && rank <= to ? norms : []));
    const average = all.reduce((sum, value) => sum + value, 0) / all.length;
    expect(candidates).toBe(all.length);
    expect(mean).toBeCloseTo(average, 12);
    expect(variance).toBeCloseTo(all.reduce((sum, value) => sum + (value - average) ** 2, 0) / all.length, 12);
  }
});
