import fc from "fast-check";
import { expect, test } from "vitest";
import { verbatimSpan } from "#core/judging/verbatimSpan";

test.each([
  ["Darwin  wrote\n\tit in 1859.", "wrote it", "wrote\n\tit"],
  ["Darwin wrote it.", "wrote  it", "wrote it"],
  ["co\u00adoperation of\u200b cells", "cooperation of cells", "co\u00adoperation of\u200b cells"],
  ["a whale 🐳  here", "🐳 here", "🐳  here"],
  ["a whale 🐳", "a  whale 🐳", "a whale 🐳"],
  ["one two", "two one", undefined],
  ["one two", "one two three", undefined],
  ["one two", " \u200b ", undefined],
])("in %j, %j is %j", (passage, named, span) => {
  expect(verbatimSpan(passage, named)).toBe(span);
});

test("whatever is given back stands in the passage, and every part of it is found", () => {
  const piece = fc.constantFrom("a", "b", " ", "  ", "\n", "\u200b", "🐳", "\u0301", "\ud83d");
  const text = fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, text, fc.nat(12), fc.nat(12), (passage, named, begin, length) => {
      expect(passage).toContain(verbatimSpan(passage, named) ?? "");
      const part = passage.slice(begin, begin + length);
      if (/[^\s\p{Cf}]/u.test(part)) expect(verbatimSpan(passage, part)).toBe(part.trim());
    }),
  );
});
