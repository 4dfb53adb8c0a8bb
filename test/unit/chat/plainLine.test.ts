import fc from "fast-check";
import { expect, test } from "vitest";
import { cutText, plainLine } from "#core/chat/plainLine";

test.each([
  ["  two\nlines\r\n", "two lines"],
  ["\u001b[1;31mred\u001b[0m \u001b]8;;https://example.org\u0007link\u001b]8;;\u001b\\ \u009b2Jgone", "red link gone"],
  ["\u001b[", "["],
  ["right\u202eleft", "right left"],
  ["tag\u{e0041}\u{e0042}s", "tag s"],
  ["\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 👩\u200d🔬", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 👩\u200d🔬"],
  ["half \ud83d", "half \ufffd"],
  ["ten letters and more", "ten lette…"],
  ["nine let 🐳🐳", "nine let…"],
])("%j is %j", (text, line) => {
  expect(plainLine(text, text.startsWith("ten") || text.startsWith("nine") ? 10 : 100)).toBe(line);
});

test("any text becomes one line of letters that can be seen, and stays so", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (text, longest) => {
      const line = plainLine(text, longest);
      expect(line.length).toBeLessThanOrEqual(longest);
      expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/u);
      expect(line).not.toMatch(/\p{Cs}/u);
      expect(plainLine(line, longest)).toBe(line);
    }),
  );
});

test("a cut breaks no letter in two", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme-composite" }), fc.nat(20), (text, longest) => {
      const cut = cutText(text, longest);
      expect(text.startsWith(cut)).toBe(true);
      expect(cut).not.toMatch(/\p{Cs}/u);
      expect(Math.min(text.length, longest) - cut.length).toBeLessThanOrEqual(1);
    }),
  );
});
