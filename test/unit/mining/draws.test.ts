// Fixed seeds: these tests are the same at every run. Each limit is one that right code exceeds once in a thousand choices of seeds.
import { expect, test } from "vitest";
import type { MixEntry, SamplerConfig } from "#core/config/samplerSchema";
import { gumbelNoise } from "#core/mining/noise";
import { spreadOf } from "#core/mining/simans";
import { training, withCorpus } from "../../support/smallCollection";
import { decideScene, planScene, simansOf, verdict, type HitSpec, type Scenery } from "./miningFixture";
import { correlation, ksDistance, misfit, setProbabilities } from "./statistics";

const draws = 6000;
const seeds = Array.from({ length: draws }, (_, seed) => seed);
const names = Array.from({ length: 12 }, (_, i) => `n${String(i)}`);
const collection = training([{ query: "q", pos: ["p"], neg: names }]);
const scores = [0.72, 0.7, 0.66, 0.61, 0.58, 0.57, 0.52, 0.5, 0.47, 0.41, 0.38, 0.3];
const hits: readonly HitSpec[] = names.map((name, i) => [name, scores[i] ?? 0]);
const scene = { collection, hits, positiveScores: { p: 0.6 } };

const nameOf = (document: number | undefined): string => collection.documents[document ?? -1]?.text ?? "?";
const keptOf = ({ kept, pool }: Scenery): readonly string[] => kept.map((row) => nameOf(pool.documents[row]));

/** How often each name was kept over many seeds. */
function counts(sampler: Partial<SamplerConfig>, among: readonly HitSpec[] = hits): readonly number[] {
  const times = new Map<string, number>();
  for (const seed of seeds) {
    for (const name of keptOf(decideScene({ ...scene, hits: among, sampler: { ...sampler, seed } }))) {
      times.set(name, (times.get(name) ?? 0) + 1);
    }
  }
  return among.map(([name]) => times.get(name) ?? 0);
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
  expected.forEach((share, row) => expect(stated.probabilities[row]).toBeCloseTo(share, 12));
  expect(stated.effectiveCandidates).toBeCloseTo(1 / expected.reduce((sum, share) => sum + share ** 2, 0), 9);
  expect(misfit(counts(sampler), expected)).toBeLessThan(1);
});

test("the raw axis takes scores as they are, as the paper does", () => {
  const sampler = { sampling_strategy: "simans", num_negatives: 1, simans: simansOf({ a: 20, b: -0.1, axis: "raw" }) } as const;
  const expected = shares(scores.map((score) => Math.exp(-20 * (score - 0.6 + 0.1) ** 2)));
  expect(misfit(counts(sampler), expected)).toBeLessThan(1);
  expect(decideScene({ ...scene, sampler }).sources[0]?.spread).toEqual({ sigma: 1, by: "raw" });
});

test("several are drawn without replacement: every set comes as often as an enumeration says", () => {
  const few = hits.slice(0, 5);
  const weights = scores.slice(0, 5).map((score) => Math.exp(-0.8 * Math.abs((score - 0.6) / spreadOf(Float64Array.from(scores.slice(0, 5))).sigma)));
  for (const count of [2, 3]) {
    const expected = setProbabilities(weights, count);
    const times = new Map<string, number>();
    for (const seed of seeds) {
      const sampler = { sampling_strategy: "simans", num_negatives: count, seed, simans: simansOf({ a: 0.8, kernel: "first_order" }) } as const;
      const set = keptOf(decideScene({ ...scene, hits: few, sampler })).map((name) => names.indexOf(name));
      const name = set.toSorted((a, b) => a - b).join(" ");
      times.set(name, (times.get(name) ?? 0) + 1);
    }
    const sets = [...expected.keys()];
    expect(
      misfit(
        sets.map((set) => times.get(set) ?? 0),
        sets.map((set) => expected.get(set) ?? 0),
      ),
    ).toBeLessThan(1);
  }
});

test("an even draw from the window is even, whatever the scores are", () => {
  const counted = counts({ sampling_strategy: "window", num_negatives: 1, range_max: 12 });
  expect(misfit(counted, new Array<number>(12).fill(1 / 12))).toBeLessThan(1);
  const sets = new Map<string, number>();
  for (const seed of seeds) {
    const set = keptOf(decideScene({ ...scene, hits: hits.slice(0, 5), sampler: { sampling_strategy: "window", num_negatives: 2, seed } })).join(" ");
    sets.set(set, (sets.get(set) ?? 0) + 1);
  }
  expect(misfit([...sets.values()], new Array<number>(10).fill(0.1))).toBeLessThan(1);
});

test("draws of two sources and of two entries of one source are independent", () => {
  const flat = { a: 1e-9 };
  const pairs: readonly (readonly MixEntry[])[] = [
    [
      { source: "simans", n: 1, simans: flat },
      { source: "window", n: 1 },
    ],
    [
      { source: "window", n: 1 },
      { source: "window", n: 1 },
    ],
  ];
  for (const mix of pairs) {
    // Who is taken first, and which of the four that are left is taken second.
    const table = new Array<number>(20).fill(0);
    for (const seed of seeds) {
      const { places: _, decidedBy, kept } = decideScene({ ...scene, hits: hits.slice(0, 5), sampler: { mix: [...mix], seed } });
      const [first = -1] = kept.filter((row) => decidedBy[row] === 0);
      const [second = -1] = kept.filter((row) => decidedBy[row] === 1);
      const cell = first * 4 + (second > first ? second - 1 : second);
      table[cell] = (table[cell] ?? 0) + 1;
    }
    expect(misfit(table, new Array<number>(20).fill(1 / 20))).toBeLessThan(1);
  }
});

test("the anchor is the lowest positive, the mean of all, or one drawn evenly for each query by the seed", () => {
  const many = training([{ query: "q", pos: ["p", "r", "s", "t", "u"], neg: names }]);
  const positiveScores = { p: 0.8, r: 0.7, s: 0.6, t: 0.5, u: 0.4 };
  const anchorAt = (anchor: "lowest" | "mean" | "drawn", seed = 0): number =>
    decideScene({ collection: many, hits, positiveScores, sampler: { sampling_strategy: "simans", seed, simans: simansOf({ anchor }) } }).sources[0]
      ?.simansAnchor ?? Number.NaN;
  expect([anchorAt("lowest"), anchorAt("mean")]).toEqual([0.4, expect.closeTo(0.6)]);
  const values = Object.values(positiveScores);
  const times = values.map(() => 0);
  for (const seed of seeds) {
    const at = values.indexOf(anchorAt("drawn", seed));
    times[at] = (times[at] ?? 0) + 1;
  }
  expect(misfit(times, values.map(() => 1 / 5))).toBeLessThan(1);
});

test("a positive without a score is never the anchor that is drawn", () => {
  const two = training([{ query: "q", pos: ["p", "r"], neg: names }]);
  const anchors = seeds.slice(0, 50).map((seed) => {
    const sampler = { sampling_strategy: "simans", seed, simans: simansOf({ anchor: "drawn" }) } as const;
    return decideScene({ collection: two, hits, positiveScores: { r: 0.5 }, sampler }).sources[0]?.simansAnchor;
  });
  expect(new Set(anchors)).toEqual(new Set([0.5]));
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
