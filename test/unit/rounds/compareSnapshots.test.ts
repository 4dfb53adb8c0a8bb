import { expect, test } from "vitest";
import { compareQuery, compareSnapshots } from "#core/rounds/compareSnapshots";
import type { EmittedNegative, GoneNegative, PassedOver, RoundQuery, RoundSnapshot } from "#core/rounds/roundSnapshot";

function at(key: string, rank: number | undefined): { readonly key: string; readonly rank?: number; readonly score: number } {
  return rank === undefined ? { key, score: 0.5 } : { key, rank, score: -rank };
}

const emitted = (key: string, rank?: number): EmittedNegative => ({ ...at(key, rank), source: "top" });
const other = (key: string, rank: number, rule: string): PassedOver => ({ ...at(key, rank), rule });
const gone = (key: string, reason: string, rank?: number): GoneNegative => ({ ...at(key, rank), rule: "marked", reason });

function query(id: string, parts: Partial<RoundQuery>): RoundQuery {
  return { key: `key of ${id}`, id, emitted: [], gone: [], others: [], ...parts };
}

const from: RoundSnapshot = {
  round: 1,
  queries: [
    query("same", { emitted: [emitted("a", 1)] }),
    query("few", { emitted: [emitted("a", 1)] }),
    query("many", {
      emitted: [
        emitted("kept", 3),
        emitted("as before", 4),
        emitted("marked", 5),
        emitted("passed over", 6),
        emitted("lost", 7),
        emitted("drawn"),
      ],
      gone: [gone("back", "marked false negative by Ada", 2)],
      others: [other("near", 31, "range_max")],
    }),
    query("left", { emitted: [emitted("a", 1)] }),
  ],
};
const to: RoundSnapshot = {
  round: 2,
  queries: [
    query("same", { emitted: [emitted("a", 2)] }),
    query("few", { emitted: [emitted("b", 1)] }),
    query("many", {
      emitted: [emitted("kept", 2), emitted("as before", 4), emitted("near", 7), emitted("back", 8), emitted("far", 9), emitted("drawn")],
      gone: [gone("marked", "marked false negative by Ada", 1)],
      others: [other("passed over", 10, "not_sampled")],
    }),
    query("new", { emitted: [emitted("b", 1)] }),
  ],
};

test("queries that changed come with the most changes first, then in the order of the data", () => {
  expect(compareSnapshots(from, to).map(({ id, added, dropped }) => [id, added, dropped])).toEqual([
    ["many", 3, 3],
    ["few", 1, 1],
    ["new", 1, 0],
    ["left", 0, 1],
  ]);
  expect(compareSnapshots(from, from)).toEqual([]);
});

test("what became of the negatives of one query, and why", () => {
  const changes = compareQuery(from, to, { key: "key of many", id: "many" }) ?? [];
  expect(changes.map(({ key, change, rankFrom, rankTo, reason }) => `${change} ${key} (${String(rankFrom)}, ${String(rankTo)}): ${reason}`))
    .toMatchInlineSnapshot(`
      [
        "kept kept (3, 2): emitted in both rounds",
        "kept as before (4, 4): emitted in both rounds",
        "added near (31, 7): before: dropped by range_max",
        "added back (2, 8): before: marked false negative by Ada",
        "added far (undefined, 9): was not among the nearest candidates before",
        "kept drawn (undefined, undefined): emitted in both rounds",
        "dropped marked (5, 1): marked false negative by Ada",
        "dropped passed over (6, 10): passed the rules, but was not chosen",
        "dropped lost (7, undefined): not among the nearest candidates any more",
      ]
    `);
  expect(changes[2]).toEqual({
    key: "near",
    change: "added",
    rankFrom: 31,
    rankTo: 7,
    scoreFrom: -31,
    scoreTo: -7,
    reason: "before: dropped by range_max",
  });
});

test("a query that one of the rounds does not have, and one that neither has", () => {
  expect(compareQuery(from, to, { key: "key of new", id: "new" })).toEqual([
    { key: "b", change: "added", rankTo: 1, scoreTo: -1, reason: "the query is not in round 1" },
  ]);
  expect(compareQuery(from, to, { key: "key of left", id: "left" })).toEqual([
    { key: "a", change: "dropped", rankFrom: 1, scoreFrom: -1, reason: "the query is not in round 2" },
  ]);
  expect(compareQuery(from, to, { key: "key of nobody", id: "nobody" })).toBeUndefined();
});
