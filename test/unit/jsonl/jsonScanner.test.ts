import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nodeAt } from "#core/jsonl/jsonNode";
import { scanJson } from "#core/jsonl/jsonScanner";
import { visible } from "../../support/visible";

/** Code, units at fault and message of each problem. */
function problems(text: string): readonly string[] {
  return scanJson(text).problems.map(({ code, start, end, message }) => `${code} [${visible(text.slice(start, end))}] ${message}`);
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** Texts that are nearly JSON: a JSON text with pieces of JSON's alphabet put in or taken out. */
const nearlyJson = fc
  .tuple(
    fc.json(),
    fc.array(
      fc.tuple(
        fc.nat(),
        fc.constantFrom("", ",", "}", "[", '"', "\\", "\\u12", "NaN", "-", "\u2028", "\ud800", "\t", ":", "nul", "1e", " "),
      ),
      { maxLength: 4 },
    ),
  )
  .map(([json, changes]) =>
    changes.reduce((text, [at, piece]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + piece + text.slice(piece === "" ? place + 1 : place);
    }, json),
  );

describe("scanJson", () => {
  test("gives what JSON.parse gives, and reports a text that JSON.parse refuses", () => {
    fc.assert(
      fc.property(fc.oneof(nearlyJson, fc.json({ stringUnit: "binary" }), fc.string({ unit: "binary" })), (text) => {
        const parsed = parse(text);
        const scan = scanJson(text);
        const refused = scan.problems.some(({ code }) => code === "HN001" || code === "HN006");
        expect(refused).toBe(parsed === undefined);
        if (parsed !== undefined) expect(scan.root?.value).toStrictEqual(parsed.value);
      }),
      { numRuns: 500, seed: 7 },
    );
  });

  test("spans cover the text of their values", () => {
    const text = ' {"query": "a\\u00e9", "neg" : [ "x" ,{"t":-1.5e3}], "n": null} ';
    const { root } = scanJson(text);
    const at = (...path: (string | number)[]): string => {
      const node = nodeAt(root, path);
      return node === undefined ? "nothing" : text.slice(node.start, node.end);
    };
    expect([at(), at("query"), at("neg"), at("neg", 0), at("neg", 1, "t"), at("n"), at("neg", 7), at("query", "x")]).toMatchInlineSnapshot(`
      [
        "{"query": "a\\u00e9", "neg" : [ "x" ,{"t":-1.5e3}], "n": null}",
        ""a\\u00e9"",
        "[ "x" ,{"t":-1.5e3}]",
        ""x"",
        "-1.5e3",
        "null",
        "nothing",
        "nothing",
      ]
    `);
  });

  test("problems name the place and what is wrong there", () => {
    const texts = [
      '{"a": [1, 2,],}',
      '{"a": NaN, "b": -Infinity}',
      '{"a": 1, "a": 2}',
      '{"a": "x\\ud83d", "b": "\\ude00"}',
      '{"a": "\\ud83d\\ude00 is fine"}',
      '{"a": "one\u2028two\u0085"}',
      '{"a": "nul \\u0000 zero\u200bwidth"}',
      '{"a": "tab\tinside"}',
      "{a: 1}",
      "{'a': 1}",
      '{"a": None}',
      '{"a": "cut of',
      '{"a": [1, 2',
      '{"a" 1}',
      '{"a": 1} {"b": 2}',
      '{"a": "\\x41 \\u12"}',
      "hello",
      "",
      "[01]",
    ];
    expect(Object.fromEntries(texts.map((text) => [visible(text), problems(text)]))).toMatchInlineSnapshot(`
      {
        "": [
          "HN001 [] The line ends where a value should stand; it may have been cut off.",
        ],
        "[01]": [
          "HN001 [1] Found "1" where a comma or "]" should stand.",
        ],
        "hello": [
          "HN001 [hello] "hello" is not a JSON value; a text needs double quotes.",
        ],
        "{"a" 1}": [
          "HN001 [1] Found "1" where ":" after the key "a" should stand.",
        ],
        "{"a": "\\ud83d\\ude00 is fine"}": [],
        "{"a": "\\x41 \\u12"}": [
          "HN001 [\\x] "\\x" is not an escape that JSON knows.",
          "HN001 [\\u] "\\u" must be followed by four hexadecimal digits.",
        ],
        "{"a": "cut of": [
          "HN001 ["cut of] The line ends inside a string: its closing " is missing.",
        ],
        "{"a": "nul \\u0000 zero\\u200bwidth"}": [
          "HN010 [\\u0000] The string holds U+0000 (null), which is invisible or a control character.",
          "HN010 [\\u200b] The string holds U+200B (zero width space), which is invisible or a control character.",
        ],
        "{"a": "one\\u2028two\\u0085"}": [
          "HN005 [\\u2028] The string holds a raw U+2028 (line separator); readers that split at every Unicode line end cut the record here.",
          "HN005 [\\u0085] The string holds a raw U+0085 (next line); readers that split at every Unicode line end cut the record here.",
        ],
        "{"a": "tab\\u0009inside"}": [
          "HN001 [\\u0009] The character U+0009 (tab) must be escaped inside a string.",
        ],
        "{"a": "x\\ud83d", "b": "\\ude00"}": [
          "HN010 [\\ud83d] The string holds the lone surrogate U+D83D, half of a character; it cannot be written as UTF-8.",
          "HN010 [\\ude00] The string holds the lone surrogate U+DE00, half of a character; it cannot be written as UTF-8.",
        ],
        "{"a": 1, "a": 2}": [
          "HN007 ["a"] The key "a" stands twice in this object; readers keep the last one.",
        ],
        "{"a": 1} {"b": 2}": [
          "HN001 [{"b": 2}] A second value begins on the same line; each record needs a line of its own.",
        ],
        "{"a": NaN, "b": -Infinity}": [
          "HN006 [NaN] NaN is not JSON; Python writes it, other readers refuse the line.",
          "HN006 [-Infinity] -Infinity is not JSON; Python writes it, other readers refuse the line.",
        ],
        "{"a": None}": [
          "HN001 [None] None is Python's spelling; JSON writes null.",
        ],
        "{"a": [1, 2": [
          "HN001 [] The line ends where a comma or "]" should stand; it may have been cut off.",
        ],
        "{"a": [1, 2,],}": [
          "HN001 [,] The comma before "]" is one too many.",
          "HN001 [,] The comma before "}" is one too many.",
        ],
        "{'a': 1}": [
          "HN001 ['] Found "'" where a key in double quotes should stand.",
        ],
        "{a: 1}": [
          "HN001 [a] Found "a" where a key in double quotes should stand.",
        ],
      }
    `);
  });

  test("a part before the trouble keeps its value and place", () => {
    const { root } = scanJson('{"query": "q", "pos": ["a", "b", oops');
    expect(root?.value).toStrictEqual({ query: "q", pos: ["a", "b"] });
  });

  test("a key named __proto__ is a field like any other", () => {
    expect(Object.keys(scanJson('{"__proto__": {"polluted": true}}').root?.value as object)).toStrictEqual(["__proto__"]);
  });

  test("depth and length have no limit", () => {
    const depth = 100_000;
    expect(scanJson("[".repeat(depth) + "]".repeat(depth)).problems).toHaveLength(0);
    expect(scanJson('{"a":'.repeat(depth)).problems).toHaveLength(1);
    const long = "x".repeat(20 * 1024 * 1024);
    expect(scanJson(JSON.stringify({ text: long })).root?.value).toStrictEqual({ text: long });
  });
});
