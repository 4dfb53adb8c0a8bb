import { describe, expect, test } from "vitest";
import { fixAll } from "#core/diagnostics/fixAll";
import { afterFix, applyLineEdits, diagnose, documentOf } from "../../support/checkDiagnostics";
import { visible } from "../../support/visible";

/** The first fix for a code: how it is called, whether it is safe, and the text it leaves. */
function fixed(code: string, text: string): string {
  const after = afterFix(text, code);
  return after === undefined ? "no fix" : `${after.title} (${after.safe ? "safe" : "asks first"}): ${visible(after.text)}`;
}

describe("fixes", () => {
  test("text of a line", () => {
    const good = '{"query": "q", "pos": ["a"], "neg": ["b"]}\n';
    expect({
      "trailing comma": fixed("HN001", '{"query": "q", "pos": ["a"], "neg": ["b",]}\n'),
      "raw tab": fixed("HN001", '{"query": "q", "pos": ["a\tb"], "neg": ["b"]}\n'),
      "cut off": fixed("HN001", '{"query": "q\n'),
      "blank line": fixed("HN003", `${good}\n${good}`),
      "no last line feed": fixed("HN003", good.trimEnd()),
      "byte order mark": fixed("HN004", `\uFEFF${good}`),
      "line separator": fixed("HN005", '{"query": "q", "pos": ["a\u2028b"], "neg": ["b"]}\n'),
      NaN: fixed("HN006", '{"query": "q", "pos": ["a"], "neg": ["b"], "neg_scores": [NaN]}\n'),
      "duplicate key": fixed("HN007", '{"query": "q", "pos": ["a"], "query": "r", "neg": ["b"]}\n'),
      "lone surrogate": fixed("HN010", String.raw`{"query": "q\ud83d", "pos": ["a"], "neg": ["b"]}`),
    }).toMatchInlineSnapshot(`
      {
        "NaN": "Replace by null (asks first): {"query": "q", "pos": ["a"], "neg": ["b"], "neg_scores": [null]}\\u000a",
        "blank line": "Remove the line (safe): {"query": "q", "pos": ["a"], "neg": ["b"]}\\u000a{"query": "q", "pos": ["a"], "neg": ["b"]}\\u000a",
        "byte order mark": "Remove the byte order mark (safe): {"query": "q", "pos": ["a"], "neg": ["b"]}\\u000a",
        "cut off": "no fix",
        "duplicate key": "Keep the last one (asks first): {"pos": ["a"], "query": "r", "neg": ["b"]}\\u000a",
        "line separator": "Write it as \\u2028 (safe): {"query": "q", "pos": ["a\\u2028b"], "neg": ["b"]}\\u000a",
        "lone surrogate": "Remove the character (asks first): {"query": "q", "pos": ["a"], "neg": ["b"]}",
        "no last line feed": "Add a line feed (safe): {"query": "q", "pos": ["a"], "neg": ["b"]}\\u000a",
        "raw tab": "Write it as \\t (safe): {"query": "q", "pos": ["a\\tb"], "neg": ["b"]}\\u000a",
        "trailing comma": "Remove the comma (safe): {"query": "q", "pos": ["a"], "neg": ["b"]}\\u000a",
      }
    `);
  });

  test("fields and contradictions", () => {
    expect({
      "a text for a list": fixed("HN102", '{"query": "q", "pos": "caf\\u00e9", "neg": ["b"]}\n'),
      "wrong element": fixed("HN102", '{"query": "q", "pos": ["a"], "neg": ["b", 7]}\n'),
      "positive among the negatives": fixed("HN201", '{"query": "q", "pos": ["a"], "neg": ["b", "a"], "neg_scores": [0.5, 0.90]}\n'),
      "scores of another length": fixed("HN201", '{"query": "q", "pos": ["a"], "neg": ["b", "a"], "neg_scores": [0.5]}\n'),
      "in a column": fixed("HN201", '{"anchor": "q", "positive": "a", "negative": "a"}\n'),
      "in a list of labels": fixed("HN201", '{"query": "q", "docs": ["a", "a", "b"], "labels": [1, 0, 0]}\n'),
      "query as a passage": fixed("HN203", '{"query": "q", "pos": ["a"], "neg": ["q", "b"]}\n'),
      "repeated negative": fixed(
        "HN204",
        '{"query_id": 1, "query": "q", "positive_passages": [{"docid": "1", "text": "a"}], "negative_passages": [{"docid": "2", "text": "b"}, {"docid": "3", "text": "b"}]}\n',
      ),
      "empty negative": fixed("HN401", '{"query": "q", "pos": ["a"], "neg": ["", "b"], "neg_scores": [1, 2]}\n'),
      "empty positive": fixed("HN401", '{"query": "q", "pos": ["", "a"], "neg": ["b"]}\n'),
    }).toMatchInlineSnapshot(`
      {
        "a text for a list": "Wrap the text in a list (safe): {"query": "q", "pos": ["caf\\u00e9"], "neg": ["b"]}\\u000a",
        "empty negative": "Remove the empty negative (safe): {"query": "q", "pos": ["a"], "neg": ["b"], "neg_scores": [2]}\\u000a",
        "empty positive": "no fix",
        "in a column": "no fix",
        "in a list of labels": "Remove it from the negatives (safe): {"query": "q", "docs": ["a", "b"], "labels": [1, 0]}\\u000a",
        "positive among the negatives": "Remove it from the negatives (safe): {"query": "q", "pos": ["a"], "neg": ["b"], "neg_scores": [0.5]}\\u000a",
        "query as a passage": "Remove it from the negatives (asks first): {"query": "q", "pos": ["a"], "neg": ["b"]}\\u000a",
        "repeated negative": "Remove the repetition (safe): {"query_id": 1, "query": "q", "positive_passages": [{"docid": "1", "text": "a"}], "negative_passages": [{"docid": "2", "text": "b"}]}\\u000a",
        "scores of another length": "Remove it from the negatives (asks first): {"query": "q", "pos": ["a"], "neg": ["b"], "neg_scores": [0.5]}\\u000a",
        "wrong element": "no fix",
      }
    `);
  });
});

describe("fixAll", () => {
  test("carries out every safe fix, also of neighbours, and nothing else", () => {
    const before = [
      '\uFEFF{"query": "q", "pos": ["a", "c"], "neg": ["a", "c", "b", "b", ""], "neg_scores": [1, 2, 3, 4, 5],}',
      "",
      '{"query": "r", "pos": "\u{1f600}", "neg": ["q", "r"]}',
      '{"query": "q", "pos": ["z"], "neg": ["c", "y\u2028"]}',
    ].join("\n");
    const after = applyLineEdits(before, fixAll(documentOf(before), {}));
    expect(after.split("\n").map(visible)).toMatchInlineSnapshot(`
      [
        "{"query": "q", "pos": ["a", "c"], "neg": ["b"], "neg_scores": [3]}",
        "{"query": "r", "pos": ["\\ud83d\\ude00"], "neg": ["q", "r"]}",
        "{"query": "q", "pos": ["z"], "neg": ["y\\u2028"]}",
        "",
      ]
    `);
    const left = diagnose(documentOf(after)).filter(({ fixes }) => fixes.some(({ safe }) => safe));
    expect(left).toStrictEqual([]);
  });

  test("a check that is off fixes nothing", () => {
    const text = '{"query": "q", "pos": ["a"], "neg": ["a", "b", "b"]}\n';
    expect(fixAll(documentOf(text), { HN201: "off", HN204: "off" })).toStrictEqual([]);
  });
});
