import { expect, test } from "vitest";
import type { Document } from "#core/collection/collection";
import { fieldOf } from "#core/collection/fieldOf";
import { meets } from "#core/collection/fieldPredicate";
import type { FieldPredicate } from "#core/config/samplerSchema";

const document: Document = {
  id: "Turing#3",
  text: "text",
  title: "Turing",
  fields: { lang: "en-GB", year: 1999, checked: true, size: "007", id: "other", line: 99 },
  group: 0,
  file: 0,
  line: 12,
  minable: true,
};
const bare: Document = { id: "x", text: "", group: 0, file: 0, line: 1, minable: false };

test("id, title and line are the document's own, whatever its record calls so", () => {
  expect(["id", "title", "line", "lang", "_id", "text", "toString"].map((name) => fieldOf(document, name))).toEqual([
    "Turing#3",
    "Turing",
    12,
    "en-GB",
    "Turing#3",
    undefined,
    undefined,
  ]);
  expect(["title", "lang", "__proto__"].map((name) => fieldOf(bare, name))).toEqual([undefined, undefined, undefined]);
});

test.each<[FieldPredicate, boolean]>([
  [{ field: "lang", equals: "en-GB" }, true],
  [{ field: "lang", equals: "en-gb" }, false],
  [{ field: "lang", prefix: "en" }, true],
  [{ field: "lang", prefix: "" }, true],
  [{ field: "lang", in: ["de", "en-GB"] }, true],
  [{ field: "lang", in: [] }, false],
  [{ field: "year", equals: "1999" }, true],
  [{ field: "year", equals: 1999 }, true],
  [{ field: "year", equals: "1999.0" }, false],
  [{ field: "year", in: ["1998", 1999] }, true],
  [{ field: "year", prefix: "19" }, true],
  [{ field: "size", equals: 7 }, false],
  [{ field: "checked", equals: "true" }, true],
  [{ field: "checked", equals: true }, true],
  [{ field: "checked", equals: 1 }, false],
  [{ field: "line", equals: 12 }, true],
  [{ field: "none", equals: "undefined" }, false],
  [{ field: "none", prefix: "" }, false],
])("%j: %s", (predicate, met) => {
  expect(meets(document, [predicate])).toBe(met);
});

test("all predicates must be met, and none always are", () => {
  expect(meets(bare, [])).toBe(true);
  expect(
    meets(document, [
      { field: "lang", prefix: "en" },
      { field: "year", equals: 1999 },
    ]),
  ).toBe(true);
  expect(
    meets(document, [
      { field: "lang", prefix: "en" },
      { field: "year", equals: 2000 },
    ]),
  ).toBe(false);
});
