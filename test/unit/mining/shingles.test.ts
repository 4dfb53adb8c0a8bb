import fc from "fast-check";
import { expect, test } from "vitest";
import { tokenize } from "#core/lexical/tokenize";
import { groupOverlap, queryOverlap } from "#core/mining/overlapTable";
import { ShingleSets } from "#core/mining/shingles";
import { training } from "../../support/smallCollection";

function overlapOf(a: string, b: string, least: number): number {
  const sets = new ShingleSets();
  return sets.overlap(sets.add(a), sets.add(b), least);
}

/** Jaccard overlap of the runs of three words, by the definition; -1 below `least`. */
function naive(a: string, b: string, least: number): number {
  const [one, other] = [a, b].map((text) => {
    const words = tokenize(text);
    const runs = words.map((_, at) => words.slice(at, at + 3).join(" ")).slice(0, Math.max(1, words.length - 2));
    return new Set(runs);
  });
  const shared = [...(one ?? [])].filter((run) => other?.has(run)).length;
  const overlap = shared / new Set([...(one ?? []), ...(other ?? [])]).size;
  return overlap >= least ? overlap : -1;
}

test("texts are compared by their runs of three words, whatever case and punctuation", () => {
  expect(overlapOf("one two three four", "One, two: three! Four.", 0.1)).toBe(1);
  expect(overlapOf("one two three four", "one two three five", 0.1)).toBeCloseTo(1 / 3);
  expect(overlapOf("one two", "one  TWO", 0.1)).toBe(1);
  expect(overlapOf("one two", "two one", 0.1)).toBe(-1);
  expect(overlapOf("", "", 0.1)).toBe(-1);
  expect(overlapOf("", "one", 0.1)).toBe(-1);
});

const text = fc.array(fc.constantFrom("a", "b", "c", "é"), { maxLength: 30 }).map((words) => words.join(" "));
const floor = fc.oneof(fc.double({ min: 0.01, max: 1, noNaN: true }), fc.constantFrom(0.25, 1 / 3, 0.5, 2 / 3, 0.8, 1));

test("giving up early changes no answer", () => {
  fc.assert(
    fc.property(text, text, floor, (a, b, least) => {
      expect(overlapOf(a, b, least)).toBe(naive(a, b, least));
    }),
    { numRuns: 1000 },
  );
});

test("nor does it for long texts that differ in a few places", () => {
  const places = fc.uniqueArray(fc.nat(399), { maxLength: 60 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), places, floor, (length, changed, least) => {
      const words = Array.from({ length }, (_, at) => `w${String((at * at) % 997)}`);
      const others = words.map((word, at) => (changed.includes(at) ? `x${String(at)}` : word));
      const [a, b] = [words.join(" "), others.join(" ")];
      expect(overlapOf(a, b, least)).toBe(naive(a, b, least));
    }),
  );
});

test("groups and queries of a collection overlap as their texts do, at any floor", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(
        text.filter((words) => words !== ""),
        { minLength: 2, maxLength: 6 },
      ),
      text,
      fc.array(floor, { minLength: 1, maxLength: 3 }),
      (texts, query, floors) => {
        const collection = training([{ query: `x ${query}`, pos: texts }]);
        for (const least of floors) {
          for (const [a, one] of texts.entries()) {
            expect(queryOverlap(collection, 0, a, least)).toBe(naive(`x ${query}`, one, least));
            for (const [b, other] of texts.entries()) {
              expect(groupOverlap(collection, a, b, least)).toBe(naive(one, other, least));
            }
          }
        }
      },
    ),
  );
});
