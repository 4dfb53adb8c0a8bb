import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nodeAt, type JsonArrayNode, type JsonObjectNode } from "#core/jsonl/jsonNode";
import { scanJson } from "#core/jsonl/jsonScanner";
import { applyEdits, encodeString, insertKey, removeElements, replaceValue } from "#core/jsonl/spanEdit";

const LINE = '{"query": "q",  "neg": [ "a" , "b","c" ], "n": 1.0, "e": []}';

function arrayOf(line: string, name: string): JsonArrayNode {
  const node = nodeAt(scanJson(line).root, [name]);
  if (node?.kind !== "array") throw new Error(`no array ${name}`);
  return node;
}

function objectOf(line: string): JsonObjectNode {
  const { root } = scanJson(line);
  if (root?.kind !== "object") throw new Error("no object");
  return root;
}

describe("edits of one line", () => {
  test("leave everything else as it is", () => {
    const neg = arrayOf(LINE, "neg");
    const changes = {
      "remove 0": removeElements(neg, [0]),
      "remove 1": removeElements(neg, [1]),
      "remove 2": removeElements(neg, [2]),
      "remove 0, 1": removeElements(neg, [0, 1]),
      "remove 1, 2": removeElements(neg, [1, 2]),
      "remove 0, 2": removeElements(neg, [0, 2]),
      "remove all": removeElements(neg, [0, 1, 2]),
      "insert a key": insertKey(LINE, objectOf(LINE), "é", "[1]"),
      "replace a value": [replaceValue(neg.elements[1] ?? neg, "null")],
    };
    expect(Object.fromEntries(Object.entries(changes).map(([name, edits]) => [name, applyEdits(LINE, edits)]))).toMatchInlineSnapshot(`
      {
        "insert a key": "{"query": "q",  "neg": [ "a" , "b","c" ], "n": 1.0, "e": [],  "é": [1]}",
        "remove 0": "{"query": "q",  "neg": [ "b","c" ], "n": 1.0, "e": []}",
        "remove 0, 1": "{"query": "q",  "neg": [ "c" ], "n": 1.0, "e": []}",
        "remove 0, 2": "{"query": "q",  "neg": [ "b" ], "n": 1.0, "e": []}",
        "remove 1": "{"query": "q",  "neg": [ "a","c" ], "n": 1.0, "e": []}",
        "remove 1, 2": "{"query": "q",  "neg": [ "a" ], "n": 1.0, "e": []}",
        "remove 2": "{"query": "q",  "neg": [ "a" , "b" ], "n": 1.0, "e": []}",
        "remove all": "{"query": "q",  "neg": [  ], "n": 1.0, "e": []}",
        "replace a value": "{"query": "q",  "neg": [ "a" , null,"c" ], "n": 1.0, "e": []}",
      }
    `);
  });

  test("removing any elements leaves JSON with the others", () => {
    const array = fc.array(fc.tuple(fc.constantFrom('"a"', "1", "[]", '"b,"'), fc.constantFrom("", " ")), { maxLength: 6 });
    fc.assert(
      fc.property(array, fc.array(fc.nat(6)), (parts, positions) => {
        const line = `{"x":[${parts.map(([json, space]) => space + json + space).join(",")}]}`;
        const left = applyEdits(line, removeElements(arrayOf(line, "x"), positions));
        const expected = parts.filter((_, position) => !positions.includes(position)).map(([json]) => JSON.parse(json) as unknown);
        expect(JSON.parse(left)).toStrictEqual({ x: expected });
      }),
      { seed: 7 },
    );
  });

  test("overlapping edits are a mistake of the caller", () => {
    expect(() =>
      applyEdits("abc", [
        { start: 0, end: 2, text: "" },
        { start: 1, end: 3, text: "" },
      ]),
    ).toThrow(RangeError);
  });
});

describe("encodeString", () => {
  test("follows the line in how it writes characters beyond ASCII", () => {
    const text = 'é "\u2028 \ud83d\ude00 \ud800';
    const lines = { ascii: '{"a": "b"}', "escapes them": '{"a": "\\u00e9"}', "writes them": '{"a": "é \\u00e9"}' };
    expect(Object.fromEntries(Object.entries(lines).map(([name, line]) => [name, encodeString(text, line)]))).toMatchInlineSnapshot(`
      {
        "ascii": ""é \\"\\u2028 😀 \\ud800"",
        "escapes them": ""\\u00e9 \\"\\u2028 \\ud83d\\ude00 \\ud800"",
        "writes them": ""é \\"\\u2028 😀 \\ud800"",
      }
    `);
    for (const line of Object.values(lines)) expect(JSON.parse(encodeString(text, line))).toBe(text);
  });
});
