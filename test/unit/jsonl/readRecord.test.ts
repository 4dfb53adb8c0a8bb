import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { flagEmbedding } from "#core/formats/flagEmbedding";
import { isBlank, locate, LONG_LINE, parseLine, readRow } from "#core/jsonl/readRecord";
import { scanJson } from "#core/jsonl/jsonScanner";
import { visible } from "../../support/visible";

/** What a row says, with each problem as its code and its place. */
function summary(line: string): string {
  const { kind, record, problems } = readRow(line, flagEmbedding);
  const shown = problems.map(
    (problem) =>
      `${problem.code} at ${"path" in problem ? JSON.stringify(problem.path) : `${String(problem.start)}..${String(problem.end)}`}`,
  );
  return [
    kind,
    record === undefined ? "no record" : `${String(record.positives.length)}+${String(record.negatives.length)}`,
    ...shown,
  ].join("; ");
}

describe("readRow", () => {
  test("kinds of lines", () => {
    const lines = [
      '{"query": "q", "pos": ["p"], "neg": ["n"]}',
      '{"query": "q", "pos": ["p"], "neg": ["n"]}\r',
      "",
      " \t\r",
      "[1]",
      "null",
      '\uFEFF{"query": "q", "pos": ["p"], "neg": ["n"]}',
      '{"query": "q", "pos": ["p"], "neg": ["n"], "neg_scores": [NaN]}',
      '{"query": "q", "pos": ["p"], "neg": ["n"],}',
      '{"query": "q", "pos": ["p"], "neg": ["n"], "neg": []}',
      '{"query": "q", "pos": ["\\ud800"], "neg": ["a\u2028b"]}',
      '{"query": "q", "pos": "p", "neg": ["n", 7, ""]}',
    ];
    expect(Object.fromEntries(lines.map((line) => [visible(line), summary(line)]))).toMatchInlineSnapshot(`
      {
        "": "blank; no record",
        " \\u0009\\u000d": "blank; no record",
        "[1]": "other; no record; HN002 at []",
        "\\ufeff{"query": "q", "pos": ["p"], "neg": ["n"]}": "object; 1+1; HN004 at 0..1",
        "null": "other; no record; HN002 at []",
        "{"query": "q", "pos": "p", "neg": ["n", 7, ""]}": "object; 1+1; HN102 at ["pos"]; HN102 at ["neg",1]; HN401 at ["neg",2]",
        "{"query": "q", "pos": ["\\ud800"], "neg": ["a\\u2028b"]}": "object; 1+1; HN010 at 24..30; HN005 at 44..45",
        "{"query": "q", "pos": ["p"], "neg": ["n"], "neg": []}": "object; 1+0; HN007 at 43..48; HN106 at ["neg"]",
        "{"query": "q", "pos": ["p"], "neg": ["n"], "neg_scores": [NaN]}": "object; 1+1; HN006 at 58..61",
        "{"query": "q", "pos": ["p"], "neg": ["n"],}": "broken; no record; HN001 at 41..42",
        "{"query": "q", "pos": ["p"], "neg": ["n"]}": "object; 1+1",
        "{"query": "q", "pos": ["p"], "neg": ["n"]}\\u000d": "object; 1+1",
      }
    `);
  });

  test("a very long line is read and reported", () => {
    const text = "x".repeat(LONG_LINE);
    const row = readRow(JSON.stringify({ query: "q", pos: [text], neg: ["n"] }), flagEmbedding);
    expect(row.record?.positives[0]?.text.length).toBe(LONG_LINE);
    expect(row.problems.map(({ code }) => code)).toStrictEqual(["HN013"]);
  });
});

describe("parseLine", () => {
  test("finds in passing what the full scan finds", () => {
    const key = fc.constantFrom("a", "b", "c:", ":");
    const value = fc.oneof(
      fc.constantFrom(
        '"x"',
        '":"',
        '"\\":"',
        '"\\ud83d"',
        '"\\ud83d\\ude00"',
        '"\\u0001"',
        '"a\u2028"',
        '"\\b"',
        '"\\\\b"',
        "1",
        "null",
        "[]",
        '["\\":",":"]',
        '"\ud800"',
        '"\u200b"',
      ),
      fc.tuple(key, key).map(([a, b]) => `{"${a}":1,"${b}":2}`),
    );
    const object = fc
      .array(fc.tuple(key, value), { maxLength: 4 })
      .map((members) => `{${members.map(([name, json]) => `"${name}": ${json}`).join(",")}}`);
    fc.assert(
      fc.property(object, (line) => {
        expect(parseLine(line).problems).toStrictEqual(scanJson(line).problems);
      }),
      { numRuns: 1000, seed: 7 },
    );
  });
});

describe("locate", () => {
  test("gives the place of a value", () => {
    const line = '\uFEFF{"neg": ["a", "b\\n"]}';
    const span = locate(line, ["neg", 1]);
    expect(line.slice(span?.start, span?.end)).toBe('"b\\n"');
    expect(locate(line, ["neg", 2])).toBeUndefined();
  });
});

test("isBlank knows JSON's white space and no other", () => {
  expect(["", " \t\r\n", "\u00a0", "\uFEFF", "x"].map(isBlank)).toStrictEqual([true, true, false, false, false]);
});
