import { describe, expect, test } from "vitest";
import { CATALOGUE, RULES } from "#core/diagnostics/catalogue";
import { checkDocument } from "#core/diagnostics/checkFile";
import { checkRow } from "#core/diagnostics/checkRow";
import { DIAGNOSTIC_CODES } from "#core/diagnostics/codes";
import { checkDiagnostics, diagnose, documentOf } from "../../support/checkDiagnostics";

describe("text of a line", () => {
  test("HN001, HN002: not JSON, not an object", () => {
    checkDiagnostics(String.raw`
{"query": "q", "pos": ["a"], "neg": ["b"],}
                                         ^ error HN001: The comma before "}" is one too many.
{"query": "q", "pos": ["a"], "neg": ["b"
                                       ^ error HN001: The line ends where a comma or "]" should stand; it may have been cut off.
["q", "a", "b"]
^^^^^^^^^^^^^^^ error HN002: The line holds an array, not an object; each line must be one record in braces.
{"query": "q", "pos": ["a"], "neg": ["b"]}
`);
  });

  test("HN003: blank lines, no last line feed", () => {
    checkDiagnostics(`
{"query": "q", "pos": ["a"], "neg": ["b"]}

^ information HN003
{"query": "q", "pos": ["a"], "neg": ["b"]}
                                         ^ information HN003: The last line does not end with a line feed.
//- no line feed`);
  });

  test("HN004, HN005, HN006, HN007, HN010", () => {
    checkDiagnostics(String.raw`
{"query": "q", "pos": ["a"], "neg": ["b"], "neg_scores": [NaN]}
                                                          ^^^ error HN006
{"query": "q", "query": "r", "pos": ["a"], "neg": ["b"]}
               ^^^^^^^ warning HN007: The key "query" stands twice in this object; readers keep the last one.
{"query": "q", "pos": ["a\ud83d"], "neg": ["b\u0000"]}
                         ^^^^^^ warning HN010
                                             ^^^^^^ warning HN010
`);
    checkDiagnostics(`
\uFEFF{"query": "q", "pos": ["a"], "neg": ["b"]}
^ warning HN004
{"query": "q", "pos": ["a\u2028b"], "neg": ["b"]}
                         ^ warning HN005
`);
  });

  test("HN004: bytes that are not UTF-8 are an error where they stand", () => {
    checkDiagnostics('\n{"query": "q\uFFFD", "pos": ["a"], "neg": ["b"]}\n            ^ error HN004\n', { undecodable: [0] });
  });
});

describe("fields", () => {
  test("HN101: no format", () => {
    checkDiagnostics(`
{"a": 1, "b": 2}
^^^^^^^^^^^^^^^^ information HN101: No known format fits the records. The first record has "a", "b". Rename the fields to those of a format in the README, or name the format under "data.format" in .nearmiss/config.json.
{"a": 1, "b": 2}
`);
  });

  test("HN102, HN106, HN107, HN401", () => {
    checkDiagnostics(`
{"query": "q", "pos": "a", "neg": ["b"]}
                      ^^^ error HN102: "pos" is a text; FlagEmbedding needs a list of texts.
{"query": "q", "pos": ["a"], "neg": []}
                                    ^^ warning HN106
{"query": "q", "pos": [], "neg": ["b", 7]}
                      ^^ error HN107
                                       ^ error HN102: neg[1] is a number, not a text.
{"pos": ["a"], "neg": ["b", "  "]}
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error HN102: The record has no "query".
                            ^^^^ error HN401
`);
  });
});

describe("contradictions", () => {
  test("HN201: a positive is a negative of the same query", () => {
    checkDiagnostics(`
//- /text.jsonl
{"query": "q", "pos": ["a  b"], "neg": ["x", "a b"]}
                                             ^^^^^ error HN201: The negative "a b" is also pos[0], a positive of this query.
//- /id.jsonl
{"query_id": "1", "query": "q", "positive_passages": [{"docid": "7", "text": "a"}], "negative_passages": [{"docid": "7", "text": "b"}]}
                                                                                                                                 ^^^ error HN201
`);
  });

  test("HN201: a positive on another line of the same query", () => {
    const text = `
{"anchor": "q", "positive": "a", "negative": "n"}
{"anchor": "other", "positive": "n", "negative": "a"}
{"anchor": " q ", "positive": "b", "negative": "a"}
                                               ^^^ error HN201: The negative "a" is a positive of the same query on line 1.
{"anchor": "q", "positive": "a", "negative": "b"}
                                             ^^^ error HN201: The negative "b" is a positive of the same query on line 3.
`;
    checkDiagnostics(text);
    const found = diagnose(
      documentOf('{"anchor": "q", "positive": "a", "negative": "n"}\n{"anchor": "q", "positive": "b", "negative": "a"}\n'),
    );
    expect(found.map(({ related }) => related)).toStrictEqual([[{ line: 0, message: '"a" is a positive here.' }]]);
  });

  test("HN203, HN204", () => {
    checkDiagnostics(`
{"query": "q", "pos": ["q"], "neg": ["b", " q"]}
                       ^^^ warning HN203: The positive pos[0] is the query itself: "q".
                                          ^^^^ error HN201
                                          ^^^^ warning HN203
{"query": "r", "pos": ["a"], "neg": ["b", "c", "b ", "b"]}
                                               ^^^^ warning HN204: The negative "b" stands at neg[0] already.
                                                     ^^^ warning HN204
`);
  });
});

describe("severities and slices", () => {
  const text = '{"query": "q", "pos": ["a"], "neg": ["a", "b", "b"]}\n';

  test("the config's severity is taken, and off is off", () => {
    const found = checkRow(documentOf(text), 0, { HN201: "hint", HN204: "off" });
    expect(found.map(({ code, severity }) => `${severity} ${code}`)).toStrictEqual(["hint HN201"]);
  });

  test("a cancelled check ends", () => {
    const cancellation = { requested: false };
    const slices = checkDocument(documentOf(text.repeat(5000)), { severities: {}, cancellation });
    expect(slices.next().value).toHaveLength(2000);
    cancellation.requested = true;
    expect([...slices].flat()).toStrictEqual([]);
  });

  test("ten thousand lines of one query are compared without comparing each with each", () => {
    const lines = Array.from({ length: 10_000 }, (_, i) => `{"anchor": "q", "positive": "p${String(i)}", "negative": "n${String(i)}"}`);
    expect(diagnose(documentOf(`${lines.join("\n")}\n`))).toStrictEqual([]);
  });
});

test("the catalogue has every code under its own name", () => {
  expect(RULES.map(({ code }) => code)).toStrictEqual([...DIAGNOSTIC_CODES]);
  expect(Object.entries(CATALOGUE).every(([code, rule]) => rule.code === code)).toBe(true);
});
