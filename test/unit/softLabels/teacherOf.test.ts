import { expect, test } from "vitest";
import type { Teacher } from "#core/softLabels/teacher";
import { teacherOf, type TeacherQuery } from "#core/softLabels/teacherOf";
import { noSuggestions, type PairOpinion, type Suggestions } from "#core/suggestions/pairOpinion";
import type { OpinionVerdict } from "#core/suggestions/suggestion";

function opinion(verdict: OpinionVerdict): PairOpinion {
  return { verdict, reason: "", model: "scripted", stage: "flag", time: "2026-01-01T00:00:00.000Z" };
}

/** What models said of the query "q", and of no other. */
function said(parts: { opinions?: Readonly<Record<string, OpinionVerdict>>; weights?: Readonly<Record<string, number>> }): Suggestions {
  const opinions = new Map(Object.entries(parts.opinions ?? {}).map(([key, verdict]) => [key, opinion(verdict)]));
  const weights = parts.weights === undefined ? undefined : new Map(Object.entries(parts.weights));
  return {
    ...noSuggestions,
    opinionsOf: (query) => (query === "q" ? opinions : new Map()),
    attributionOf: (query) =>
      query === "q" && weights !== undefined ? { answer: "", weights, model: "scripted", time: "2026-01-01T00:00:00.000Z" } : undefined,
  };
}

const query: TeacherQuery = { key: "q", positives: ["plus"], trueNegatives: new Set(), falseNegatives: new Set() };

/** u over its largest: what the scores are but for the temperature. */
function weightsOf(teacher: Teacher | undefined): Readonly<Record<string, number>> {
  if (teacher === undefined) throw new Error("no teacher");
  const largest = Math.max(...teacher.scores) || 1;
  return Object.fromEntries(teacher.keys.map((key, index) => [key, Number(((teacher.scores[index] ?? 0) / largest).toFixed(6))]));
}

const opinions = { a: "relevant", b: "partly_relevant", c: "not_relevant", d: "duplicate_of_positive", e: "not_relevant" } as const;

test("without a word of a model there is no teacher", () => {
  expect(teacherOf(query, noSuggestions, 1.5)).toBeUndefined();
  expect(teacherOf({ ...query, key: "other" }, said({ opinions }), 1.5)).toBeUndefined();
});

test("opinions: positives count as relevant, whatever is said of them", () => {
  expect(weightsOf(teacherOf(query, said({ opinions }), 1.5))).toEqual({ plus: 1, a: 1, b: 0.5, c: 0, d: 1, e: 0 });
  expect(weightsOf(teacherOf(query, said({ opinions: { ...opinions, plus: "not_relevant" } }), 1.5))).toMatchObject({ plus: 1 });
});

test("an answer's contributions go before opinions, unless it rests on nothing", () => {
  const weights = { plus: 0.2, a: 0.8, x: 0, y: 0.4 };
  expect(weightsOf(teacherOf(query, said({ opinions, weights }), 1.5))).toEqual({ plus: 0.25, a: 1, x: 0, y: 0.5 });
  const none = { plus: 0, a: 0, x: 0, y: 0 };
  expect(weightsOf(teacherOf(query, said({ opinions, weights: none }), 1.5))).toMatchObject({ plus: 1, a: 1, c: 0 });
  expect(teacherOf(query, said({ weights: none }), 1.5)).toMatchObject({ keys: ["plus", "a", "x", "y"], carries: "flat" });
});

test("persons go before models", () => {
  const marked: TeacherQuery = { ...query, trueNegatives: new Set(["a", "unseen"]), falseNegatives: new Set(["c"]) };
  expect(weightsOf(teacherOf(marked, said({ opinions }), 1.5))).toEqual({ plus: 1, a: 0, b: 0.5, c: 1, d: 1, e: 0 });
  const weights = { plus: 0.2, a: 0.8, c: 0, y: 0.4, z: 0 };
  expect(weightsOf(teacherOf(marked, said({ weights }), 1.5))).toEqual({ plus: 0.25, a: 0, c: 1, y: 0.5, z: 0 });
});

test("a person's false negative counts also where models saw nothing relevant", () => {
  const marked: TeacherQuery = { ...query, positives: [], falseNegatives: new Set(["c"]) };
  const nothing = { a: "not_relevant", b: "not_relevant", c: "not_relevant" } as const;
  expect(teacherOf(marked, said({ opinions: nothing }), 1.5)).toMatchObject({ carries: "one_hot" });
  expect(weightsOf(teacherOf(marked, said({ weights: { a: 0, b: 0, c: 0 } }), 1.5))).toEqual({ a: 0, b: 0, c: 1 });
});

test("texts that are gone have no part in it", () => {
  const gone: TeacherQuery = { ...query, has: (key) => key !== "a" };
  const teacher = teacherOf(gone, said({ weights: { plus: 0.2, a: 0.8, x: 0, y: 0.4 } }), 1.5);
  expect(weightsOf(teacher)).toEqual({ plus: 0.5, x: 0, y: 1 });
  expect(teacherOf({ ...gone, has: () => false }, said({ opinions }), 1.5)).toBeUndefined();
});
