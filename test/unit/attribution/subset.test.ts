import fc from "fast-check";
import { expect, test } from "vitest";
import { fitLasso } from "#core/attribution/lasso";
import { allOf, leftOut, nameOf, noneOf, type Subset, subsetsForFit, withEach } from "#core/attribution/subset";
import { seededRandom } from "#core/util/random";

test("the subsets that have a name of their own", () => {
  expect([allOf(3), noneOf(3), ...leftOut(3)].map(nameOf)).toEqual(["111", "000", "011", "101", "110"]);
  expect(withEach(noneOf(3)).map(nameOf)).toEqual(["100", "010", "001"]);
  expect(withEach([false, true, false]).map(nameOf)).toEqual(["110", "010", "011"]);
});

test("all subsets, where they take no more questions than the drawn ones with all and none", () => {
  expect(subsetsForFit(3, 8, "s").map(nameOf)).toEqual(["000", "100", "010", "110", "001", "101", "011", "111"]);
  expect(subsetsForFit(5, 32, "s")).toHaveLength(32);
  expect(subsetsForFit(6, 32, "s")).toHaveLength(32);
  expect(subsetsForFit(5, 30, "s")).toHaveLength(32);
});

test("drawn subsets", () => {
  expect(subsetsForFit(8, 8, "42:q:subsets").map(nameOf)).toMatchInlineSnapshot(`
    [
      "10000010",
      "01111101",
      "11111101",
      "00000010",
      "11000010",
      "00111101",
      "01000110",
      "10111001",
    ]
  `);
});

test("drawn subsets are different and proper, come with their complements, and are the same for the same seed", () => {
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 20 }), fc.integer({ min: 8, max: 64 }), fc.string(), (passages, count, seed) => {
      const names = subsetsForFit(passages, count, seed).map(nameOf);
      expect(new Set(names).size).toBe(names.length);
      expect(subsetsForFit(passages, count, seed).map(nameOf)).toEqual(names);
      fc.pre(2 ** passages > count + 2);
      expect(names).toHaveLength(count);
      expect(names.filter((name) => !name.includes("0") || !name.includes("1"))).toEqual([]);
      for (let at = 0; at + 1 < names.length; at += 2) {
        expect(names[at + 1]).toBe((names[at] ?? "").replace(/[01]/gu, (digit) => (digit === "0" ? "1" : "0")));
      }
    }),
  );
});

test("each passage is in about half of them", () => {
  const subsets = subsetsForFit(12, 2000, "balance");
  for (let passage = 0; passage < 12; passage += 1) {
    expect(subsets.filter((subset) => subset[passage] === true).length / subsets.length).toBeCloseTo(0.5, 10);
  }
});

/** Of contexts whose first two passages carry the same evidence: mean of the largest weight of a distractor over the largest of all. */
function strayWeight(design: (seed: string) => readonly Subset[]): number {
  const shares = Array.from({ length: 40 }, (_, seed) => {
    const subsets = design(String(seed));
    const y = subsets.map(([one, other]) => (one === true || other === true ? 1 : 0));
    const rows = subsets.map((subset) => subset.map(Number));
    const { weights } = fitLasso(rows, y, 0.01);
    return Math.max(0, ...weights.slice(2)) / Math.max(...weights);
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

test("with their complements, subsets do not take what two passages do instead of each other for what a third one does", () => {
  const independent = (passages: number, seed: string): readonly Subset[] => {
    const random = seededRandom(seed);
    return Array.from({ length: 32 }, () => Array.from({ length: passages }, () => random() < 0.5));
  };
  const rows = [8, 12, 20].map((passages) => {
    const paired = strayWeight((seed) => subsetsForFit(passages, 32, seed));
    const single = strayWeight((seed) => independent(passages, seed));
    return `${String(passages)} passages: ${paired.toFixed(2)} in pairs, ${single.toFixed(2)} by themselves`;
  });
  expect(rows).toMatchInlineSnapshot(`
    [
      "8 passages: 0.00 in pairs, 0.19 by themselves",
      "12 passages: 0.00 in pairs, 0.25 by themselves",
      "20 passages: 0.00 in pairs, 0.34 by themselves",
    ]
  `);
});
