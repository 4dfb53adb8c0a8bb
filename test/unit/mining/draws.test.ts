// Fixed seeds: these tests are the same at every run. Each limit is one that right code exceeds once in a thousand choices of seeds.
import { expect, test } from "vitest";
import type { MixEntry, SamplerConfig } from "#core/config/samplerSchema";
import { decide, decisionDetail } from "#core/mining/decide";
import type { Decision } from "#core/mining/decision";
import { gumbelNoise } from "#core/mining/noise";
import { spreadOf } from "#core/mining/simans";
import { training, withCorpus } from "../../support/smallCollection";
import { decideScene, planScene, simansOf, verdict, type HitSpec, type Scene } from "./miningFixture";
import { correlation, ksDistance, misfit, setProbabilities } from "./statistics";

const seeds = Array.from({ length: 6000 }, (_, seed) => seed);
const names = Array.from({ length: 12 }, (_, i) => `n${String(i)}`);
const collection = training([{ query: "q", pos: ["p"], neg: names }]);
const scores = [0.72, 0.7, 0.66, 0.61, 0.58, 0.57, 0.52, 0.5, 0.47, 0.41, 0.38, 0.3];
const hits: readonly HitSpec[] = names.map((name, i) => [name, scores[i] ?? 0]);
const scene = { collection, hits, positiveScores: { p: 0.6 } };

/** The decisions of many seeds about one scene. Rows of the pool are the hits in their order. */
function decisions(given: Scene): readonly Decision[] {
  const { facts, context } = decideScene(given);
  return seeds.map((seed) => decide(facts, { ...context, seed }));
}

/** How often each set of rows was kept, named by its rows in ascending order. */
function sets(given: Scene): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { kept } of decisions(given)) {
    const name = kept.toSorted((a, b) => a - b).join(" ");
    times.set(name, (times.get(name) ?? 0) + 1);
  }
  return times;
}

/** How often each of the hits was the one that was kept. */
function counts(sampler: Partial<SamplerConfig>): readonly number[] {
  const times = sets({ ...scene, sampler: { ...sampler, num_negatives: 1 } });
  return hits.map((_, row) => times.get(String(row)) ?? 0);
}

function shares(weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return weights.map((weight) => weight / sum);
}

const { sigma } = spreadOf(Float64Array.from(scores));

test.each([
  ["the square kernel", { a: 0.5, b: 0 }, (d: number) => Math.exp(-0.5 * d ** 2)],
  ["the square kernel below the positive", { a: 0.4, b: -0.5 }, (d: number) => Math.exp(-0.4 * (d + 0.5) ** 2)],
  ["the square kernel above the positive", { a: 0.4, b: 0.5 }, (d: number) => Math.exp(-0.4 * (d - 0.5) ** 2)],
  ["the first-order kernel", { a: 1, b: 0, kernel: "first_order" }, (d: number) => Math.exp(-Math.abs(d))],
  ["the first-order kernel below the positive", { a: 1, b: -0.5, kernel: "first_order" }, (d: number) => Math.exp(-Math.abs(d + 0.5))],
] as const)("SimANS draws with %s as often as its formula says, and states the same", (_, simans, weight) => {
  const sampler = { sampling_strategy: "simans", num_negatives: 1, simans: simansOf(simans) } as const;
  const expected = shares(scores.map((score) => weight((score - 0.6) / sigma)));
  const stated = decideScene({ ...scene, sampler });
  const { probabilities } = decisionDetail(stated.facts, stated.context);
  expected.forEach((share, row) => expect(probabilities[row]).toBeCloseTo(share, 12));
  expect(stated.effectiveCandidates).toBeCloseTo(1 / expected.reduce((sum, share) => sum + share ** 2, 0), 9);
  expect(misfit(counts(sampler), expected)).toBeLessThan(1);
});

test("the raw axis takes scores as they are, as the paper does", () => {
  const sampler = { sampling_strategy: "simans", simans: simansOf({ a: 20, b: -0.1, axis: "raw" }) } as const;
  const expected = shares(scores.map((score) => Math.exp(-20 * (score - 0.6 + 0.1) ** 2)));
  expect(misfit(counts(sampler), expected)).toBeLessThan(1);
  expect(decideScene({ ...scene, sampler }).sources[0]?.spread).toEqual({ sigma: 1, by: "raw" });
});

