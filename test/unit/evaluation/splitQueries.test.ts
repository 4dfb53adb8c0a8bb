import fc from "fast-check";
import { expect, test } from "vitest";
import { splitQueries } from "#core/evaluation/splitQueries";
import type { QuerySplit, SplitQuery, SplitSettings } from "#core/evaluation/splitQueries";
import { failureText } from "#core/util/failure";
import { itemAt } from "#core/util/itemAt";

const settings: SplitSettings = { seed: 42, validationShare: 0.15, testShare: 0.25 };
const query = (key: string, positives = 1): SplitQuery => ({ key, positives: new Array<number>(positives).fill(0) });
const many = (count: number): readonly SplitQuery[] => Array.from({ length: count }, (_, i) => query(`text ${String(i)}`));

function split(queries: readonly SplitQuery[], own: Partial<SplitSettings> = {}): QuerySplit {
  const result = splitQueries(queries, { ...settings, ...own });
  if (!result.ok) throw new Error(failureText(result.failure));
  return result.value;
}

/** Which part each text is in. */
function partOf(queries: readonly SplitQuery[], parts: QuerySplit): ReadonlyMap<string, string> {
  const named = (["train", "validation", "test"] as const).flatMap((part) =>
    parts[part].map((i) => [itemAt(queries, i).key, part] as const),
  );
  return new Map(named);
}

test("shares are kept to the query", () => {
  const parts = split(many(200));
  expect([parts.train.length, parts.validation.length, parts.test.length]).toEqual([120, 30, 50]);
  expect(split(many(200), { validationShare: 0, testShare: 0 }).train).toEqual(Array.from({ length: 200 }, (_, i) => i));
});

test("every query with a positive is in one part, those of one text in the same", () => {
  const queries = fc.array(fc.record({ key: fc.nat(20).map(String), positives: fc.array(fc.nat(), { maxLength: 2 }) }), {
    minLength: 0,
    maxLength: 80,
  });
  fc.assert(
    fc.property(queries, fc.nat(), (list, seed) => {
      const result = splitQueries(list, { ...settings, seed });
      if (!result.ok) return;
      const { train, validation, test: tested } = result.value;
      const placed = [...train, ...validation, ...tested].sort((a, b) => a - b);
      expect(placed).toEqual(list.flatMap(({ positives }, i) => (positives.length > 0 ? [i] : [])));
      const keys = [train, validation, tested].map((part) => new Set(part.map((i) => itemAt(list, i).key)));
      expect(new Set(keys.flatMap((part) => [...part])).size).toBe(keys.reduce((sum, { size }) => sum + size, 0));
    }),
  );
});

test("the order of the file does not matter, the seed does", () => {
  const queries = many(60);
  const reversed = [...queries].reverse();
  expect([...partOf(reversed, split(reversed))].sort()).toEqual([...partOf(queries, split(queries))].sort());
  expect(split(queries, { seed: 43 })).not.toEqual(split(queries));
});

test("a query more elsewhere moves at most one text over each cut", () => {
  const queries = many(100);
  const before = partOf(queries, split(queries));
  for (let extra = 0; extra < 20; extra += 1) {
    const more = [query(`another ${String(extra)}`), ...queries];
    const after = partOf(more, split(more));
    expect([...before].filter(([key, part]) => after.get(key) !== part).length).toBeLessThanOrEqual(2);
  }
});

test("too few queries are told with what to do", () => {
  const said = (count: number, own: Partial<SplitSettings> = {}, without = 0): string => {
    const result = splitQueries([...many(count), ...Array.from({ length: without }, (_, i) => query(`bare ${String(i)}`, 0))], {
      ...settings,
      ...own,
    });
    return result.ok ? "ok" : failureText(result.failure);
  };
  expect([
    said(0, {}, 5),
    said(1, {}, 5),
    said(2),
    said(2, { testShare: 0, validationShare: 0 }),
    said(4),
    said(4, { testShare: 0 }),
    said(4, { testShare: 0.1, validationShare: 0 }),
    said(10, { testShare: 0.9, validationShare: 0.9 }),
    said(10),
  ]).toMatchInlineSnapshot(`
    [
      "No query has a positive, so there is nothing to learn from. Add positives first.",
      "Only one query has a positive, and training needs at least 2. Add queries with positives.",
      "training.validation_share is 0.15, but of 2 queries with positives that leaves 0 for validation, and at least 2 are needed. Set training.validation_share to 0 to train to the end without early stopping, raise it, or add queries.",
      "ok",
      "training.validation_share is 0.15, but of 4 queries with positives that leaves 1 for validation, and at least 2 are needed. Set training.validation_share to 0 to train to the end without early stopping, raise it, or add queries.",
      "training.validation_share is 0.15, but of 4 queries with positives that leaves 1 for validation, and at least 2 are needed. Set training.validation_share to 0 to train to the end without early stopping, raise it, or add queries.",
      "training.test_share is 0.1, but of 4 queries with positives that is less than half a query, so none is left to test on. Set training.test_share to 0 to train without a comparison, raise it, or add queries.",
      "Of 10 queries with positives, training.validation_share 0.9 and training.test_share 0.9 leave 0 to train on, and at least 2 are needed. Lower one of the shares, or add queries.",
      "ok",
    ]
  `);
});
