import fc from "fast-check";
import { expect, test } from "vitest";
import { tokenize } from "#core/lexical/tokenize";

test.each([
  ["Don't panic: HTTP/2 in 2024!", ["don", "t", "panic", "http", "2", "in", "2024"]],
  ["Größe, naïve ﬁles, ＦＵＬＬ width", ["größe", "naïve", "files", "full", "width"]],
  ["हिन्दी भाषा", ["हिन्दी", "भाषा"]],
  ["한국어 형태소, 분석", ["한국어", "형태소", "분석"]],
  ["한국어".normalize("NFD"), ["한국어"]],
  ["اللُّغة العربية؟", ["اللُّغة", "العربية"]],
  ["I ❤️ 👩‍💻 v2", ["i", "v2"]],
  ["", []],
  ["🙂 —", []],
])("%j", (text, words) => {
  expect(tokenize(text)).toEqual(words);
});

test("scripts without blanks are cut into words", () => {
  expect(tokenize("東京都に住む").length).toBeGreaterThan(1);
  expect(tokenize("สวัสดีชาวโลก").length).toBeGreaterThan(1);
  expect(tokenize("GPUで学習").at(0)).toBe("gpu");
});

test("a text of ASCII letters has the same words on either path", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme-ascii" }), (text) => {
      expect(tokenize(`${text} é`)).toEqual([...tokenize(text), "é"]);
    }),
  );
});
