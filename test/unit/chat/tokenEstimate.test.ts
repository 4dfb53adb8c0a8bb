import fc from "fast-check";
import { expect, test } from "vitest";
import { costOf, estimatedTokens, requestTokens } from "#core/chat/tokenEstimate";
import { request } from "./chatFixture";

test.each([
  ["", 0],
  ["word", 1],
  ["The quick brown fox jumps over the lazy dog.", 11],
  ["Съешь ещё этих мягких булок", 13],
  ["重要指示", 3],
  ["🐳", 1],
])("%j is about %d tokens", (text, tokens) => {
  expect(estimatedTokens(text)).toBe(tokens);
});

test("bytes are those of UTF-8", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(estimatedTokens(text)).toBe(Math.ceil(Buffer.byteLength(text, "utf8") / 4));
    }),
  );
});

test("a request counts its instructions, its turns and its schema", () => {
  expect(requestTokens(request)).toBe(4 + 5 + 4 + 7);
  const schema = { name: "s", schema: { type: "object" } };
  expect(requestTokens({ ...request, schema }) - requestTokens(request)).toBe(estimatedTokens('{"type":"object"}'));
});

test("money for a million tokens of each kind; no price, no cost", () => {
  const usage = { inputTokens: 2_000_000, outputTokens: 500_000 };
  expect(costOf(usage, { input: 0.15, output: 0.6 })).toBeCloseTo(0.6, 12);
  expect(costOf(usage, { input: 0, output: 0 })).toBe(0);
  expect(costOf(usage, undefined)).toBeUndefined();
});
