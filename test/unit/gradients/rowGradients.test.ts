// Every number that is shown of a gradient, against the loss itself: by hand, by finite differences, and at the ends of the scale.
import fc from "fast-check";
import { expect, test } from "vitest";
import { defaultConfig } from "#core/config/config";
import { gradientSettings } from "#core/gradients/gradientSettings";
import type { GradientSettings } from "#core/gradients/gradientSettings";
import { distanceOf, logSumExp, scoreGradient } from "#core/gradients/infoNce";
import { kindAt, rowGradients } from "#core/gradients/rowGradients";
import type { RowGradients } from "#core/gradients/rowGradients";
import { withSecondScores } from "#core/mining/secondLook";
import { seededRandom } from "#core/util/random";
import { verdict } from "../mining/miningFixture";
import { minedScene, plain, type GradientScene } from "./gradientFixture";

type Vector = readonly number[];

const dot = (a: Vector, b: Vector): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
const length = (a: Vector): number => Math.sqrt(dot(a, a));
const plus = (a: Vector, scale: number, b: Vector): Vector => a.map((value, i) => value + scale * (b[i] ?? 0));
const unit = (a: Vector): Vector => a.map((value) => value / length(a));

/** What the loss is written in: every score against its target. */
function crossEntropy(logits: Vector, targets: Vector): number {
  const log = logSumExp([...logits]);
  return -logits.reduce((sum, logit, i) => sum + (targets[i] ?? 0) * (logit - log), 0);
}

/** InfoNCE of a query with one positive, by the dot product. */
function loss(query: Vector, positive: Vector, negatives: readonly Vector[], temperature: number): number {
  const logits = [positive, ...negatives].map((document) => dot(query, document) / temperature);
  return crossEntropy(logits, [1]);
}

/** Central differences. */
function numericalGradient(f: (at: Vector) => number, at: Vector): Vector {
  const step = 1e-6;
  return at.map((_, i) => {
    const along = at.map((_, j) => (i === j ? step : 0));
    return (f(plus(at, 1, along)) - f(plus(at, -1, along))) / (2 * step);
  });
}

function vectorsNear(seed: string, count: number): readonly Vector[] {
  const random = seededRandom(seed);
  const centre = unit(Array.from({ length: 8 }, () => random() - 0.5));
  return Array.from({ length: count }, () => unit(centre.map((value) => value + 0.8 * (random() - 0.5))));
}

/** Documents as a scene has them, nearest first. */
function sceneOf(query: Vector, positives: readonly Vector[], documents: readonly Vector[], kept: number): GradientScene {
  return {
    positives: positives.map((positive) => dot(query, positive)),
    candidates: documents.map((document) => [dot(query, document), ...positives.map((positive) => dot(document, positive))]),
    kept,
  };
}

function known(scene: GradientScene, settings: GradientSettings = plain): RowGradients {
  const rows = rowGradients(minedScene(scene), settings);
  if (rows === undefined) throw new Error("Nothing is known of this scene.");
  return rows;
}

const temperatures = [0.02, 0.05, 0.3, 1] as const;

test.each(temperatures)("the gradients of the emitted negatives add up to that of the loss, at tau %d", (temperature) => {
  const [query, positive, ...rest] = vectorsNear("sum", 8) as [Vector, Vector, ...Vector[]];
  const documents = rest.toSorted((a, b) => dot(query, b) - dot(query, a));
  const rows = known(sceneOf(query, [positive], documents, documents.length), { temperature, hardness: 0 });
  const own: readonly Vector[] = documents.map((document, j) =>
    plus(document, -1, positive).map((value) => ((rows.weights[j] ?? 0) / temperature) * value),
  );
  own.forEach((gradient, j) => {
    expect(rows.norms[j]).toBeCloseTo(length(gradient), 9);
  });
  const sum = own.reduce((all, gradient) => plus(all, 1, gradient));
  const byDot = numericalGradient((at) => loss(at, positive, documents, temperature), query);
  sum.forEach((value, i) => {
    expect(value).toBeCloseTo(byDot[i] ?? 0, 5);
  });
  // By the cosine of a raw query x = r q: (1 / r) (I - q q^T) of the same sum.
  const raw = query.map((value) => 3 * value);
  const byCosine = numericalGradient((at) => loss(unit(at), positive, documents, temperature), raw);
  plus(sum, -dot(sum, query), query).forEach((value, i) => {
    expect(value / 3).toBeCloseTo(byCosine[i] ?? 0, 5);
  });
});

