import * as fc from "fast-check";
import type { BatchRow } from "#core/batches/batchRow";
import type { BatchSettings } from "#core/batches/planEpoch";

type RowSpec = Partial<BatchRow> & { readonly negatives?: readonly number[] };

/** A row with one positive of its own, unless said otherwise. */
export function row(id: number, { negatives = [], ...spec }: RowSpec = {}): BatchRow {
  const positives = spec.positives ?? [1000 + id];
  return { id: `q${String(id)}`, task: "train.jsonl", positives, documents: [...positives, ...negatives], ...spec };
}

export function rows(count: number, spec: (id: number) => RowSpec = () => ({})): readonly BatchRow[] {
  return Array.from({ length: count }, (_, id) => row(id, spec(id)));
}

export function settings(batch_size: number, batches: Partial<BatchSettings["batches"]> = {}): BatchSettings {
  return {
    batch_size,
    batches: { blended: false, task: "file", multi_dataset_batch_sampler: "proportional", same_topic: false, ...batches },
  };
}

/** Few documents for many rows, so that conflicts are frequent. */
export const anyRows: fc.Arbitrary<readonly BatchRow[]> = fc
  .array(
    fc.record({
      task: fc.constantFrom("a", "b", "c"),
      topic: fc.option(fc.nat(2), { nil: undefined }),
      positives: fc.uniqueArray(fc.nat(40), { minLength: 1, maxLength: 3 }),
      negatives: fc.uniqueArray(fc.nat(60), { maxLength: 4 }),
    }),
    { maxLength: 80 },
  )
  .map((specs) => specs.map(({ topic, ...spec }, id) => row(id, topic === undefined ? spec : { ...spec, topic })));

export const anySettings: fc.Arbitrary<BatchSettings> = fc
  .record({
    size: fc.integer({ min: 2, max: 12 }),
    blended: fc.boolean(),
    same_topic: fc.boolean(),
    multi_dataset_batch_sampler: fc.constantFrom("proportional" as const, "round_robin" as const),
  })
  .map(({ size, ...batches }) => settings(size, batches));

/** Whether a document of one row is a positive of the other. */
export function inConflict(a: BatchRow, b: BatchRow): boolean {
  return a.documents.some((group) => b.positives.includes(group)) || b.documents.some((group) => a.positives.includes(group));
}
