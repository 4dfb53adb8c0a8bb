import fc from "fast-check";
import { expect, test } from "vitest";
import { normaliseText } from "#core/collection/textKey";
import { PAIR_VERDICTS } from "#core/marks/mark";
import { training } from "../../support/smallCollection";
import { decideScene, verdict, type HitSpec, type Scene } from "./miningFixture";

const names = ["p1", "p2", " p1", "q", "a", "a ", "b", "c", "d", "e", "f", "g"];
const collection = training([{ query: "q", pos: ["p1", "p2"], neg: names }]);

const score = fc.integer({ min: -10, max: 10 }).map((tenths) => tenths / 10);
const limit = fc.option(score);
const hit = fc.record({ text: fc.constantFrom(...names), score, similarity: score });
const pool = fc
  .uniqueArray(hit, { selector: ({ text }) => text })
  .map((hits): readonly HitSpec[] =>
    hits.sort((a, b) => b.score - a.score).map(({ text, score: own, similarity }) => [text, own, similarity]),
  );

const scene: fc.Arbitrary<Scene> = fc
  .record({
    hits: pool,
    drawn: pool,
    retrieval: fc.constantFrom("lexical" as const, "dense" as const),
    positiveScores: fc.record({ p1: score, p2: score }, { requiredKeys: [] }),
    sampler: fc.record({
      sampling_strategy: fc.constantFrom("top" as const, "window" as const, "simans" as const, "random" as const),
      num_negatives: fc.integer({ min: 1, max: 6 }),
      range_min: fc.integer({ min: 0, max: 3 }),
      range_max: fc.integer({ min: 4, max: 12 }),
      range_after_filters: fc.boolean(),
      max_score: limit,
      min_score: limit,
      absolute_margin: limit,
      relative_margin: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      near_duplicate_similarity: limit,
      seed: fc.nat(),
    }),
    verdicts: fc.array(
      fc.record({ text: fc.constantFrom(...names), name: fc.constantFrom(...PAIR_VERDICTS), author: fc.constantFrom("ann", "bob") }),
    ),
  })
  .map(({ verdicts, ...rest }) => ({
    collection,
    ...rest,
    marks: verdicts.map(({ text, name, author }) => verdict("q", text, name, { author })),
  }));

const textOf = (document: number): string => collection.documents[document]?.text ?? "?";

test("for any pool, settings and marks, a decision keeps its promises", () => {
  fc.assert(
    fc.property(scene, (given) => {
      const decision = decideScene(given);
      const kept = decision.candidates.filter((candidate) => candidate.kept);
      const wanted = given.sampler?.num_negatives ?? 0;
      const considered = given.sampler?.sampling_strategy === "random" ? (given.drawn ?? []) : [...given.hits, ...(given.drawn ?? [])];

      // Every candidate once: kept and dropped add up.
      expect(decision.candidates.map(({ document }) => textOf(document)).sort()).toEqual(
        [...new Set(considered.map(([text]) => text))].sort(),
      );
      expect(kept.every(({ rule }) => rule === "sampled" || rule === "pinned")).toBe(true);
      expect(decision.candidates.every(({ kept: isKept, rule }) => isKept === (rule === "sampled" || rule === "pinned"))).toBe(true);
      expect(decision.short).toBe(wanted - kept.length);
      expect(decision.short).toBeGreaterThanOrEqual(0);

      // Never a positive, never the query, never a text twice.
      const texts = kept.map(({ document }) => normaliseText(textOf(document)));
      expect(texts.filter((text) => ["p1", "p2", "q"].includes(text))).toEqual([]);
      expect(new Set(texts).size).toBe(texts.length);

      // Kept ones come first, hardest first.
      expect(decision.candidates.slice(0, kept.length)).toEqual(kept);
      expect(kept.map((candidate) => candidate.score)).toEqual(kept.map((candidate) => candidate.score).sort((a, b) => b - a));

      // The same again.
      expect(decideScene(given)).toEqual(decision);
    }),
    { numRuns: 500 },
  );
});

test("whoever marks a passage something other than a true negative keeps it out", () => {
  fc.assert(
    fc.property(scene, fc.constantFrom(...names), fc.constantFrom(...PAIR_VERDICTS), (given, text, name) => {
      fc.pre(name !== "true_negative" && name !== "later");
      const marks = [...(given.marks ?? []), verdict("q", text, name, { author: "eve" })];
      const kept = decideScene({ ...given, marks }).candidates.filter((candidate) => candidate.kept);
      expect(kept.map(({ document }) => normaliseText(textOf(document)))).not.toContain(normaliseText(text));
    }),
  );
});

test("a passage put off for later is decided about as if nobody had looked at it", () => {
  fc.assert(
    fc.property(scene, fc.constantFrom(...names), (given, text) => {
      const marks = [...(given.marks ?? []), verdict("q", text, "later", { author: "eve" })];
      expect(decideScene({ ...given, marks })).toEqual(decideScene(given));
    }),
  );
});
