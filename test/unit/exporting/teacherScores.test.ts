import { expect, test } from "vitest";
import { exportQuery } from "#core/exporting/exportQuery";
import { withTeacherScores } from "#core/exporting/teacherScores";
import type { Mark } from "#core/marks/mark";
import { saidSuggestions, type Said } from "../../support/saidSuggestions";
import { verdict } from "../mining/miningFixture";
import { collection, firstRound, mine } from "../rounds/roundScenes";

/** Scores of the first query's passages by text; it emits a and b. */
function scoresOf(said: Said, marks: readonly Mark[] = []): Readonly<Record<string, number>> {
  const mined = mine({ hits: [], ...firstRound[0], marks });
  const teachers = { suggestions: saidSuggestions({ first: said }), minPerplexity: 1.5 };
  const exported = withTeacherScores(exportQuery(mined, collection), mined, { collection, teachers });
  return Object.fromEntries([...exported.positives, ...exported.negatives].map(({ text, score }) => [text, score]));
}

const weights = { p1: 3, a: 1, b: 0, c: 0, d: 0, e: 0 };

test("scores are the teacher's logits: their softmax over all its passages is the teacher", () => {
  const scores = scoresOf({ weights });
  expect(scores).toMatchInlineSnapshot(`
    {
      "a": 1.3333333333333333,
      "b": 0,
      "p1": 4,
    }
  `);
  expect(scores["p1"]! / scores["a"]!).toBeCloseTo(3, 12);
});

test("a passage that the model never saw has no score, and without a ranking none has one", () => {
  expect(scoresOf({ weights: { p1: 3, a: 1, c: 0, d: 0, e: 0 } })).toMatchObject({ p1: expect.closeTo(4, 6) as number, b: Number.NaN });
  expect(scoresOf({})).toEqual({ p1: Number.NaN, a: Number.NaN, b: Number.NaN });
  expect(scoresOf({ weights: { p1: 1, a: 1, b: 1 } })).toEqual({ p1: Number.NaN, a: Number.NaN, b: Number.NaN });
});

test("persons go before the teacher: a true negative scores 0, and a query marked bad has no teacher", () => {
  expect(scoresOf({ weights: { ...weights, b: 2 } }, [verdict("first", "a", "true_negative")])).toMatchObject({ a: 0 });
  expect(scoresOf({ weights }, [verdict("first", undefined, "bad_query")])).toMatchObject({ p1: Number.NaN });
});
