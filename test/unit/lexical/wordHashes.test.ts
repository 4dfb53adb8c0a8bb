import fc from "fast-check";
import { expect, test } from "vitest";
import { tokenize } from "#core/lexical/tokenize";
import { wordHashes } from "#core/lexical/wordHashes";

/** The hash of a text that is one word. */
function hashOf(word: string): number {
  const [hash, ...others] = wordHashes(word);
  expect(others).toEqual([]);
  return hash ?? -1;
}

test("FNV-1a of the published test vectors", () => {
  expect(["a", "b", "foobar"].map(hashOf)).toEqual([0xe40c292c, 0xe70c2de5, 0xbf9cf968]);
});

test("every text has the hashes of its words in order", () => {
  const mixed = fc
    .array(
      fc.oneof(
        fc.string({ unit: "grapheme-ascii" }),
        fc.string({ unit: "binary" }),
        fc.constantFrom(
          " ",
          "\n",
          "don't",
          "GRÖSSE",
          "ΟΔΟΣ",
          "ﬁle",
          "e\u0301",
          "\u0338",
          "\u00b4",
          "=",
          "İ",
          "東京都",
          "हिन्दी",
          "\u200d",
          "\ud800",
        ),
      ),
    )
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(mixed, (text) => {
      const expected = tokenize(text).map((word) => unitsOf(word).reduce(fnv1a, 0x811c9dc5) >>> 0);
      expect([...wordHashes(text)]).toEqual(expected);
    }),
    { numRuns: 1000 },
  );
});

function unitsOf(text: string): readonly number[] {
  return Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
}

function fnv1a(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x01000193);
}