test.each(temperatures)("a dropped candidate has the gradient that it would have if it were added, at tau %d", (temperature) => {
  const [query, positive, ...rest] = vectorsNear("dropped", 9) as [Vector, Vector, ...Vector[]];
  const documents = rest.toSorted((a, b) => dot(query, b) - dot(query, a));
  const kept = 3;
  const rows = known(sceneOf(query, [positive], documents, kept), { temperature, hardness: 0 });
  const scores = [positive, ...documents].map((document) => dot(query, document));
  for (let j = kept; j < documents.length; j += 1) {
    const asked = [...scores.slice(0, kept + 1), scores[j + 1] ?? 0];
    const slope = numericalGradient(
      (at) =>
        crossEntropy(
          at.map((score) => score / temperature),
          [1],
        ),
      asked,
    ).at(-1);
    expect((rows.weights[j] ?? 0) / temperature).toBeCloseTo(slope ?? 0, 5);
    const added = sceneOf(query, [positive], [...documents.slice(0, kept), documents[j] ?? []], kept + 1);
    expect(kindAt(rows, j)).toBe(kindAt(known(added, { temperature, hardness: 0 }), kept));
  }
});

test("the push is what a small step away from the passage takes from the positive's score", () => {
  const [query, positive, ...documents] = vectorsNear("push", 6) as [Vector, Vector, ...Vector[]];
  const nearest = documents.toSorted((a, b) => dot(query, b) - dot(query, a));
  const rows = known(sceneOf(query, [positive], nearest, 2));
  const step = 1e-6;
  nearest.forEach((document, j) => {
    const moved = unit(plus(query, (-step * (rows.weights[j] ?? 0)) / plain.temperature, document));
    expect((dot(query, positive) - dot(moved, positive)) / step).toBeCloseTo(rows.pushes[j] ?? 0, 3);
  });
});

test("with several positives every number is the mean over one row for each", () => {
  const [query, first, second, ...documents] = vectorsNear("several", 8) as [Vector, Vector, Vector, ...Vector[]];
  const nearest = documents.toSorted((a, b) => dot(query, b) - dot(query, a));
  const both = known(sceneOf(query, [first, second], nearest, 3));
  const alone = [first, second].map((positive) => known(sceneOf(query, [positive], nearest, 3)));
  const mean = (read: (rows: RowGradients) => Float64Array, row: number): number =>
    alone.reduce((sum, rows) => sum + (read(rows)[row] ?? 0), 0) / 2;
  nearest.forEach((_, row) => {
    for (const read of [
      (rows: RowGradients) => rows.weights,
      (rows: RowGradients) => rows.norms,
      (rows: RowGradients) => rows.pushes,
      (rows: RowGradients) => rows.differences,
    ]) {
      expect(read(both)[row]).toBeCloseTo(mean(read, row), 5);
    }
    expect(both.shares[row]).toBeCloseTo(alone[0]?.shares[row] ?? 0, 12);
  });
});

test("with soft targets the gradient of each score is (p - T) / tau", () => {
  const scores = [0.71, 0.64, 0.5, 0.12];
  const targets = [0.6, 0.3, 0.1, 0];
  const temperature = 0.05;
  const logits = scores.map((score) => score / temperature);
  const numerical = numericalGradient(
    (at) =>
      crossEntropy(
        at.map((score) => score / temperature),
        targets,
      ),
    scores,
  );
  const log = logSumExp(logits);
  scores.forEach((_, i) => {
    expect(scoreGradient(Math.exp((logits[i] ?? 0) - log), targets[i] ?? 0, temperature)).toBeCloseTo(numerical[i] ?? 0, 6);
  });
});

test("hardness multiplies a negative's term by exp(alpha s), and only where it covers hard negatives", () => {
  const { training } = defaultConfig;
  const weights = (["hard_negatives", "all_negatives", "in_batch_negatives", null] as const).map((hardness_mode) => {
    const settings = gradientSettings({ ...training, temperature: 0.5, hardness_mode, hardness_strength: 3 });
    return known({ positives: [0.8], candidates: [[0.6, 0.5]], kept: 1 }, settings).weights[0];
  });
  const p = (weight: number): number => (weight * Math.exp(0.6 / 0.5)) / (weight * Math.exp(0.6 / 0.5) + Math.exp(0.8 / 0.5));
  const [hard, all, inBatch, none] = weights;
  expect(hard).toBeCloseTo(p(Math.exp(3 * 0.6)), 12);
  expect(all).toBe(hard);
  expect(inBatch).toBeCloseTo(p(1), 12);
  expect(none).toBe(inBatch);
});

test("a case by hand: one negative as near as the positive, one further off, one dropped", () => {
  const candidates = [
    [0.7, 0.5],
    [0.6, 0.2],
    [0.2, -1],
  ] as const;
  const rows = known({ positives: [0.7], candidates, kept: 2 }, { temperature: 0.1, hardness: 0 });
  const p = 1 / (2 + Math.exp(-1));
  expect(rows.weights[0]).toBeCloseTo(p, 12);
  expect(rows.shares[0]).toBeCloseTo(1 / (1 + Math.exp(-1)), 12);
  // |d - d+| is 1 at a similarity of a half.
  expect(rows.norms[0]).toBeCloseTo(p / 0.1, 12);
  expect(rows.pushes[0]).toBeCloseTo((p / 0.1) * (0.5 - 0.7 * 0.7), 12);
  const dropped = 1 / (1 + Math.exp(5) * (2 + Math.exp(-1)));
  expect(rows.weights[2]).toBeCloseTo(dropped, 12);
  expect(rows.norms[2]).toBeCloseTo((dropped / 0.1) * 2, 12);
  expect([0, 1, 2].map((row) => kindAt(rows, row))).toEqual(["dominant", "useful", "easy"]);
  expect(rows.effectiveNegatives).toBeCloseTo(1 / ((rows.shares[0] ?? 0) ** 2 + (rows.shares[1] ?? 0) ** 2), 12);
});

