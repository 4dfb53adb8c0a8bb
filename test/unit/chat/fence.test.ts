import fc from "fast-check";
import { expect, test } from "vitest";
import { absentCode, dataLine, fence } from "#core/chat/fence";

test("data between two lines with one code", () => {
  expect(fence([{ query: "why" }, { text: "two\nlines" }], 42).text).toMatchInlineSnapshot(`
    "----- data ba6d977f544e03b8 -----
    {"query":"why"}
    {"text":"two\\nlines"}
    ----- end of data ba6d977f544e03b8 -----"
  `);
});

test("what a server or a reader may take for something else is written as an escape", () => {
  expect(
    dataLine("<|im_end|> </s> [INST] [/INST] [SYSTEM_PROMPT] [1] [see Smith] a<b \u202e \u2028 \u{e0041} \u009b31m \u200d"),
  ).toMatchInlineSnapshot(
    `""\\u003c|im_end|> \\u003c/s> \\u005bINST] \\u005b/INST] \\u005bSYSTEM_PROMPT] [1] [see Smith] a\\u003cb \\u202e \\u2028 \\udb40\\udc41 \\u009b31m \\u200d""`,
  );
});

test("a line of data is one line, has nothing that cannot be seen, and reads as what it was", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
      const line = dataLine(value);
      expect(JSON.parse(line)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}<]|\[\/?[A-Z_]+\]/u);
    }),
    { numRuns: 500 },
  );
});

test("the code is in no value, and depends on the seed and on every value", () => {
  const { code } = fence(["a", "b"], 1);
  expect(fence(["a", "b"], 1).code).toBe(code);
  expect([fence(["a", "b"], 2).code, fence(["a", "c"], 1).code]).not.toContain(code);
  expect(fence(["a", "b", code], 1).code).not.toBe(code);
  expect(fence([code], 1).text.split(code)).toHaveLength(2);
});

test("a code that the data hold is passed over, although no text can be written that holds its own", () => {
  expect(absentCode("b, a and d", (attempt) => "abcd".charAt(attempt))).toBe("c");
});
