import fc from "fast-check";
import { expect, test } from "vitest";
import { groupOverlap } from "#core/mining/overlapTable";
import { overlapAtLeast, shingles } from "#core/mining/shingles";
import { training } from "../../support/smallCollection";

test("texts are compared by their runs of three words, whatever case and punctuation", () => {
  const overlap = (a: string, b: string): number => overlapAtLeast(shingles(a), shingles(b), 0.1);
  expect(overlap("one two three four", "One, two: three! Four.")).toBe(1);
  expect(overlap("one two three four", "one two three five")).toBeCloseTo(1 / 3);
  expect(overlap("one two", "one  TWO")).toBe(1);
  expect(overlap("one two", "two one")).toBe(-1);
  expect(overlap("", "")).toBe(-1);
});

test("giving up early changes no answer", () => {
  const set = fc.uniqueArray(fc.nat(30)).map((values) => Uint32Array.from(values).sort());
  fc.assert(
    fc.property(set, set, fc.double({ min: 0.01, max: 1, noNaN: true }), (a, b, least) => {
      const shared = a.filter((value) => b.includes(value)).length;
      const jaccard = shared / (new Set([...a, ...b]).size || 1);
      fc.pre(Math.abs(jaccard - least) > 1e-6);
      expect(overlapAtLeast(a, b, least)).toBe(jaccard >= least ? jaccard : -1);
    }),
  );
});

test("looking at prefixes first changes no answer", () => {
  const text = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 30 }).map((words) => words.join(" "));
  const threshold = fc.double({ min: 0.01, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      fc.uniqueArray(text, { minLength: 2, maxLength: 6 }),
      fc.array(threshold, { minLength: 1, maxLength: 3 }),
      (texts, thresholds) => {
        const collection = training([{ query: "q", pos: texts }]);
        for (const least of thresholds) {
          for (const [a, one] of texts.entries()) {
            for (const [b, other] of texts.entries()) {
              expect(groupOverlap(collection, a, b, least)).toBe(overlapAtLeast(shingles(one), shingles(other), least));
            }
          }
        }
      },
    ),
  );
});
