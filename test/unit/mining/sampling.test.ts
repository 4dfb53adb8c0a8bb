import { expect, test } from "vitest";
import type { SamplerConfig } from "#core/config/samplerSchema";
import { training } from "../../support/smallCollection";
import { decideScene, simansOf, story, verdict, type HitSpec } from "./miningFixture";

const names = Array.from({ length: 40 }, (_, index) => `n${String(index)}`);
const collection = training([{ query: "q", pos: ["p"], neg: names }]);
const hits: readonly HitSpec[] = names.map((name, index) => [name, 0.75 - index / 100]);
const scene = { collection, hits, positiveScores: { p: 0.6 } };

function kept(sampler: Partial<SamplerConfig>, leftOut: readonly string[] = [], among = hits): readonly string[] {
  const marks = leftOut.map((text) => verdict("q", text, "cant_tell"));
  return decideScene({ ...scene, hits: among, sampler, marks })
    .candidates.filter((candidate) => candidate.kept)
    .map(({ document }) => collection.documents[document]?.text ?? "?");
}

test("an even draw from the window depends on the seed and nothing else", () => {
  const sampler = { sampling_strategy: "window", num_negatives: 4, range_min: 5, range_max: 30 } as const;
  expect(kept(sampler)).toMatchInlineSnapshot(`
    [
      "n6",
      "n7",
      "n14",
      "n29",
    ]
  `);
  expect(kept(sampler)).toEqual(kept(sampler));
  expect(kept({ ...sampler, seed: 1 })).not.toEqual(kept(sampler));
  expect(decideScene({ ...scene, sampler }).effectiveCandidates).toBeCloseTo(25);
});

test("marking one drawn candidate leaves the other draws as they were", () => {
  for (const sampling_strategy of ["window", "simans"] as const) {
    const before = kept({ sampling_strategy, num_negatives: 4 });
    const [first = ""] = before;
    const after = kept({ sampling_strategy, num_negatives: 4 }, [first]);
    expect(after).toEqual(expect.arrayContaining(before.slice(1)));
    expect(after).toHaveLength(4);
  }
});

test("SimANS draws around its centre on the standardised axis, with either kernel", () => {
  const at = (simans: Partial<SamplerConfig["simans"]>): readonly string[] =>
    kept({ sampling_strategy: "simans", num_negatives: 5, simans: simansOf({ a: 50, ...simans }) });
  expect(at({})).toMatchInlineSnapshot(`
    [
      "n14",
      "n15",
      "n16",
      "n17",
      "n18",
    ]
  `);
  expect(at({ b: 1 })).toMatchInlineSnapshot(`
    [
      "n0",
      "n1",
      "n2",
      "n3",
      "n4",
    ]
  `);
  expect(at({ b: -1 })).toMatchInlineSnapshot(`
    [
      "n27",
      "n29",
      "n30",
      "n32",
      "n34",
    ]
  `);
  expect(at({ kernel: "first_order" })).toMatchInlineSnapshot(`
    [
      "n13",
      "n14",
      "n15",
      "n16",
      "n17",
    ]
  `);
});

test("SimANS says with which probability a candidate was drawn", () => {
  const decision = decideScene({
    ...scene,
    hits: hits.slice(12, 18),
    sampler: { sampling_strategy: "simans", num_negatives: 2, simans: simansOf({ a: 5 }) },
  });
  expect(story(collection, decision)).toMatchInlineSnapshot(`
    [
      "+ n15 (4) sampled: drawn by SimANS with probability 67.9 %, at 0.00 sigma from the positive",
      "+ n16 (5) sampled: drawn by SimANS with probability 15.8 %, at -0.54 sigma from the positive",
      "- n12 (1) not_sampled: not drawn by SimANS with probability less than 0.001 %, at 1.62 sigma from the positive",
      "- n13 (2) not_sampled: not drawn by SimANS with probability 0.201 %, at 1.08 sigma from the positive",
      "- n14 (3) not_sampled: not drawn by SimANS with probability 15.8 %, at 0.54 sigma from the positive",
      "- n17 (6) not_sampled: not drawn by SimANS with probability 0.201 %, at -1.08 sigma from the positive",
    ]
  `);
  expect(decision.candidates.reduce((sum, { probability = Number.NaN }) => sum + probability, 0)).toBeCloseTo(1);
  expect(decision.effectiveCandidates).toBeCloseTo(
    1 / decision.candidates.reduce((sum, { probability = Number.NaN }) => sum + probability ** 2, 0),
  );
});

test("SimANS on equal scores is an even draw, and without a positive's score it draws nothing and says why", () => {
  const sampler = { sampling_strategy: "simans", num_negatives: 1 } as const;
  const equal = decideScene({
    ...scene,
    hits: [
      ["n0", 0.5],
      ["n1", 0.5],
    ],
    sampler,
  });
  expect(equal.candidates.map(({ probability }) => probability)).toEqual([0.5, 0.5]);
  const blind = decideScene({ collection, hits: hits.slice(0, 1), sampler });
  expect(story(collection, blind)).toMatchInlineSnapshot(`
    [
      "- n0 (1) not_sampled: SimANS draws near the positive's score, and no positive of this query has one",
    ]
  `);
  expect(blind.short).toBe(1);
});

test("random draws from the drawn documents only, in their order, and the rules still hold", () => {
  const decision = decideScene({
    ...scene,
    drawn: [
      ["n30", 0.45],
      ["n2", 0.73],
      ["n9", 0.5],
      ["n8", 0.4],
      ["n7", Number.NaN],
    ],
    sampler: { sampling_strategy: "random", num_negatives: 2, max_score: 0.7, range_min: 10 },
  });
  expect(story(collection, decision)).toMatchInlineSnapshot(`
    [
      "+ n9 (0) sampled: drawn evenly from the whole corpus",
      "+ n30 (0) sampled: drawn evenly from the whole corpus",
      "- n2 (0) max_score: scores above max_score: 0.73 > 0.70",
      "- n7 (0) not_sampled: drawn in reserve: num_negatives is reached",
      "- n8 (0) not_sampled: drawn in reserve: num_negatives is reached",
    ]
  `);
});

test("an even draw is even", () => {
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 3000; seed += 1) {
    for (const text of kept({ sampling_strategy: "window", num_negatives: 2, seed }, [], hits.slice(0, 6))) {
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
  }
  // Each of six is in a draw of two with probability 1/3; the standard deviation over 3,000 draws is 26.
  for (const name of names.slice(0, 6)) {
    expect(Math.abs((counts.get(name) ?? 0) - 1000)).toBeLessThan(104);
  }
});
