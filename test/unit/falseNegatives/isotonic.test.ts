import { expect, test } from "vitest";
import { isotonic } from "#core/falseNegatives/isotonic";
import { seededRandom } from "#core/util/random";

test("neighbours that fall are pooled", () => {
  const observations = [1, 2, 6, 2, 4, 3, 8].map((value, at) => ({ at, value }));
  expect(isotonic(observations).map(({ from, to, centre, value, count }) => [from, to, centre, value, count])).toMatchInlineSnapshot(`
    [
      [
        0,
        0,
        0,
        1,
        1,
      ],
      [
        1,
        1,
        1,
        2,
        1,
      ],
      [
        2,
        5,
        3.5,
        3.75,
        4,
      ],
      [
        6,
        6,
        6,
        8,
        1,
      ],
    ]
  `);
  expect(isotonic([])).toEqual([]);
});

test("equal places are one, and weights are repetitions", () => {
  const repeated = [
    { at: 1, value: 1 },
    { at: 1, value: 0 },
    { at: 2, value: 0 },
    { at: 2, value: 0 },
    { at: 3, value: 1 },
  ];
  const weighted = [
    { at: 1, value: 0.5, weight: 2 },
    { at: 2, value: 0, weight: 2 },
    { at: 3, value: 1 },
  ];
  expect(isotonic(weighted)).toEqual(isotonic(repeated));
  expect(isotonic(repeated.toReversed())).toEqual(isotonic(repeated));
});

test("no rising steps are nearer: every block is at its mean, and any pooled prefix lies above the rest of its block", () => {
  const random = seededRandom("isotonic");
  for (let round = 0; round < 50; round += 1) {
    const observations = Array.from({ length: 40 }, (_, at) => ({ at, value: Number(random() < at / 40) }));
    const blocks = isotonic(observations);
    for (const [index, block] of blocks.entries()) {
      const inside = observations.filter(({ at }) => at >= block.from && at <= block.to).map(({ value }) => value);
      const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(block.value).toBeCloseTo(mean(inside), 12);
      expect(index === 0 || block.value > blocks[index - 1]!.value).toBe(true);
      for (let cut = 1; cut < inside.length; cut += 1) {
        expect(mean(inside.slice(0, cut))).toBeGreaterThanOrEqual(mean(inside.slice(cut)));
      }
    }
  }
});