test("a passage that a mark made a positive is measured against the others, as the negative that it might have been", () => {
  const candidates = [
    [0.8, 0.9],
    [0.6, 0.3],
    [0.5, 0.2],
  ] as const;
  const mined = minedScene({ positives: [0.7], candidates, kept: 2, marks: [verdict("query", "candidate 0", "false_negative")] });
  expect([mined.pool.positives.length, mined.decision.kept]).toEqual([2, [1, 2]]);
  const rows = rowGradients(mined, plain);
  const others = [0.7, 0.6, 0.5].reduce((sum, score) => sum + Math.exp((score - 0.8) / 0.05), 0);
  expect(rows?.differences[0]).toBeCloseTo(0.1, 9);
  expect(rows?.weights[0]).toBeCloseTo(1 / (1 + others), 9);
  expect(rows?.norms[0]).toBeCloseTo(((rows?.weights[0] ?? 0) / 0.05) * distanceOf(0.9), 5);
  // The emitted ones have two rows of training, one for each positive.
  expect(rows?.differences[1]).toBeCloseTo((0.6 - 0.7 + (0.6 - 0.8)) / 2, 9);
});

test("second scores that take the place of similarities change no gradient", () => {
  const candidates = [
    [0.7, 0.5],
    [0.6, 0.2],
  ] as const;
  const mined = minedScene({ positives: [0.7], candidates, kept: 2 });
  const pool = withSecondScores(mined.pool, { positives: [9], rows: Float64Array.of(-4, 7) }, true);
  expect([...pool.scores]).toEqual([-4, 7]);
  expect(rowGradients({ ...mined, pool }, plain)).toEqual(rowGradients(mined, plain));
});

test("nothing is said where nothing is known: search by words, no positive, no similarity to each of several positives", () => {
  const mined = minedScene({ positives: [0.7, 0.6], candidates: [[0.5, 0.1, 0.2]], kept: 1 });
  const { positiveSimilarities: _, ...unknown } = mined.pool;
  expect([
    rowGradients({ ...mined, pool: { ...mined.pool, retrieval: "lexical" } }, plain),
    rowGradients({ ...mined, pool: { ...mined.pool, positives: [], positiveScores: [] } }, plain),
    rowGradients({ ...mined, pool: unknown }, plain),
    rowGradients({ ...mined, pool: { ...mined.pool, positiveScores: [Number.NaN, Number.NaN] } }, plain),
  ]).toEqual([undefined, undefined, undefined, undefined]);
});

const cosine = fc.double({ min: -1, max: 1, noNaN: true });

test("shares of the emitted add up to 1, p to at most 1, and all is finite however extreme the scores", () => {
  const scenes = fc.record({
    positives: fc.array(cosine, { minLength: 1, maxLength: 3 }),
    scores: fc.array(cosine, { minLength: 1, maxLength: 12 }),
    similarities: fc.array(cosine, { minLength: 36, maxLength: 36 }),
    kept: fc.integer({ min: 1, max: 12 }),
    temperature: fc.constantFrom(1e-6, 0.001, 0.02, 0.05, 1, 1e6),
    hardness: fc.constantFrom(0, 5, 100),
  });
  fc.assert(
    fc.property(scenes, ({ positives, scores, similarities, kept, temperature, hardness }) => {
      const candidates = scores
        .toSorted((a, b) => b - a)
        .map((score, i) => [score, ...positives.map((_, at) => similarities[3 * i + at] ?? 0)] as const);
      const mined = minedScene({ positives, candidates, kept });
      const rows = rowGradients(mined, { temperature, hardness });
      const of = (column: Float64Array | undefined): number[] => mined.decision.kept.map((row) => column?.[row] ?? Number.NaN);
      const numbers = [rows?.weights, rows?.shares, rows?.norms, rows?.pushes, rows?.differences].flatMap((column) => [...(column ?? [])]);
      expect(numbers.every(Number.isFinite)).toBe(true);
      expect(of(rows?.shares).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
      expect(of(rows?.weights).reduce((sum, weight) => sum + weight, 0)).toBeLessThanOrEqual(1 + 1e-9);
      expect(rows?.effectiveNegatives).toBeGreaterThan(1 - 1e-6);
      expect(rows?.effectiveNegatives).toBeLessThan(mined.decision.kept.length + 1e-6);
    }),
  );
});
