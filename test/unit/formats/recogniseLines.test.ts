import { describe, expect, test } from "vitest";
import { detectFormat } from "#core/formats/detect";
import type { FormatId } from "#core/formats/format";
import { recogniseLines } from "#core/formats/recogniseLines";
import { failureText } from "#core/util/failure";

function outcome(text: string, override: FormatId | "auto" = "auto"): string {
  const found = recogniseLines(text.split("\n"), override);
  if (!found.ok) return failureText(found.failure);
  const { format, share, firstMisfitLine } = found.value;
  return `${format.id}, ${String(share)}${firstMisfitLine === undefined ? "" : `, first misfit on line ${String(firstMisfitLine)}`}`;
}

describe("recogniseLines", () => {
  test("names the format, or the reason and the next step", () => {
    const flag = '{"query": "q", "pos": ["a"], "neg": ["b"]}';
    const files = {
      flagembedding: `${flag}\n${flag}`,
      "one odd line": `${flag}\n\n{"text": "x"}\n${flag}`,
      "a broken first line": `{"query": \n${flag}`,
      "half and half": `{"a": 1}\n{"a": 1}\n${flag}`,
      empty: "\n \n",
      "JSON array": '[\n{"a": 1}\n]',
      DPR: '[{"question": "q", "positive_ctxs": []}]',
      "pretty-printed": '{\n  "query": "q"\n}',
      RocketQA: "q\tt\tp\tt\tn\t0\nq\tt\tp\tt\tn\t0",
      TREC: "1\t0\td1\t1\n1\t0\td2\t0",
      qrels: "query-id\tcorpus-id\tscore\n1\td1\t1",
      "MS MARCO": "q\tp\tn\nq\tp\tn",
      "odd table": "a\tb\nc\td",
      prose: "Once upon a time",
      numbers: "1\n2",
    };
    expect(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, outcome(text)]))).toMatchInlineSnapshot(`
      {
        "DPR": "The file is a JSON array, one value over the whole file, with DPR's fields; records are read line by line. Convert it to JSON Lines, for example with jq -c '.[]', and rename "question", "positive_ctxs" and "hard_negative_ctxs" to "query", "positive_passages" and "negative_passages".",
        "JSON array": "The file is a JSON array, one value over the whole file; records are read line by line. Convert it to JSON Lines, for example with jq -c '.[]'.",
        "MS MARCO": "The file is tab-separated text with 3 columns, as MS MARCO triples (query, positive, negative); only JSON Lines is read. Convert it to JSON Lines: one object a line, for example with the fields query, pos and neg.",
        "RocketQA": "The file is tab-separated text with 6 columns, as RocketQA's dual-encoder file (query, title and text of a positive, title and text of a negative, 0); only JSON Lines is read. Convert it to JSON Lines: one object a line, for example with the fields query, pos and neg.",
        "TREC": "The file is tab-separated text with 4 columns, as TREC qrels (query, iteration, document, relevance); only JSON Lines is read. Convert it to JSON Lines: one object a line, for example with the fields query, pos and neg.",
        "a broken first line": "flagembedding, 1",
        "empty": "The file is empty. Add one record in braces on each line, or open another file.",
        "flagembedding": "flagembedding, 1",
        "half and half": "No known format fits the records. The first record has "a". Only 33 % of the records look like FlagEmbedding. Rename the fields to those of a format in the README, or name the format under "data.format" in .nearmiss/config.json.",
        "numbers": "The file is not JSON Lines: its first line begins with "1". Convert it to JSON Lines: one record in braces on each line.",
        "odd table": "The file is tab-separated text with 2 columns; only JSON Lines is read. Convert it to JSON Lines: one object a line, for example with the fields query, pos and neg.",
        "one odd line": "flagembedding, 0.6666666666666666, first misfit on line 2",
        "pretty-printed": "The file's records are no JSON Lines: its first lines are not complete JSON objects. If the JSON is spread over several lines, write each record on one line, for example with jq -c.",
        "prose": "The file is not JSON Lines: its first line begins with "Once upon a time". Convert it to JSON Lines: one record in braces on each line.",
        "qrels": "The file is a qrels table of a BEIR folder. Open the folder that holds corpus.jsonl, queries.jsonl and qrels/.",
      }
    `);
  });

  test("the config's choice is taken, and says how far it fits", () => {
    expect(outcome('{"query": "q", "pos": ["a"], "neg": ["b"]}\n{"text": "x"}', "corpus")).toBe("corpus, 0.5, first misfit on line 0");
  });

  test("only the start of the file is read", () => {
    let consumed = 0;
    const lines = (function* () {
      for (;;) {
        consumed++;
        yield '{"text": "x"}';
      }
    })();
    expect(recogniseLines(lines).ok).toBe(true);
    expect(consumed).toBeLessThan(300);
  });
});

test("of two formats that fit as many records, the more particular one is taken", () => {
  const found = detectFormat([{ text: "a" }, { query: "q", pos: ["a"], neg: [] }]);
  expect(found.ok && found.value.format.id).toBe("flagembedding");
});
