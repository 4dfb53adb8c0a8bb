import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeTeacher } from "#core/softLabels/makeTeacher";
import type { Teacher } from "#core/softLabels/teacher";

function teach(...weights: readonly number[]): Teacher {
  const teacher = makeTeacher(
    weights.map((weight, index) => ({ key: `p${String(index)}`, weight })),
    1.5,
  );
  if (teacher === undefined) throw new Error("no teacher");
  return teacher;
}

/** On one line, to three places. */
function told({ probabilities, temperature, perplexity, carries }: Teacher): string {
  const list = probabilities.map((probability) => probability.toFixed(3)).join(" ");
  return `${list} | t ${temperature.toFixed(3)}, perplexity ${perplexity.toFixed(3)}, ${carries}`;
}

describe("the temperature", () => {
  test("begins at a quarter of the largest weight, and moves to the nearer end of the range", () => {
    const kinds = {
      "one best, others less": [1, 0.5, 0.5, 0.2, 0, 0, 0, 0],
      "the same in another unit": [7, 3.5, 3.5, 1.4, 0, 0, 0, 0],
      "hardly one hot: 1.5 from below": [1, 0.1, 0, 0],
      "too even: half of them from above": [1, 0.9, 0.8, 0.7],
      "half of them alike": [1, 1, 0, 0],
    };
    expect(Object.entries(kinds).map(([name, weights]) => `${name}: ${told(teach(...weights))}`)).toMatchInlineSnapshot(`
      [
        "one best, others less: 0.722 0.098 0.098 0.029 0.013 0.013 0.013 0.013 | t 0.250, perplexity 2.779, ranking",
        "the same in another unit: 0.722 0.098 0.098 0.029 0.013 0.013 0.013 0.013 | t 1.750, perplexity 2.779, ranking",
        "hardly one hot: 1.5 from below: 0.908 0.038 0.027 0.027 | t 0.284, perplexity 1.500, ranking",
        "too even: half of them from above: 0.767 0.181 0.043 0.010 | t 0.069, perplexity 2.000, ranking",
        "half of them alike: 0.500 0.500 0.000 0.000 | t 0.060, perplexity 2.000, ranking",
      ]
    `);
  });

  test("is the least perplexity's where that is more than half the passages", () => {
    const teacher = makeTeacher(
      [1, 0.5, 0.1].map((weight, index) => ({ key: `p${String(index)}`, weight })),
      2.5,
    );
    expect(teacher?.perplexity).toBeCloseTo(1.5, 5);
  });

  test("is not moved where the range allows what it begins with", () => {
    expect(
      makeTeacher(
        [1, 0, 0, 0, 0, 0].map((weight, index) => ({ key: `p${String(index)}`, weight })),
        1,
      ),
    ).toMatchObject({
      temperature: 0.25,
      carries: "one_hot",
    });
  });
});

describe("what a teacher carries", () => {
  test("flat: no temperature makes a ranking of it", () => {
    const kinds = {
      nothing: [0, 0, 0],
      "rounding of log-probabilities": [1e-9, 0, 2e-8, 0],
      "all alike": [2, 2, 2, 2, 2],
      "all nearly alike": [1, 0.99, 0.98, 0.97],
      "more than half alike": [1, 1, 1, 0],
      "two of three": [1, 1, 0],
    };
    expect(Object.entries(kinds).map(([name, weights]) => `${name}: ${told(teach(...weights))}`)).toMatchInlineSnapshot(`
      [
        "nothing: 0.333 0.333 0.333 | t 1.000, perplexity 3.000, flat",
        "rounding of log-probabilities: 0.250 0.250 0.250 0.250 | t 1.000, perplexity 4.000, flat",
        "all alike: 0.200 0.200 0.200 0.200 0.200 | t 0.500, perplexity 5.000, flat",
        "all nearly alike: 0.265 0.255 0.245 0.235 | t 0.250, perplexity 3.996, flat",
        "more than half alike: 0.331 0.331 0.331 0.006 | t 0.250, perplexity 3.092, flat",
        "two of three: 0.495 0.495 0.009 | t 0.250, perplexity 2.093, flat",
      ]
    `);
  });

  test("one_hot: the rest has no weight worth the name", () => {
    expect([teach(0, 3, 0, 0), teach(0.001, 3, 0, 0.02), teach(0.1, 3, 0, 0)].map(told)).toMatchInlineSnapshot(`
      [
        "0.030 0.909 0.030 0.030 | t 0.883, perplexity 1.500, one_hot",
        "0.030 0.909 0.030 0.031 | t 0.881, perplexity 1.500, one_hot",
        "0.033 0.909 0.029 0.029 | t 0.873, perplexity 1.500, ranking",
      ]
    `);
  });

  test("nothing below three passages", () => {
    expect(makeTeacher([], 1.5)).toBeUndefined();
    expect(
      makeTeacher(
        [
          { key: "a", weight: 1 },
          { key: "b", weight: 0 },
        ],
        1.5,
      ),
    ).toBeUndefined();
  });
});

