import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { BatchRow } from "#core/batches/batchRow";
import { planEpoch } from "#core/batches/planEpoch";
import { itemAt } from "#core/util/itemAt";
import { anyRows, anySettings, inConflict, row, rows, settings } from "./batchRows";

function tasksOf(all: readonly BatchRow[], plan: readonly (readonly number[])[]): readonly (readonly string[])[] {
  return plan.map((batch) => [...new Set(batch.map((position) => itemAt(all, position).task))]);
}

function pairs(batch: readonly number[]): readonly (readonly [number, number])[] {
  return batch.flatMap((a, i) => batch.slice(i + 1).map((b) => [a, b] as const));
}

test("batches of any rows keep the rules", () => {
  fc.assert(
    fc.property(anyRows, anySettings, fc.nat(5), (all, chosen, epoch) => {
      const plan = planEpoch(all, chosen, 7, epoch);
      const placed = plan.flat();
      expect(new Set(placed).size).toBe(placed.length);
      expect(plan.every((batch) => batch.length > 0 && batch.length <= chosen.batch_size)).toBe(true);
      if (!chosen.batches.blended) expect(tasksOf(all, plan).filter((tasks) => tasks.length !== 1)).toEqual([]);
      expect(plan.flatMap(pairs).filter(([a, b]) => inConflict(itemAt(all, a), itemAt(all, b)))).toEqual([]);
    }),
    { seed: 11, numRuns: 300 },
  );
});

test("nothing is lost, except by round_robin: there every task gives as many batches as the smallest has", () => {
  fc.assert(
    fc.property(anyRows, anySettings, (all, chosen) => {
      const plan = planEpoch(all, chosen, 7, 1);
      if (chosen.batches.multi_dataset_batch_sampler === "proportional" || chosen.batches.blended) {
        expect(plan.flat().length).toBe(all.length);
        return;
      }
      const tasks = [...new Set(all.map(({ task }) => task))];
      const counts = tasks.map((task) => tasksOf(all, plan).filter(([own]) => own === task).length);
      expect(new Set(counts).size).toBeLessThanOrEqual(1);
    }),
    { seed: 12, numRuns: 300 },
  );
});

test("same rows, settings, seed and epoch give the same plan; another seed or epoch gives another", () => {
  const all = rows(40);
  const plan = (seed: number, epoch: number): string => JSON.stringify(planEpoch(all, settings(8), seed, epoch));
  expect(plan(42, 1)).toBe(plan(42, 1));
  expect(new Set([plan(42, 1), plan(42, 2), plan(43, 1)]).size).toBe(3);
});

test("rows without conflicts fill batches up, the last keeps what is left, and no row stays alone", () => {
  const sizes = (count: number): readonly number[] =>
    planEpoch(rows(count), settings(8), 42, 1)
      .map((batch) => batch.length)
      .sort((a, b) => b - a);
  expect([sizes(16), sizes(17), sizes(1), sizes(0)]).toEqual([[8, 8], [8, 7, 2], [1], []]);
});

test("small batches are filled up from larger ones, to a quarter of a full batch or the mean", () => {
  const sizes = (size: number): readonly number[] =>
    planEpoch(
      rows(32, (id) => (id < 8 ? { positives: [7] } : {})),
      settings(size),
      42,
      1,
    )
      .map((batch) => batch.length)
      .sort((a, b) => b - a);
  expect([sizes(16), sizes(8)]).toEqual([
    [4, 4, 4, 4, 4, 4, 4, 4],
    [7, 7, 7, 3, 2, 2, 2, 2],
  ]);
});

test("a row stays alone where it may meet no other", () => {
  const all = rows(9, (id) => (id === 4 ? { negatives: rows(9).flatMap(({ positives }) => positives) } : {}));
  const sizes = planEpoch(all, settings(4), 42, 1).map((batch) => batch.length);
  expect([...sizes].sort()).toEqual([1, 4, 4]);
});