test("several are drawn without replacement: every set comes as often as an enumeration says", () => {
  const few = hits.slice(0, 5);
  const weights = scores
    .slice(0, 5)
    .map((score) => Math.exp(-0.8 * Math.abs((score - 0.6) / spreadOf(Float64Array.from(scores.slice(0, 5))).sigma)));
  for (const num_negatives of [2, 3]) {
    const expected = setProbabilities(weights, num_negatives);
    const simans = simansOf({ a: 0.8, kernel: "first_order" });
    const times = sets({ ...scene, hits: few, sampler: { sampling_strategy: "simans", num_negatives, simans } });
    expect(
      misfit(
        [...expected.keys()].map((set) => times.get(set) ?? 0),
        [...expected.values()],
      ),
    ).toBeLessThan(1);
  }
});

test("an even draw from the window is even, whatever the scores are", () => {
  expect(misfit(counts({ sampling_strategy: "window" }), new Array<number>(12).fill(1 / 12))).toBeLessThan(1);
  const pairs = sets({ ...scene, hits: hits.slice(0, 5), sampler: { sampling_strategy: "window", num_negatives: 2 } });
  expect(misfit([...pairs.values()], new Array<number>(10).fill(0.1))).toBeLessThan(1);
});

test("what a source draws does not hang on the noise of an earlier source, nor of an earlier entry of its own kind", () => {
  const few = scores.slice(0, 5);
  const weights = few.map((score) => Math.exp(-2 * Math.abs((score - 0.6) / spreadOf(Float64Array.from(few)).sigma)));
  const second = { source: "simans", n: 1, simans: { a: 2, kernel: "first_order" } } as const;
  const firsts: readonly MixEntry[] = [
    { source: "window", n: 1 },
    { source: "simans", n: 1, simans: { a: 1e-9 } },
  ];
  // An even draw, then one by the weights among the four that are left.
  const cells = few.flatMap((_, first) => few.flatMap((__, other) => (first === other ? [] : [{ first, other }])));
  const expected = cells.map(({ first, other }) => {
    const left = weights.reduce((sum, weight, row) => sum + (row === first ? 0 : weight), 0);
    return (weights[other] ?? 0) / left / few.length;
  });
  for (const entry of firsts) {
    const times = cells.map(() => 0);
    for (const { decidedBy, kept } of decisions({ ...scene, hits: hits.slice(0, 5), sampler: { mix: [entry, second] } })) {
      const [first, other] = [0, 1].map((position) => kept.find((row) => decidedBy[row] === position));
      const at = cells.findIndex((cell) => cell.first === first && cell.other === other);
      times[at] = (times[at] ?? 0) + 1;
    }
    expect(misfit(times, expected)).toBeLessThan(1);
  }
});

test("the anchor is the lowest positive, the mean of all, or one drawn evenly for each query by the seed", () => {
  const many = training([{ query: "q", pos: ["p", "r", "s", "t", "u"], neg: names }]);
  const positiveScores = { p: 0.8, r: 0.7, s: 0.6, t: 0.5, u: 0.4 };
  const measured = (anchor: "lowest" | "mean" | "drawn"): readonly number[] => {
    const sampler = { sampling_strategy: "simans", simans: simansOf({ anchor }) } as const;
    return decisions({ collection: many, hits, positiveScores, sampler }).map(({ sources }) => sources[0]?.simansAnchor ?? Number.NaN);
  };
  expect(new Set(measured("lowest"))).toEqual(new Set([0.4]));
  expect(new Set(measured("mean"))).toEqual(new Set([expect.closeTo(0.6)]));
  const drawn = measured("drawn");
  const times = Object.values(positiveScores).map((score) => drawn.filter((anchor) => anchor === score).length);
  expect(misfit(times, new Array<number>(5).fill(1 / 5))).toBeLessThan(1);
});

test("a positive without a score is never the anchor that is drawn", () => {
  const two = training([{ query: "q", pos: ["p", "r"], neg: names }]);
  const sampler = { sampling_strategy: "simans", simans: simansOf({ anchor: "drawn" }) } as const;
  const drawn = decisions({ collection: two, hits, positiveScores: { r: 0.5 }, sampler });
  expect(new Set(drawn.map(({ sources }) => sources[0]?.simansAnchor))).toEqual(new Set([0.5]));
});

const corpusTexts = Array.from({ length: 24 }, (_, i) => `c${String(i)}`);
const corpus = withCorpus(
  [
    { query: "q", pos: ["c0", "c1"] },
    { query: "r", pos: ["c2"] },
    { query: "c3", pos: ["c2"] },
  ],
  corpusTexts.map((text, i) => [`d${String(i)}`, text]),
);

