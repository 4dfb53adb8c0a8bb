import fc from "fast-check";
import { expect, test } from "vitest";
import { lineDifference } from "#core/jsonl/lineDifference";
import { applyEdits } from "#core/jsonl/spanEdit";

function shown(before: string, after: string): readonly string[] {
  return lineDifference(before, after).map(({ start, end, text }) => `${before.slice(start, end)} -> ${text}`);
}

test("members that changed are edited each for itself, and as little of them as differs", () => {
  const before = '{"query": "q", "pos": ["a"], "neg": ["b", "c", "d"], "id": 7}';
  expect(shown(before, '{"query": "q", "pos": ["a", "c"], "neg": ["b", "d"], "id": 7}')).toMatchInlineSnapshot(`
    [
      " -> , "c"",
      "c", " -> ",
    ]
  `);
  expect(shown(before, before)).toEqual([]);
});

test("members that are gone are edits of their own; with new members, and for lines that are no objects, there is one edit", () => {
  expect(shown('{"pos": ["a"], "pos_scores": [1], "neg": ["b"]}', '{"pos": ["a"], "neg": ["b", "c"]}')).toMatchInlineSnapshot(`
    [
      ", "pos_scores": [1] -> ",
      " -> , "c"",
    ]
  `);
  expect(shown('{"pos": ["a"]}', '{"pos": ["b"], "neg": ["c"]}')).toHaveLength(1);
  expect(shown("[1, 2]", "[1, 3]")).toEqual(["2 -> 3"]);
  expect(shown('\uFEFF{"a": 1}', '\uFEFF{"a": 12}')).toEqual([" -> 2"]);
});

test("the edits give the other line, whatever the lines are", () => {
  const json = fc
    .dictionary(fc.constantFrom("a", "b", "c"), fc.oneof(fc.string(), fc.array(fc.string())))
    .map((value) => JSON.stringify(value));
  const text = fc.oneof(json, json, fc.string());
  fc.assert(
    fc.property(text, text, (before, after) => {
      expect(applyEdits(before, lineDifference(before, after))).toBe(after);
    }),
  );
});