test("rows of one positive never meet, and the others fill their batches up", () => {
  const all = rows(12, (id) => (id < 4 ? { positives: [7] } : {}));
  const plan = planEpoch(all, settings(4), 42, 1);
  expect(plan.map((batch) => batch.filter((position) => position < 4).length).sort()).toEqual([1, 1, 1, 1]);
});

test.each([
  ["a positive of both", row(0, { positives: [1, 2] }), row(1, { positives: [2, 3] }), 2],
  ["the own negative of one that is a positive of the other", row(0, { negatives: [5] }), row(1, { positives: [5] }), 2],
  ["a negative of both", row(0, { negatives: [5] }), row(1, { negatives: [5] }), 1],
  [
    "a positive that is known but does not come into the batch",
    row(0, { positives: [5, 6], documents: [5] }),
    row(1, { positives: [6] }),
    2,
  ],
])("%s", (_, first, second, batches) => {
  expect(planEpoch([first, second], settings(8), 42, 1)).toHaveLength(batches);
});

test("round_robin takes the tasks in turn until the smallest is used up; proportional takes every batch", () => {
  const all = rows(30, (id) => ({ task: id < 20 ? "large" : id < 26 ? "small" : "tiny" }));
  const order = (multi_dataset_batch_sampler: "proportional" | "round_robin"): readonly string[] =>
    tasksOf(all, planEpoch(all, settings(2, { multi_dataset_batch_sampler }), 42, 1)).map(([task]) => task ?? "");
  expect(order("round_robin")).toEqual(["large", "small", "tiny", "large", "small", "tiny"]);
  const drawn = order("proportional");
  expect(["large", "small", "tiny"].map((task) => drawn.filter((own) => own === task).length)).toEqual([10, 3, 2]);
  // Drawn in proportion: the small tasks do not wait for the end, nor stand at the start.
  expect(drawn).not.toEqual([...drawn].sort());
});

test("same_topic: as many full batches as there are rows for are of one topic, the rest is mixed within the task", () => {
  const all = rows(23, (id) => ({ task: id < 14 ? "a" : "b", ...(id % 2 === 0 ? { topic: 1 } : id === 21 ? {} : { topic: 2 }) }));
  const plan = planEpoch(all, settings(3, { same_topic: true }), 42, 1);
  const told = plan.map((batch) => {
    const topics = [...new Set(batch.map((position) => String(itemAt(all, position).topic)))].sort().join("+");
    return `${tasksOf(all, [batch]).join()}: ${String(batch.length)} of ${topics}`;
  });
  expect([...told].sort()).toMatchInlineSnapshot(`
    [
      "a: 2 of 1+2",
      "a: 3 of 1",
      "a: 3 of 1",
      "a: 3 of 2",
      "a: 3 of 2",
      "b: 3 of 1",
      "b: 3 of 1+undefined",
      "b: 3 of 2",
    ]
  `);
});

test("blended batches mix tasks", () => {
  const all = rows(16, (id) => ({ task: String(id % 4) }));
  expect(tasksOf(all, planEpoch(all, settings(8, { blended: true }), 42, 1)).map((tasks) => tasks.length > 1)).toEqual([true, true]);
});

test("thousands of rows that share a positive are placed without asking every batch for each", () => {
  const shared = 20_000;
  const all = rows(2 * shared, (id) => (id < shared ? { positives: [1, 10_000 + id], negatives: [2] } : { negatives: [2, 3] }));
  const plan = planEpoch(all, settings(64), 42, 1);
  expect([plan.length, plan.flat().length]).toEqual([shared, 2 * shared]);
  expect(plan.filter((batch) => batch.length === 1)).toEqual([]);
  // Where none may meet, each is alone.
  const strangers = rows(shared, () => ({ positives: [1] }));
  expect(planEpoch(strangers, settings(64), 42, 1)).toHaveLength(shared);
});
