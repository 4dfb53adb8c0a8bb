import fc from "fast-check";
import { expect, test } from "vitest";
import { minimalEdit } from "../../../extension/minimalEdit";

test.each([
  { before: '{"a": 1}', after: '{"a": 12}', edit: { start: 7, end: 7, text: "2" } },
  { before: "same", after: "same", edit: { start: 4, end: 4, text: "" } },
  { before: "", after: "new", edit: { start: 0, end: 0, text: "new" } },
  { before: "aa", after: "aaa", edit: { start: 2, end: 2, text: "a" } },
  { before: "margin: 0.05", after: "margin: 0.08", edit: { start: 11, end: 12, text: "8" } },
])("$before to $after changes what differs only", ({ before, after, edit }) => {
  expect(minimalEdit(before, after)).toEqual(edit);
});

test("applying the edit gives the new text", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      const { start, end, text } = minimalEdit(before, after);
      expect(before.slice(0, start) + text + before.slice(end)).toBe(after);
    }),
  );
});
