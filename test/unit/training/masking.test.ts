import { expect, test } from "vitest";
import { AdapterPass } from "#core/training/adapterPass";
import { batchBounds, contrastiveBatch } from "#core/training/contrastiveBatch";
import type { TrainingConfig } from "#core/config/trainingSchema";
import { plainKernel } from "#core/training/plainKernel";
import type { TrainingExample, TrainingSet } from "#core/training/trainingSet";
import { seededRandom } from "#core/util/random";
import { example, settingsWith, unitVectors, weighted } from "../../support/trainingFixture";

const DIMENSIONS = 6;
const DOCUMENTS = 8;

function setOf(...examples: readonly TrainingExample[]): TrainingSet {
  const random = seededRandom("masking");
  return {
    dimensions: DIMENSIONS,
    queries: unitVectors(examples.length, DIMENSIONS, random),
    documents: unitVectors(DOCUMENTS, DIMENSIONS, random),
    examples,
  };
}

/** Loss and gradient at the identity of a batch of all examples. */
function stepOf(set: TrainingSet, changes: Partial<TrainingConfig> = {}): { readonly loss: number; readonly gradient: readonly number[] } {
  const settings = settingsWith(changes);
  const all = set.examples.map((_, position) => position);
  const pass = new AdapterPass(plainKernel, { sides: "query", dimensions: DIMENSIONS, rank: null }, batchBounds(set, [all]));
  for (let i = 0; i < DIMENSIONS; i += 1) pass.map.parameters[0]!.values[i * DIMENSIONS + i] = 1;
  const loss = pass.lossAndGradient(set, contrastiveBatch(set, { examples: all, epoch: 0, settings }), settings);
  return { loss, gradient: [...pass.map.gradients[0]!.values] };
}

/** The same set with another vector in a document's place. */
function withDocument(set: TrainingSet, document: number): TrainingSet {
  const documents = set.documents.slice();
  documents.set(unitVectors(1, DIMENSIONS, seededRandom("another")), document * DIMENSIONS);
  return { ...set, documents };
}

test("a false negative among the other rows' documents gives no push at all", () => {
  // Document 4 is the other row's negative. The second query does not count, since all its terms are masked.
  const silent = example(1, { positives: [1], negatives: weighted(4), barred: [1, 0, 4, 5] });
  const barred = setOf(example(0, { negatives: weighted(5), barred: [0, 4] }), silent);
  const pushed = setOf(example(0, { negatives: weighted(5), barred: [0] }), silent);
  expect(stepOf(withDocument(barred, 4))).toEqual(stepOf(barred));
  expect(stepOf(withDocument(pushed, 4))).not.toEqual(stepOf(pushed));
});

test.each<{ readonly what: string; readonly masked: TrainingExample; readonly open: TrainingExample }>([
  {
    what: "a negative that is barred",
    masked: example(0, { negatives: weighted(3, 5), barred: [0, 3] }),
    open: example(0, { negatives: weighted(3, 5), barred: [0] }),
  },
  {
    what: "a negative of weight 0",
    masked: example(0, { negatives: weighted([3, 0], 5) }),
    open: example(0, { negatives: weighted([3, 0.01], 5) }),
  },
  {
    what: "another positive",
    masked: example(0, { positives: [0, 0, 3], negatives: weighted(3, 5) }),
    open: example(0, { positives: [0, 0], negatives: weighted(3, 5) }),
  },
])("$what gives no push at all", ({ masked, open }) => {
  expect(stepOf(withDocument(setOf(masked), 3))).toEqual(stepOf(setOf(masked)));
  expect(stepOf(withDocument(setOf(open), 3))).not.toEqual(stepOf(setOf(open)));
});

test("other rows' documents push only if in_batch_negatives says so", () => {
  const set = setOf(example(0, { negatives: weighted(5) }), example(1, { positives: [1], negatives: weighted(6), barred: [0, 1, 5, 6] }));
  const changes = { in_batch_negatives: false };
  expect(stepOf(withDocument(set, 6), changes)).toEqual(stepOf(set, changes));
  expect(stepOf(withDocument(set, 6))).not.toEqual(stepOf(set));
});