test("what cannot be a weight is a bug of the caller", () => {
  for (const weight of [-0.1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => teach(1, weight, 0)).toThrow(RangeError);
  }
  expect(() =>
    makeTeacher(
      [1, 2, 3].map((weight) => ({ key: "same", weight })),
      1.5,
    ),
  ).toThrow("twice");
  expect(() => makeTeacher([], Number.NaN)).toThrow("least perplexity");
});

const weight = fc.oneof(
  fc.constantFrom(0, 0.5, 1),
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.double({ min: 0, max: 1e300, noNaN: true }),
  fc.double({ min: 0, max: 1e-300, noNaN: true }),
);
const weights = fc.array(weight, { minLength: 3, maxLength: 30 });
const least = fc.constantFrom(1, 1.5, 2, 5);

function teacherFor(list: readonly number[], minPerplexity: number): Teacher {
  const teacher = makeTeacher(
    list.map((value, index) => ({ key: `p${String(index)}`, weight: value })),
    minPerplexity,
  );
  if (teacher === undefined) throw new Error("no teacher");
  return teacher;
}

describe("whatever the weights", () => {
  test("T is the softmax of the scores, sums to 1 and keeps the order", () => {
    fc.assert(
      fc.property(weights, least, (list, minPerplexity) => {
        const { scores, probabilities, perplexity } = teacherFor(list, minPerplexity);
        const largest = Math.max(...scores);
        const total = scores.reduce((sum, score) => sum + Math.exp(score - largest), 0);
        expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
        expect(perplexity).toBeGreaterThanOrEqual(1);
        for (const [index, probability] of probabilities.entries()) {
          expect(probability).toBeCloseTo(Math.exp((scores[index] ?? 0) - largest) / total, 12);
          for (const [other, otherProbability] of probabilities.entries()) {
            if ((list[index] ?? 0) >= (list[other] ?? 0)) expect(probability).toBeGreaterThanOrEqual(otherProbability);
          }
        }
      }),
    );
  });

  test("scores are u / t_T", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 3, maxLength: 30 }), least, (list, minPerplexity) => {
        const { scores, temperature } = teacherFor(list, minPerplexity);
        if (Math.max(...list) < 1e-6) return;
        for (const [index, score] of scores.entries()) expect(score).toBeCloseTo((list[index] ?? 0) / temperature, 9);
      }),
    );
  });

  test("a teacher that carries a ranking has its perplexity in the range", () => {
    fc.assert(
      fc.property(weights, least, (list, minPerplexity) => {
        const { perplexity, carries } = teacherFor(list, minPerplexity);
        fc.pre(carries !== "flat");
        const highest = list.length / 2;
        expect(perplexity).toBeGreaterThanOrEqual(Math.min(minPerplexity, highest) * (1 - 1e-9));
        expect(perplexity).toBeLessThanOrEqual(highest * (1 + 2e-6));
      }),
      { numRuns: 300 },
    );
  });

  test("neither their unit nor their order matters", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 3, maxLength: 12 }), (list) => {
        const teacher = teacherFor(list, 1.5);
        // A power of two is exact, and so is everything that comes of it.
        expect(
          teacherFor(
            list.map((value) => 8 * value),
            1.5,
          ),
        ).toEqual({ ...teacher, temperature: 8 * teacher.temperature });
        const turned = teacherFor(list.toReversed(), 1.5);
        expect(turned.probabilities).toEqual(teacher.probabilities.toReversed());
        expect(turned.temperature).toBe(teacher.temperature);
      }),
    );
  });
});