function firstDrawn(query: number, seed: number): string {
  const [first = -1] = planScene({ collection: corpus, query, sampler: { sampling_strategy: "random", num_negatives: 1, seed } }).extra;
  return corpus.documents[first]?.text ?? "?";
}

test("random is even over the corpus without positives, the query's own text and what a mark rules out", () => {
  const marks = [verdict("c3", "c4", "cant_tell"), verdict("c3", "c5", "false_negative")];
  const times = new Map<string, number>();
  for (const seed of seeds) {
    const sampler = { sampling_strategy: "random", num_negatives: 1, seed } as const;
    const [first = -1] = planScene({ collection: corpus, query: 2, marks, sampler }).extra;
    const text = corpus.documents[first]?.text ?? "?";
    times.set(text, (times.get(text) ?? 0) + 1);
  }
  const allowed = corpusTexts.filter((text) => !["c2", "c3", "c4", "c5"].includes(text));
  expect([...times.keys()].sort()).toEqual([...allowed].sort());
  expect(
    misfit(
      allowed.map((text) => times.get(text) ?? 0),
      allowed.map(() => 1 / allowed.length),
    ),
  ).toBeLessThan(1);
});

test("random draws of two queries and of neighbouring seeds are independent", () => {
  const fifth = (text: string): number => Number(text.slice(1)) % 5;
  // 22 documents can be drawn for the first query, 23 for the second: their numbers modulo 5 are not quite even.
  const part = (query: number): readonly number[] => {
    const allowed = corpusTexts.filter((text) => !(query === 0 ? ["c0", "c1"] : ["c2"]).includes(text));
    return [0, 1, 2, 3, 4].map((rest) => allowed.filter((text) => fifth(text) === rest).length / allowed.length);
  };
  const pairs = [
    { parts: [part(0), part(1)] as const, draw: (seed: number) => [firstDrawn(0, seed), firstDrawn(1, seed)] as const },
    { parts: [part(0), part(0)] as const, draw: (seed: number) => [firstDrawn(0, 2 * seed), firstDrawn(0, 2 * seed + 1)] as const },
  ];
  for (const { parts, draw } of pairs) {
    const table = new Array<number>(25).fill(0);
    for (const seed of seeds) {
      const [one, other] = draw(seed);
      const cell = fifth(one) * 5 + fifth(other);
      table[cell] = (table[cell] ?? 0) + 1;
    }
    const expected = parts[0].flatMap((row) => parts[1].map((column) => row * column));
    expect(misfit(table, expected, 24)).toBeLessThan(1);
  }
});

const crowd = training([{ query: "q", pos: ["p"], neg: Array.from({ length: 5000 }, (_, i) => `text ${String(i)}`) }]);
const noiseOf = (name: string): readonly number[] => {
  const noise = gumbelNoise(crowd, name);
  return crowd.groups.map((_, group) => noise(group));
};
const gumbel = (value: number): number => Math.exp(-Math.exp(-value));

test("the noise over texts is Gumbel's for any name, and so is that over names for any text", () => {
  for (const name of ["0:q:window", "1:q:window", "42:4d2f:simans"]) {
    expect(ksDistance(noiseOf(name), gumbel)).toBeLessThan(1.95);
  }
  for (const group of [0, 1, 4999]) {
    const overSeeds = Array.from({ length: 5000 }, (_, seed) => gumbelNoise(crowd, `${String(seed)}:q:window`)(group));
    expect(ksDistance(overSeeds, gumbel)).toBeLessThan(1.95);
  }
});

test("noise of neighbouring seeds, of two queries, of two sources and of two texts is uncorrelated", () => {
  const uniform = (name: string): readonly number[] => noiseOf(name).map(gumbel);
  const first = uniform("7:query:window");
  for (const name of ["8:query:window", "6:query:window", "77:query:window", "7:querz:window", "7:query:simans", "7:query:window:1"]) {
    expect(Math.abs(correlation(first, uniform(name)))).toBeLessThan(3.3);
  }
  const overSeeds = (group: number): readonly number[] =>
    Array.from({ length: 5000 }, (_, seed) => gumbel(gumbelNoise(crowd, `${String(seed)}:q:window`)(group)));
  expect(Math.abs(correlation(overSeeds(0), overSeeds(1)))).toBeLessThan(3.3);
});
