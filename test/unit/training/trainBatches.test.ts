import { expect, test } from "vitest";
import { identityAdapter } from "#core/adapter/adapter";
import type { TrainingConfig } from "#core/config/trainingSchema";
import { trainingSetFailure } from "#core/training/checkTraining";
import { plainKernel } from "#core/training/plainKernel";
import { trainBatches } from "#core/training/trainBatches";
import { adapterOf, initialState, stateFromAdapter } from "#core/training/trainerState";
import type { AdapterShape, TrainedStretch, TrainerState, TrainingWork } from "#core/training/trainer";
import type { TrainingSet } from "#core/training/trainingSet";
import type { Failure } from "#core/util/failure";
import type { Result } from "#core/util/result";
import { example, settingsWith, smallSet, weighted } from "../../support/trainingFixture";

const SHAPE: AdapterShape = { sides: "query", dimensions: 5, rank: null };

function workOf(parts: Partial<TrainingWork> = {}, settings: Partial<TrainingConfig> = {}): TrainingWork {
  const batches = Array.from({ length: 10 }, () => [0, 1, 2, 3]);
  return { batches, epoch: 0, totalSteps: 10, settings: settingsWith({ learning_rate: 0.02, ...settings }), ...parts };
}

function train(state: TrainerState, work: TrainingWork, set: TrainingSet = smallSet()): Result<TrainedStretch> {
  const steps = trainBatches(state, work, set, plainKernel);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

function valueOf(result: Result<TrainedStretch>): TrainedStretch {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

test.each([SHAPE, { ...SHAPE, rank: 2 }, { ...SHAPE, sides: "both" } as const])(
  "the adapter is the identity at first, and learns: %o",
  (shape) => {
    const state = initialState(shape, 7);
    expect(adapterOf(state)).toEqual(identityAdapter(5, shape.sides));
    const { losses, state: after } = valueOf(train(state, workOf()));
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
    expect(after.step).toBe(10);
    expect(adapterOf(after)).not.toEqual(adapterOf(state));
  },
);

test("same seed, same bytes; another seed draws other factors", () => {
  const shape = { ...SHAPE, rank: 2 };
  expect(train(initialState(shape, 7), workOf())).toEqual(train(initialState(shape, 7), workOf()));
  expect(initialState(shape, 8).parameters).not.toEqual(initialState(shape, 7).parameters);
});

test("a training in two stretches is the training in one, and neither changes what it was given", () => {
  const work = workOf();
  const state = initialState(SHAPE, 7);
  const half = valueOf(train(state, { ...work, batches: work.batches.slice(0, 4) }));
  const kept = structuredClone(half.state);
  const rest = valueOf(train(half.state, { ...work, batches: work.batches.slice(4) }));
  expect(rest.state).toEqual(valueOf(train(state, work)).state);
  expect(half.state).toEqual(kept);
  expect(state).toEqual(initialState(SHAPE, 7));
});

test("an adapter can be gone on from", () => {
  const { state } = valueOf(train(initialState({ ...SHAPE, rank: 2 }, 7), workOf()));
  const next = stateFromAdapter(adapterOf(state));
  expect(adapterOf(next)).toEqual(adapterOf(state));
  expect(next).toMatchObject({ shape: SHAPE, step: 0 });
  expect(valueOf(train(next, workOf())).state.step).toBe(10);
});

test("a penalty and a decay hold the adapter near the identity", () => {
  const distance = (settings: Partial<TrainingConfig>) => {
    const { weight } = adapterOf(valueOf(train(initialState(SHAPE, 7), workOf({}, settings))).state);
    return Math.hypot(...weight.map((value, i) => value - identityAdapter(5, "query").weight[i]!));
  };
  const free = distance({});
  expect(distance({ adapter: { sides: "query", rank: null, regularization: 1 } })).toBeLessThan(free);
  expect(distance({ weight_decay: 20 })).toBeLessThan(free);
});

test("what a stretch cannot begin or end with is a failure, and the state stays", () => {
  const start = initialState(SHAPE, 7);
  const stretches: readonly (readonly [what: string, work: TrainingWork, state: TrainerState])[] = [
    ["temperature 0", workOf({}, { temperature: 0 }), start],
    ["temperature NaN", workOf({}, { temperature: Number.NaN }), start],
    ["an empty batch", workOf({ batches: [[0], []] }), start],
    ["a query that is not there", workOf({ batches: [[0, 4]] }), start],
    ["another model's adapter", workOf(), initialState({ ...SHAPE, dimensions: 6 }, 7)],
    ["a state cut short", workOf(), { ...start, secondMoment: new Float32Array(24) }],
    ["a broken adapter", workOf(), { ...start, parameters: new Float32Array(25).fill(Number.NaN) }],
    ["an absurd learning rate", workOf({}, { learning_rate: 1e39 }), start],
    ["the same for one step", workOf({ batches: [[0, 1]], totalSteps: 1 }, { learning_rate: 1e39 }), start],
  ];
  const said = stretches.map(([what, work, state]) => {
    const before = structuredClone(state);
    const result = train(state, work);
    expect(state).toEqual(before);
    return `${what}: ${result.ok ? "trained" : saidBy(result.failure)}`;
  });
  expect(said).toMatchInlineSnapshot(`
    [
      "temperature 0: bad-config: The temperature is 0. Set training.temperature above 0, for example 0.05.",
      "temperature NaN: bad-config: The temperature is NaN. Set training.temperature above 0, for example 0.05.",
      "an empty batch: bad-arguments: Batch 2 is empty. Plan the batches again for the present data.",
      "a query that is not there: bad-arguments: Batch 1 names query 4 of 4. Plan the batches again for the present data.",
      "another model's adapter: bad-arguments: The adapter is for vectors of 6 dimensions, the vectors have 5. Train a new adapter for this model.",
      "a state cut short: bad-arguments: The state of the adapter has 24 numbers where 25 belong. Train from the beginning.",
      "a broken adapter: bad-arguments: The adapter to begin with has a number that is not finite. Train from the beginning.",
      "an absurd learning rate: diverged: The loss is NaN in training step 2. The adapter from before is kept. Set a lower training.learning_rate.",
      "the same for one step: diverged: A number of the adapter is no longer finite in training step 1. The adapter from before is kept. Set a lower training.learning_rate.",
    ]
  `);
});

function saidBy({ reason, message, nextStep }: Failure): string {
  return `${reason}: ${message} ${nextStep ?? ""}`;
}

function changed(vectors: Float32Array, position: number, value: number): Float32Array {
  const copy = vectors.slice();
  copy[position] = value;
  return copy;
}

test("what is said of a set that cannot be learnt from", () => {
  const changes: readonly (readonly [what: string, change: (set: TrainingSet) => TrainingSet])[] = [
    ["the small set", (set) => set],
    ["no examples", (set) => ({ ...set, examples: [] })],
    ["NaN in a query", (set) => ({ ...set, queries: changed(set.queries, 7, Number.NaN) })],
    ["infinity in a document", (set) => ({ ...set, documents: changed(set.documents, 59, Number.NEGATIVE_INFINITY) })],
    ["vectors of another length", (set) => ({ ...set, documents: set.documents.subarray(1) })],
    ["no positive", (set) => ({ ...set, examples: [example(0, { positives: [] })] })],
    ["a query out of range", (set) => ({ ...set, examples: [example(4, { positives: [0] })] })],
    ["a positive out of range", (set) => ({ ...set, examples: [example(0, {}), example(1, { positives: [12] })] })],
    ["a negative out of range", (set) => ({ ...set, examples: [example(0, { negatives: weighted(-1) })] })],
    ["a weight above 1", (set) => ({ ...set, examples: [example(0, { negatives: weighted([1, 1.5]) })] })],
    ["a weight that is none", (set) => ({ ...set, examples: [example(0, { negatives: weighted([1, Number.NaN]) })] })],
    [
      "soft targets of another length",
      (set) => ({ ...set, examples: [example(0, { teacher: { documents: [0, 1], probabilities: [1] } })] }),
    ],
    [
      "soft targets that sum to 2",
      (set) => ({ ...set, examples: [example(0, { teacher: { documents: [0, 1], probabilities: [1, 1] } })] }),
    ],
  ];
  const said = changes.map(([what, change]) => {
    const failure = trainingSetFailure(change(smallSet()));
    return `${what}: ${failure === undefined ? "fit" : saidBy(failure)}`;
  });
  expect(said).toMatchInlineSnapshot(`
    [
      "the small set: fit",
      "no examples: bad-arguments: There is no query to train on. Add queries with positives, or make validation_share and test_share smaller.",
      "NaN in a query: bad-vectors: The query vector in row 1, counted from 0, has the component NaN. Embed the texts again, or correct the file of vectors.",
      "infinity in a document: bad-vectors: The document vector in row 11, counted from 0, has the component -Infinity. Embed the texts again, or correct the file of vectors.",
      "vectors of another length: bad-vectors: The document vectors are 59 numbers, which is no multiple of 5. Embed the texts again, or correct the file of vectors.",
      "no positive: bad-arguments: Training query 0, counted from 0, has no positive. Leave it out, or give it a positive.",
      "a query out of range: bad-arguments: Training query 0, counted from 0, names query vector 4, which is not there. Report this as an error of Nearmiss.",
      "a positive out of range: bad-arguments: Training query 1, counted from 0, names document vector 12, which is not there. Report this as an error of Nearmiss.",
      "a negative out of range: bad-arguments: Training query 0, counted from 0, names document vector -1, which is not there. Report this as an error of Nearmiss.",
      "a weight above 1: bad-arguments: Training query 0, counted from 0, has a negative of weight 1.5; weights are from 0 to 1. Report this as an error of Nearmiss.",
      "a weight that is none: bad-arguments: Training query 0, counted from 0, has a negative of weight NaN; weights are from 0 to 1. Report this as an error of Nearmiss.",
      "soft targets of another length: bad-arguments: Training query 0, counted from 0, has soft targets that are no distribution over its documents. Report this as an error of Nearmiss.",
      "soft targets that sum to 2: bad-arguments: Training query 0, counted from 0, has soft targets that are no distribution over its documents. Report this as an error of Nearmiss.",
    ]
  `);
});

test("a vector of zeros moves nothing and breaks nothing", () => {
  const set = smallSet();
  const queries = set.queries.slice();
  queries.fill(0, 0, 5);
  const { losses, state } = valueOf(train(initialState(SHAPE, 7), workOf({ batches: [[0], [0]] }), { ...set, queries }));
  expect([...losses].every(Number.isFinite)).toBe(true);
  expect(adapterOf(state)).toEqual(identityAdapter(5, "query"));
});
