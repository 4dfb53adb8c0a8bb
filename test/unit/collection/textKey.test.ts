import fc from "fast-check";
import { expect, test } from "vitest";
import { normaliseText, textKey } from "#core/collection/textKey";
import { sha256 } from "../../support/sha256";

test.each([
  ["  a \t b\r\nc ", "a b c"],
  ["a\u00a0b\u3000c", "a b c"],
  ["e\u0301", "\u00e9"],
  ["US us", "US us"],
  ["\u2003", ""],
])("%j is compared as %j", (text, normalised) => {
  expect(normaliseText(text)).toBe(normalised);
});

test("normalising twice changes nothing more", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => normaliseText(normaliseText(text)) === normaliseText(text)));
});

test("white space never matters", () => {
  const word = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => !/\s/u.test(text));
  const space = fc.constantFrom(" ", "\t", "\n", " \u00a0 ", "\r\n");
  fc.assert(
    fc.property(fc.array(word, { minLength: 1 }), fc.array(space, { minLength: 1 }), (words, spaces) => {
      const loose = words.map((part, index) => part + (spaces[index % spaces.length] ?? " ")).join("");
      expect(textKey(loose, sha256)).toBe(textKey(words.join(" "), sha256));
    }),
  );
});

test("the key of a text is for good", () => {
  expect(textKey("What is a  near miss?", sha256)).toMatchInlineSnapshot(`"645ce18e3dec8a89f43f774001d0f06e"`);
});
