import { expect, test } from "vitest";
import { checkQrels } from "#core/diagnostics/checkQrels";
import { isRelevant, parseQrels } from "#core/formats/qrels";

const parse = (text: string) => parseQrels(text.split("\n"));

test("BEIR's table and TREC's columns", () => {
  expect(parse("query-id\tcorpus-id\tscore\r\n1\td1\t1\r\n1\td 2\t0\r\n").rows).toStrictEqual([
    { queryId: "1", docId: "d1", score: 1, line: 1 },
    { queryId: "1", docId: "d 2", score: 0, line: 2 },
  ]);
  expect(parse("1 0 d1 2\n1\t0\td2\t0").rows).toStrictEqual([
    { queryId: "1", docId: "d1", score: 2, line: 0 },
    { queryId: "1", docId: "d2", score: 0, line: 1 },
  ]);
});

test("relevant means a score of 1 or above; below 0 says neither", () => {
  const { rows, neither } = parse("q\ta\t1\nq\tb\t2\nq\tc\t0\nq\td\t-1\n");
  expect(rows.filter(isRelevant).map(({ docId }) => docId)).toStrictEqual(["a", "b"]);
  expect(neither).toBe(1);
});

test("each row that cannot be read, points nowhere or says nothing is named with its line", () => {
  const text = "query-id\tcorpus-id\tscore\n1\td1\t1\n1\td1\n1\td1\tyes\n\td1\t1\n2\td1\t1\n1\td9\t1\n1\td1\t-1\n1\td1\t\n";
  const lines = text.split("\n");
  const known = { hasQuery: (id: string) => id === "1", hasDocument: (id: string) => id === "d1" };
  const found = checkQrels(parse(text), known, (line) => lines[line]?.length ?? 0, {});
  expect(found.map(({ line, severity, code, message }) => `${String(line)} ${severity} ${code} ${message}`)).toMatchInlineSnapshot(`
    [
      "2 error HN302 The row has 2 columns; qrels have three (query, document, score) or four (query, iteration, document, relevance).",
      "3 error HN302 The score "yes" is not a number.",
      "4 error HN302 The row names no query.",
      "5 error HN302 The query "2" is not in the data set.",
      "6 error HN302 The document "d9" is not in the corpus.",
      "7 information HN302 1 row has a score that says neither relevant (1 and above) nor not relevant (0), such as -1 here; they are left out.",
      "8 error HN302 The score "" is not a number.",
    ]
  `);
  expect(checkQrels(parse(text), known, () => 0, { HN302: "off" })).toStrictEqual([]);
});
