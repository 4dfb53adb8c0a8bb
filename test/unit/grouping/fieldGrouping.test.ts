import fc from "fast-check";
import { expect, test } from "vitest";
import type { Collection } from "#core/collection/collection";
import { fieldOf } from "#core/collection/fieldOf";
import type { FieldValue } from "#core/formats/passageFields";
import { articleGrouping, fieldTopics } from "#core/grouping/fieldGrouping";
import type { Grouping } from "#core/grouping/grouping";
import { compareNaturally, compareValues } from "#core/grouping/naturalOrder";
import { itemAt } from "#core/util/itemAt";
import { type PassageSpec, withCorpus } from "../../support/smallCollection";

const settings = { field: "id", separator: "#", order_field: null, adjacent: 1 } as const;

/** Each group on a line: name, then its members with their places. */
function inShort({ members, names, places }: Grouping, { documents }: Collection): readonly string[] {
  return names.map((name, group) => {
    const list = [...itemAt(members, group)].map(
      (document) => `${itemAt(documents, document).id}${places === undefined ? "" : `@${String(places[document])}`}`,
    );
    return `${name}: ${list.join(" ")}`;
  });
}

test("an id belongs to the article before its last separator", () => {
  const collection = withCorpus(
    [],
    [
      ["Turing#2", "b"],
      ["C#", "s"],
      ["Turing#10", "c"],
      ["a#b#1", "x"],
      ["#4", "no article"],
      ["alone", "y"],
      ["Turing#1", "a"],
    ],
  );
  const grouping = articleGrouping(collection, settings);
  expect(inShort(grouping, collection)).toMatchInlineSnapshot(`
    [
      "Turing: Turing#2 Turing#10 Turing#1",
      "C: C#",
      "a#b: a#b#1",
      "alone: alone",
    ]
  `);
  expect([...grouping.groupOf]).toEqual([0, 1, 0, 2, -1, 3, 0]);
  expect(inShort(articleGrouping(collection, { ...settings, order_field: "id" }), collection)[0]).toBe(
    "Turing: Turing#1@0 Turing#2@1 Turing#10@2",
  );
});

test("equal values of the order field share a place; documents without one come last and have none; those without text are no members", () => {
  const collection = withCorpus(
    [],
    [
      ["a", "1", { article: "A", position: 10 }],
      ["b", "2", { article: "A", position: 9 }],
      ["c", "3", { article: "A" }],
      ["d", "4", { article: "A", position: 9 }],
      ["e", " ", { article: "A", position: 1 }],
      ["f", "5", { article: "A", position: "9" }],
      ["g", "6", { position: 9 }],
    ],
  );
  const grouping = articleGrouping(collection, { field: "article", separator: null, order_field: "position", adjacent: 1 });
  expect(inShort(grouping, collection)).toEqual(["A: b@1 d@1 a@2 f@3 c@-1"]);
  expect([...(grouping.places ?? [])]).toEqual([2, 1, -1, 1, 0, 3, -1]);
});

test("without a field there are no articles", () => {
  const grouping = articleGrouping(withCorpus([], [["a", "1"]]), { ...settings, field: null });
  expect(grouping).toEqual({ groupOf: new Int32Array([-1]), members: [], names: [] });
});

test("a class column's values are topics", () => {
  const collection = withCorpus(
    [],
    [
      ["a", "1", { class: 3 }],
      ["b", "2", { class: "sofa" }],
      ["c", "3", { class: "3" }],
      ["d", "4", { class: "" }],
      ["e", "5"],
    ],
  );
  expect(inShort(fieldTopics(collection, "class"), collection)).toEqual(["3: a c", "sofa: b"]);
});

test("articles agree with looking at every pair of documents", () => {
  const key = fc.constantFrom("A", "B", "A/1", "A/2", "B/1/2", "/x", "");
  const position = fc.option(fc.oneof(fc.integer({ min: -3, max: 12 }), fc.constantFrom("p1", "p2", "p10", "p02")), { nil: undefined });
  const spec = fc.record({ text: fc.constantFrom("x", "y", ""), key, position });
  fc.assert(
    fc.property(fc.array(spec, { maxLength: 12 }), fc.constantFrom("/", null), (specs, separator) => {
      const corpus = specs.map(({ text, key: path, position: at }, index): PassageSpec => [
        `d${String(index)}`,
        text,
        at === undefined ? { path } : { path, at },
      ]);
      const collection = withCorpus([], corpus);
      const { documents } = collection;
      const { groupOf, members, names, places } = articleGrouping(collection, { field: "path", separator, order_field: "at", adjacent: 1 });
      const keys = specs.map(({ key: path }) =>
        separator === null || !path.includes("/") ? path : path.split("/").slice(0, -1).join("/"),
      );
      const values = documents.map((document) => fieldOf(document, "at"));
      expect([...groupOf].map((group) => (group === -1 ? "" : names[group]))).toEqual(keys);
      for (const [index, value] of values.entries()) {
        const below = values.filter(
          (other, at): other is FieldValue => keys[at] === keys[index] && other !== undefined && isBelow(other, value),
        );
        expect(places?.[index]).toBe(
          keys[index] === "" || value === undefined ? -1 : new Set(below.map((one) => JSON.stringify(one))).size,
        );
      }
      for (const [group, list] of members.entries()) {
        const mine = documents.flatMap(({ minable }, index) => (minable && groupOf[index] === group ? [index] : []));
        const placeOf = (index: number): number => (places?.[index] === -1 ? Infinity : (places?.[index] ?? Infinity));
        expect([...list]).toEqual([...mine].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : placeOf(a) > placeOf(b) ? 1 : a - b)));
      }
    }),
  );
});

function isBelow(one: FieldValue, other: FieldValue | undefined): boolean {
  return other !== undefined && compareValues(one, other) < 0;
}

test("texts compare by numbers in them, as people number passages", () => {
  const sorted = ["a10", "a9", "a", "b1", "a09", "a9b", "10", "9", "é", "z"].sort(compareNaturally);
  expect(sorted).toEqual(["9", "10", "a", "a9", "a09", "a9b", "a10", "b1", "z", "é"]);
});

test("the order of values is total", () => {
  const value = fc.oneof(fc.string({ unit: fc.constantFrom("0", "1", "9", "a", "#"), maxLength: 5 }), fc.integer(), fc.boolean());
  fc.assert(
    fc.property(value, value, value, (a, b, c) => {
      expect(Math.sign(compareValues(a, b))).toBe(0 - Math.sign(compareValues(b, a)));
      expect(compareValues(a, b) === 0).toBe(String(a) === String(b) && (typeof a === "number") === (typeof b === "number"));
      const sorted = [a, b, c].sort(compareValues);
      expect(compareValues(itemAt(sorted, 0), itemAt(sorted, 2))).toBeLessThanOrEqual(0);
    }),
    { numRuns: 500 },
  );
});
