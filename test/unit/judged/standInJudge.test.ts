import { expect, test } from "vitest";
import { areaUnderCurve } from "../../curation/areaUnderCurve";
import { ask, harvestQuestions, randomQuestions } from "../../curation/asking";
import type { OpenPair } from "../../curation/marking";
import { errorRates, FallibleJudge, PublishedJudge } from "../../curation/standInJudge";
import type { JudgedCollection } from "../../judged/judgedCollection";
import { training } from "../../support/smallCollection";

/** Cohen's kappa of a judge with these errors and the truth, where a share p is relevant. */
function kappaOf({ missed, falseAlarms }: ReturnType<typeof errorRates>, p: number): number {
  const agreed = p * (1 - missed) + (1 - p) * (1 - falseAlarms);
  const called = p * (1 - missed) + (1 - p) * falseAlarms;
  const byChance = p * called + (1 - p) * (1 - called);
  return (agreed - byChance) / (1 - byChance);
}

test("a stand-in errs so often that it agrees with the truth as published, and calls as many relevant as are", () => {
  for (const [kappa, p] of [
    [0.32, 0.15],
    [0.39, 0.6],
    [0, 0.3],
    [1, 0.3],
  ] as const) {
    const rates = errorRates(kappa, p);
    expect(kappaOf(rates, p)).toBeCloseTo(kappa, 12);
    expect(p * (1 - rates.missed) + (1 - p) * rates.falseAlarms).toBeCloseTo(p, 12);
  }
});

const texts = Array.from({ length: 40 }, (_, i) => `d${String(i)}`);
const whole = training(["a", "b"].map((query) => ({ id: query, query, pos: texts.slice(0, 20), neg: texts })));
const judged: JudgedCollection = { name: "small", files: [], whole };

test("errors are of the pair: the same whenever asked, another set in each stage, and about as many as they should be", () => {
  const rates = { flag: { missed: 0.5, falseAlarms: 0.25 }, confirm: { missed: 0, falseAlarms: 0 } };
  const judge = new FallibleJudge(judged, rates, 1);
  const calls = texts.map((_, document) => judge.verdict(0, document, "flag") === "relevant");
  expect(texts.map((_, document) => judge.verdict(0, document, "flag") === "relevant")).toEqual(calls);
  const called = (from: number, to: number) => calls.slice(from, to).filter(Boolean).length;
  expect([called(0, 20), called(20, 40)]).toMatchInlineSnapshot(`
    [
      11,
      4,
    ]
  `);
  expect(texts.map((_, document) => judge.verdict(0, document, "confirm") === "relevant")).toEqual(texts.map((_, i) => i < 20));
});

/** Emitted pairs of both queries, those of the second the more harmful. */
const pairs = [0, 1].flatMap((index) =>
  texts.slice(15, 30).map((text, i): OpenPair => {
    const passage = 15 + i;
    const harm = { probability: index === 0 ? 0.1 : 0.5, weight: 1 / (1 + i) };
    return { query: whole.queries[index]!.key, index, document: text, passage, score: 0, positiveSimilarity: 0, source: "top", ...harm };
  }),
);
const sure = new FallibleJudge(judged, { flag: { missed: 0, falseAlarms: 0 }, confirm: { missed: 0, falseAlarms: 0 } }, 1);

test("a question is one query with its most harmful pairs, and a second stage costs a call where something was flagged", () => {
  const questions = harvestQuestions(pairs);
  expect(questions.map((question) => [question[0]?.index, question.length])).toEqual([
    [1, 10],
    [0, 10],
  ]);
  const { calls, judged: asked, called, suggestions } = ask(questions, { judge: sure, isConfirmed: true });
  expect([calls, asked.length, called.length]).toEqual([4, 20, 10]);
  expect(suggestions.opinionOf(pairs[0]!.query, "d15")).toMatchObject({ verdict: "relevant", stage: "confirm" });
  expect(suggestions.opinionOf(pairs[0]!.query, "d20")).toMatchObject({ verdict: "not_relevant", stage: "flag" });
  expect(ask(questions, { judge: sure, isConfirmed: true, budget: 1 })).toMatchObject({ calls: 1, judged: { length: 10 } });
  expect(randomQuestions(pairs, 1).flat()).toHaveLength(20);
});

test("published verdicts are those of the stage that is asked", () => {
  const judge = new PublishedJudge([
    new Map([
      [3, [true, false]],
      [4, [false]],
    ]),
  ]);
  expect([judge.verdict(0, 3, "flag"), judge.verdict(0, 3, "confirm"), judge.verdict(0, 4, "flag"), judge.verdict(0, 5, "flag")]).toEqual([
    "relevant",
    "not_relevant",
    "not_relevant",
    undefined,
  ]);
});

test("the area under the curve is the share of pairs in the right order, equal values counted half", () => {
  const ranked = (...values: readonly (readonly [number, boolean])[]) => values.map(([value, isPositive]) => ({ value, isPositive }));
  expect(areaUnderCurve(ranked([3, true], [2, false], [1, true], [0, false]))).toBe(0.75);
  expect(areaUnderCurve(ranked([1, true], [1, false], [0, false]))).toBe(0.75);
  expect(areaUnderCurve(ranked([1, true]))).toBeNull();
});
