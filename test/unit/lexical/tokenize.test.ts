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

test("a text of simple letters has the same words on either path", () => {
  const ranges = [
    [0, 0x17f],
    [0x400, 0x45f],
    [0x2000, 0x205e],
    [0x20ac, 0x20ac],
  ] as const;
  const character = fc.oneof(...ranges.map(([min, max]) => fc.integer({ min, max }))).map((unit) => String.fromCharCode(unit));
  fc.assert(
    fc.property(fc.string({ unit: character }), (text) => {
      expect(tokenize(`${text} 東`)).toEqual([...tokenize(text), "東"]);
    }),
    { numRuns: 1000 },
  );
  const each = Array.from({ length: 0x2100 }, (_, unit) => String.fromCharCode(unit));
  expect(each.filter((letter) => tokenize(`a${letter}b`).join(" ") !== tokenize(`a${letter}b 東`).slice(0, -1).join(" "))).toEqual([]);
});
