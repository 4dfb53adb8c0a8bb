import fc from "fast-check";
import { expect, test } from "vitest";
import { TextSlots } from "#core/collection/textSlots";
import { SlotDocuments } from "#core/mining/slotDocuments";
import type { Pool } from "#core/mining/pool";
import { poolOf, toPool } from "#core/mining/toPool";
import type { RetrievalPlan } from "#core/mining/retrievalPlan";
import type { Retrieved } from "#core/ports";
import { withCorpus } from "../../support/smallCollection";

const collection = withCorpus(
  [{ query: "q", pos: ["p"] }],
  [
    ["d0", "x"],
    ["d1", "y"],
    ["d2", "x"],
    ["d3", ""],
    ["d4", "z"],
    ["d5", "p"],
  ],
);

function slotsAfter(history: readonly (readonly string[])[]): SlotDocuments {
  const slots = new TextSlots();
  for (const texts of [...history, collection.documents.map((document) => document.text)]) {
    slots.assign(texts);
  }
  return new SlotDocuments(collection, (text) => slots.slotOf(text));
}

function retrieved(slots: SlotDocuments, scores: readonly (readonly [document: number, score: number])[]): Retrieved {
  const nan = (length: number): Float32Array => new Float32Array(length).fill(Number.NaN);
  return {
    documents: Int32Array.from(scores, ([document]) => slots.slotOf(document)),
    scores: Float32Array.from(scores, ([, score]) => score),
    positiveSimilarity: Float32Array.from(scores, ([, score]) => score / 2),
    positiveScores: Float32Array.of(0.75),
    extraScores: Float32Array.of(0.25),
    extraPositiveSimilarity: nan(1),
  };
}

const plan: RetrievalPlan = {
  query: 0,
  depth: 10,
  onePerText: false,
  positives: [5],
  extra: [4],
  lists: [
    { kind: "nearest", depth: 10 },
    { kind: "drawn", documents: [4] },
  ],
};

/** Rows with score and similarity to the positive, then the documents of each list. */
function inShort({ documents, scores, positiveSimilarity, nearest, lists }: Pool): readonly string[] {
  const row = (at: number): string => [documents, scores, positiveSimilarity].map((column) => String(column[at])).join(" ");
  return [
    ...[...documents.keys()].map((at) => `${at < nearest ? "near" : "also"}: ${row(at)}`),
    ...lists.map(({ rows, ranked }) => `${ranked ? "ranked" : "drawn"}: ${[...rows].map((at) => documents[at]).join(" ")}`),
  ];
}

test("a slot stands for all its documents, each with a rank; documents without text are not in the list", () => {
  const slotDocuments = slotsAfter([]);
  const pool = toPool({
    plan,
    slotDocuments,
    retrieved: retrieved(slotDocuments, [
      [3, 0.875],
      [0, 0.5],
      [1, 0.25],
    ]),
  });
  expect(inShort(pool)).toMatchInlineSnapshot(`
    [
      "near: 0 0.5 0.25",
      "near: 2 0.5 0.25",
      "near: 1 0.25 0.125",
      "also: 4 0.25 NaN",
      "ranked: 0 2 1",
      "drawn: 4",
    ]
  `);
  expect([pool.positives, pool.positiveScores, slotDocuments.unminableSlots]).toEqual([[5], [0.75], 1]);
});

test("the list ends at the plan's depth, in documents", () => {
  const slotDocuments = slotsAfter([]);
  const pool = toPool({
    plan: { ...plan, depth: 2 },
    slotDocuments,
    retrieved: retrieved(slotDocuments, [
      [1, 0.5],
      [0, 0.25],
    ]),
  });
  expect(inShort(pool)).toMatchInlineSnapshot(`
    [
      "near: 1 0.5 0.25",
      "near: 0 0.25 0.125",
      "also: 4 0.25 NaN",
      "ranked: 1 0",
      "drawn: 4",
    ]
  `);
});

test("the pool does not depend on how earlier edits gave out the slots, ties included", () => {
  const texts = fc.array(fc.constantFrom("x", "y", "z", "p", "", "old", "older"));
  const scores = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.constantFrom(0.25, 0.5)), { maxLength: 6 }).map((found) => {
    const byText = new Map(found.map(([document, score]) => [collection.documents[document]?.text, [document, score] as const]));
    return [...byText.values()];
  });
  const bySlot = (slots: SlotDocuments, found: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] =>
    [...found].sort((a, b) => b[1] - a[1] || slots.slotOf(a[0]) - slots.slotOf(b[0]));
  fc.assert(
    fc.property(fc.array(texts, { maxLength: 4 }), scores, (history, found) => {
      const [fresh, used] = [slotsAfter([]), slotsAfter(history)];
      expect(toPool({ plan, slotDocuments: used, retrieved: retrieved(used, bySlot(used, found)) })).toEqual(
        toPool({ plan, slotDocuments: fresh, retrieved: retrieved(fresh, bySlot(fresh, found)) }),
      );
    }),
  );
});

test("members of a group stand nearest first, equal ones in the order of the collection, however they were found", () => {
  const nothing = { documents: new Int32Array(0), scores: new Float64Array(0), positiveSimilarity: new Float64Array(0) };
  const group = { ...plan, extra: [4, 0, 1, 2], lists: [{ kind: "group" as const, documents: [0, 1, 2, 4] }] };
  const pool = poolOf({
    plan: group,
    nearest: nothing,
    positiveScores: [],
    extraScores: Float32Array.of(0.5, 0.5, 0.75, 0.5),
    extraPositiveSimilarity: new Float32Array(4),
  });
  expect(inShort(pool).at(-1)).toBe("ranked: 1 0 2 4");
});

test("a list may be longer than a function call has arguments", () => {
  const length = 300_000;
  const pool = poolOf({
    plan: { ...plan, extra: [], lists: [{ kind: "nearest", depth: length }] },
    nearest: {
      documents: Int32Array.from({ length }, (_, document) => document),
      scores: new Float64Array(length),
      positiveSimilarity: new Float64Array(length),
    },
    positiveScores: [],
    extraScores: new Float32Array(0),
    extraPositiveSimilarity: new Float32Array(0),
  });
  expect([pool.documents.length, pool.lists[0]?.rows.length]).toEqual([length, length]);
});
