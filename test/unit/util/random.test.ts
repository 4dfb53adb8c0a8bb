import fc from "fast-check";
import { expect, test } from "vitest";
import { gumbel, seededRandom, shuffledRange, topByNoisyWeight } from "#core/util/random";

test("a stream depends on its name alone, and names that differ little give streams that differ", () => {
  const first = (name: string): readonly number[] => Array.from({ length: 3 }, seededRandom(name));
  expect(first("42:a:draw")).toEqual(first("42:a:draw"));
  expect(first("42:a:draw")).not.toEqual(first("42:b:draw"));
  expect(first("42:a:draw")).toMatchInlineSnapshot(`
    [
      0.8648816430941224,
      0.06556598236784339,
      0.9955914723686874,
    ]
  `);
});

test("the numbers are spread evenly, within a stream and over first numbers of many", () => {
  const within = Array.from({ length: 20_000 }, seededRandom("one stream"));
  const across = Array.from({ length: 20_000 }, (_, index) => seededRandom(`stream ${String(index)}`)());
  for (const numbers of [within, across]) {
    const bins = new Array<number>(20).fill(0);
    for (const value of numbers) {
      const bin = Math.floor(value * 20);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    // Chi-squared with 19 degrees of freedom: above 43.8 once in a thousand.
    expect(bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(43.8);
  }
});

test("Gumbel noise is finite at the ends of the uniform draw", () => {
  expect([gumbel(() => 0), gumbel(() => 1 - 2 ** -32)].every(Number.isFinite)).toBe(true);
});

test("adding Gumbel noise draws in proportion to the weights", () => {
  const weights = [0.5, 0.3, 0.15, 0.05];
  const random = seededRandom("proportion");
  const counts = [0, 0, 0, 0];
  for (let draw = 0; draw < 20_000; draw += 1) {
    const [chosen = -1] = topByNoisyWeight(
      weights.map(Math.log),
      weights.map(() => gumbel(random)),
      1,
    );
    counts[chosen] = (counts[chosen] ?? 0) + 1;
  }
  expect(counts.map((count) => Math.round((count / 20_000) * 20) / 20)).toEqual(weights);
});

test("equal keys keep their order", () => {
  expect(topByNoisyWeight([0, 1, 0, 1], [0, 0, 0, 0], 3)).toEqual([1, 3, 0]);
});

test("a shuffled range holds every number once", () => {
  fc.assert(
    fc.property(fc.nat(200), fc.string(), (size, name) => {
      const shuffled = [...shuffledRange(size, seededRandom(name))];
      expect([...shuffled].sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, index) => index));
    }),
  );
});