test("a document that only a teacher names is no negative", () => {
  const teacher = { documents: [1, 7], probabilities: [0.9, 0.1] };
  const set = setOf(example(0, { negatives: weighted(5) }), example(1, { negatives: weighted(6), teacher }));
  expect(stepOf(withDocument(set, 7), { distillation_weight: 0 })).toEqual(stepOf(set, { distillation_weight: 0 }));
  expect(stepOf(withDocument(set, 7))).not.toEqual(stepOf(set));
});

test("the own positive counts, even where it is barred and named as a negative", () => {
  const odd = setOf(example(0, { negatives: weighted(0, 5), barred: [0] }));
  expect(stepOf(odd)).toEqual(stepOf(setOf(example(0, { negatives: weighted(5) }))));
});

test("a row without negatives has a loss of 0 and moves nothing, but counts in the mean", () => {
  const lonely = example(1, { negatives: weighted(3), barred: [0, 1, 3, 5] });
  expect(stepOf(setOf(lonely))).toEqual({ loss: 0, gradient: new Array(DIMENSIONS ** 2).fill(0) });
  const first = example(0, { negatives: weighted(5), barred: [0, 1, 3] });
  const [one, two] = [stepOf(setOf(first, lonely)), stepOf({ ...setOf(first, lonely), examples: [first] })];
  expect(one.loss).toBeCloseTo(two.loss / 2, 12);
  expect(Math.hypot(...one.gradient)).toBeCloseTo(Math.hypot(...two.gradient) / 2, 12);
});

test("the batch in columns", () => {
  const set = setOf(
    example(0, { negatives: weighted(5, [6, 0.5]), barred: [0, 1] }),
    example(1, { negatives: weighted(6), teacher: { documents: [1, 7], probabilities: [1, 0] } }),
  );
  const settings = settingsWith({ hardness_mode: "hard_negatives", hardness_strength: 5 });
  const { logWeights, hardness, ...batch } = contrastiveBatch(set, { examples: [0, 1], epoch: 0, settings });
  const rows = (values: Float64Array) => [[...values.subarray(0, 5)], [...values.subarray(5)]];
  expect({ ...batch, weights: rows(logWeights.map(Math.exp)), hardness: rows(hardness) }).toMatchInlineSnapshot(`
    {
      "documents": [
        0,
        1,
        5,
        6,
        7,
      ],
      "hardness": [
        [
          0,
          0,
          5,
          5,
          0,
        ],
        [
          0,
          0,
          0,
          5,
          0,
        ],
      ],
      "positives": [
        0,
        1,
      ],
      "queries": [
        0,
        1,
      ],
      "teachers": [
        undefined,
        {
          "columns": [
            1,
            4,
          ],
          "probabilities": [
            1,
            0,
          ],
        },
      ],
      "weights": [
        [
          1,
          0,
          1,
          0.5,
          0,
        ],
        [
          1,
          1,
          1,
          1,
          0,
        ],
      ],
    }
  `);
});

test("the positive of an epoch depends on neither batch nor order, and all have their turn", () => {
  const positives = [0, 1, 2];
  const set = setOf(...[0, 1, 2, 3].map((query) => example(query, { positives })));
  const drawn = (examples: readonly number[], epoch: number, seed = 42) => {
    const batch = contrastiveBatch(set, { examples, epoch, settings: settingsWith({ seed }) });
    return batch.positives.map((column) => batch.documents[column]!);
  };
  const epochs = Array.from({ length: 200 }, (_, epoch) => epoch);
  for (const epoch of epochs) {
    const together = drawn([0, 1, 2, 3], epoch);
    expect(drawn([3, 0], epoch)).toEqual([together[3], together[0]]);
  }
  const counts = positives.map((positive) => epochs.filter((epoch) => drawn([2], epoch)[0] === positive).length);
  expect(counts).toMatchInlineSnapshot(`
    [
      81,
      62,
      57,
    ]
  `);
  expect(epochs.map((epoch) => drawn([2], epoch, 43))).not.toEqual(epochs.map((epoch) => drawn([2], epoch)));
});
