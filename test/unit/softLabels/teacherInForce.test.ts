import { expect, test } from "vitest";
import { foldMarks } from "#core/marks/foldMarks";
import type { Mark } from "#core/marks/mark";
import { verdictsForQuery } from "#core/marks/verdictsForQuery";
import { teacherInForce } from "#core/softLabels/teacherInForce";
import { saidSuggestions, type Said } from "../../support/saidSuggestions";
import { training } from "../../support/smallCollection";
import { verdict } from "../mining/miningFixture";

/** "a" stands in the data twice, with a blank more. */
const collection = training([{ id: "q1", query: "first", pos: ["p", "bad"], neg: ["a", "a ", "b", "c", "d", "first"] }]);

/** The shares of T in percent, by text; undefined where there is no teacher. */
function sharesOf(said: Said, marks: readonly Mark[] = []): Readonly<Record<string, number>> | undefined {
  const verdicts = verdictsForQuery(foldMarks(marks), collection, collection.queries[0]!, "ann");
  const teacher = teacherInForce(collection, 0, verdicts, { suggestions: saidSuggestions({ first: said }), minPerplexity: 1.5 });
  if (teacher === undefined) return undefined;
  const texts = teacher.groups.map((group) => collection.documents[collection.groups[group]![0]!]!.text);
  return Object.fromEntries(texts.map((text, i) => [text, Math.round(100 * teacher.probabilities[i]!)]));
}

const opinions = { a: "partly_relevant", b: "partly_relevant", c: "not_relevant", d: "not_relevant" } as const;

test("positives and judged passages share the teacher, equal texts as one", () => {
  expect(sharesOf({ opinions })).toMatchInlineSnapshot(`
    {
      "a": 5,
      "b": 5,
      "bad": 44,
      "c": 1,
      "d": 1,
      "p": 44,
    }
  `);
});

test("what a person called relevant has the largest share, a true negative the smallest, whatever the model said", () => {
  const marks = [verdict("first", "d", "false_negative"), verdict("first", "a", "true_negative")];
  expect(sharesOf({ opinions }, marks)).toMatchInlineSnapshot(`
    {
      "a": 0,
      "b": 0,
      "bad": 33,
      "c": 0,
      "d": 33,
      "p": 33,
    }
  `);
});

test("passages that persons leave open, disagree on or call bad positives have no part in it", () => {
  const marks = [
    verdict("first", "a", "partly_relevant"),
    verdict("first", "b", "cant_tell"),
    verdict("first", "c", "true_negative"),
    verdict("first", "c", "false_negative", { author: "ben" }),
    verdict("first", "bad", "bad_positive"),
  ];
  const weights = { p: 0.5, bad: 0.9, a: 0.4, b: 0.3, c: 0.2, d: 0.1, x: 0.1 };
  expect(sharesOf({ weights }, marks)).toBeUndefined();
  expect(Object.keys(sharesOf({ weights }, marks.slice(1)) ?? {})).toEqual(["p", "a", "d"]);
});

test("passages that are gone and the query's own text have no part in it", () => {
  expect(Object.keys(sharesOf({ weights: { p: 0.5, gone: 0.9, first: 0.9, a: 0.2, b: 0 } }) ?? {})).toEqual(["p", "a", "b"]);
});

test("what ranks nothing is no teacher", () => {
  expect(sharesOf({})).toBeUndefined();
  expect(sharesOf({ weights: { p: 0.5, gone: 0.9, a: 0.2 } })).toBeUndefined();
  expect(sharesOf({ weights: { p: 0.5, a: 0.5, b: 0.5 } })).toBeUndefined();
  expect(sharesOf({ weights: { p: 0.5, a: 0, b: 0 } })).toBeUndefined();
});
