import { expect, test } from "vitest";
import { falseNegativeProbabilities } from "#core/mining/falseNegativeProbabilities";
import type { FinishedRound } from "#core/rounds/snapshotBuilder";
import { plainModel, verdict } from "../mining/miningFixture";
import { firstRound, mine, roundOf, textOf } from "./roundScenes";
import type { RoundScene } from "./roundScenes";

function told({ snapshot }: FinishedRound): readonly string[] {
  return snapshot.queries.flatMap(({ id, emitted, gone, others }) => [
    ...emitted.map(({ key, rank, score, source }) => `${id} + ${textOf(key)} ${String(rank)} ${String(score)} ${source}`),
    ...gone.map(({ key, rank, rule, reason }) => `${id} - ${textOf(key)} ${String(rank)} ${rule}: ${reason}`),
    ...others.map(({ key, rank, rule }) => `${id}   ${textOf(key)} ${String(rank)} ${rule}`),
  ]);
}

test("in the first round everything is added", () => {
  const first = roundOf(1, firstRound);
  expect(told(first)).toMatchInlineSnapshot(`
    [
      "q1 + a 2 0.8 top",
      "q1 + b 3 0.7 top",
      "q1   c 4 not_sampled",
      "q1   d 5 range_max",
      "q2 + a 1 0.4 top",
      "q2 + b 2 0.3 top",
    ]
  `);
  expect(first.figures).toEqual({
    emitted: 4,
    added: 4,
    dropped: 0,
    kept: 0,
    hardness: expect.closeTo(0.55, 12),
    overlap: 1,
    markedShare: 0,
    falseNegatives: Number.NaN,
  });
});

test("a later round says of each former negative why it is gone", () => {
  const second = roundOf(
    2,
    [
      {
        query: 0,
        sampler: { num_negatives: 2, range_max: 4, max_positive_similarity: 0.6 },
        hits: [
          ["b", 0.9, 0.7],
          ["c", 0.8, 0.3],
          ["d", 0.7, 0.2],
          ["p1", 0.6],
        ],
      },
      {
        query: 1,
        sampler: { num_negatives: 2 },
        marks: [verdict("second", "a", "false_negative"), verdict("second", "b", "true_negative")],
        hits: [
          ["a", 0.5, 0.1],
          ["b", 0.4, 0.1],
          ["c", 0.3, 0.1],
        ],
      },
    ],
    roundOf(1, firstRound).snapshot,
  );
  expect(told(second)).toMatchInlineSnapshot(`
    [
      "q1 + c 2 0.8 top",
      "q1 + d 3 0.7 top",
      "q1 - a undefined not_found: not among the 4 nearest any more",
      "q1 - b 1 max_positive_similarity: too similar to a positive: 0.70 > 0.60",
      "q2 + b 2 0.4 top",
      "q2 + c 3 0.3 top",
      "q2 - a 1 marked: marked relevant (false negative) by ann",
    ]
  `);
  expect(second.figures).toEqual({
    emitted: 4,
    added: 3,
    dropped: 3,
    kept: 1,
    hardness: expect.closeTo((0.8 + 0.7 + 0.4 + 0.3) / 4, 12),
    // Of the first query the two nearest are b and c; of the second, a having become a positive, b and c.
    overlap: 3 / 4,
    markedShare: 1 / 4,
    falseNegatives: Number.NaN,
  });
});

test("a query that is new has no former negatives, and one without candidates no figures", () => {
  const before = roundOf(1, firstRound.slice(0, 1)).snapshot;
  expect(roundOf(2, firstRound.slice(1), before).figures).toMatchObject({ added: 2, dropped: 0, kept: 0 });
  expect(roundOf(1, [{ query: 0, hits: [] }]).figures).toEqual({
    emitted: 0,
    added: 0,
    dropped: 0,
    kept: 0,
    hardness: Number.NaN,
    overlap: Number.NaN,
    markedShare: Number.NaN,
    falseNegatives: Number.NaN,
  });
});

test("drawn negatives have no rank, and overlap with the nearest by chance", () => {
  const { snapshot, figures } = roundOf(1, [
    {
      query: 0,
      sampler: { mix: [{ source: "random", n: 2 }] },
      hits: [
        ["p1", 0.9],
        ["a", 0.8],
        ["b", 0.7],
      ],
      drawn: [
        ["b", 0.7],
        ["f", 0.1],
      ],
    },
  ]);
  expect(snapshot.queries[0]?.emitted.map(({ key, rank, score }) => [textOf(key), rank, score])).toEqual([
    ["b", undefined, 0.7],
    ["f", undefined, 0.1],
  ]);
  expect(figures.overlap).toBe(0.5);
});

test("once marks have taught the model, a round says how many false negatives it expects; what people call a true negative counts 0", () => {
  const taught = { ...plainModel, kind: "fitted" as const };
  const [first, second] = firstRound;
  const estimate = (scenes: readonly RoundScene[]): number => roundOf(1, scenes).figures.falseNegatives;
  const scenes = [
    { ...first, hits: first?.hits ?? [], falseNegatives: taught },
    { ...second, hits: second?.hits ?? [], falseNegatives: taught },
  ];
  // P of a, b | a, b.
  expect(scenes.flatMap((scene) => suspicions(scene))).toMatchInlineSnapshot(`
    [
      "0.240",
      "0.175",
      "0.060",
      "0.050",
    ]
  `);
  expect(estimate(scenes)).toMatchInlineSnapshot(`0.13134962823687327`);
  const pinned = scenes.map((scene) => ({ ...scene, marks: [verdict("first", "a", "true_negative")] }));
  expect(estimate(pinned)).toMatchInlineSnapshot(`0.07122735747415104`);
  expect(estimate(scenes.map((scene) => ({ ...scene, falseNegatives: plainModel })))).toBeNaN();
});

function suspicions(scene: RoundScene): readonly string[] {
  const mined = mine(scene);
  const probabilities = falseNegativeProbabilities(mined);
  return mined.decision.kept.map((row) => probabilities?.[row]?.toFixed(3) ?? "?");
}
