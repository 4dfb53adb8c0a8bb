import fc from "fast-check";
import { expect, test } from "vitest";
import type { Mark } from "#core/marks/mark";
import { markLine, textIdentity } from "#core/marks/newMark";
import { parseMarks } from "#core/marks/parseMarks";

const good =
  '{"kind":"verdict","mark":"1","time":"2026-01-01T00:00:00Z","author":"ann","verdict":"later","query":{"key":"q"},"document":{"key":"d","id":"7"},"rank":3,"blind":false,"suggestion_shown":false,"tool":"t","mood":"fine"}';
const undo = '{"kind":"undo","mark":"2","time":"2026-01-01T00:00:01Z","author":"ann","of":"1","tool":"t"}';

test("good lines are read with the fields that this version does not know, in files of any line end", () => {
  const { marks, problems } = parseMarks(`\uFEFF${good}\r\n\n${undo}\n`);
  expect(problems).toEqual([]);
  expect(marks.map((mark) => JSON.parse(markLine(mark)) as unknown)).toEqual([JSON.parse(good), JSON.parse(undo)]);
});

test("lines that are no marks are named and the others hold", () => {
  const lines = [
    "{",
    "7",
    good,
    good.replace('"later"', '"perhaps"'),
    good.replace('"verdict":"later"', '"verdict":"bad_query"'),
    good.replace(',"document":{"key":"d","id":"7"}', ""),
    good.replace('"rank":3', '"rank":"3"'),
    good.replace('"kind":"verdict"', '"kind":"opinion"'),
    good.replace('"author":"ann",', ""),
  ];
  const { marks, problems, torn } = parseMarks(`${lines.join("\n")}\n`);
  expect(marks).toHaveLength(1);
  expect(torn).toBeUndefined();
  expect(problems).toMatchInlineSnapshot(`
    [
      {
        "line": 1,
        "message": "The line is not valid JSON.",
      },
      {
        "line": 2,
        "message": "The line is no mark: kind must be "verdict", "undo" or "redo".",
      },
      {
        "line": 4,
        "message": "The line is no mark: verdict must be one of true_negative, false_negative, partly_relevant, duplicate_of_positive, cant_tell, later, bad_positive, bad_query.",
      },
      {
        "line": 5,
        "message": "The line is no mark: bad_query takes no document.",
      },
      {
        "line": 6,
        "message": "The line is no mark: later needs a document.",
      },
      {
        "line": 7,
        "message": "The line is no mark: rank must be a number.",
      },
      {
        "line": 8,
        "message": "The line is no mark: kind must be "verdict", "undo" or "redo".",
      },
      {
        "line": 9,
        "message": "The line is no mark: author is missing.",
      },
    ]
  `);
});

test("a last line that was cut off is left out and kept for inspection; one that lacks only its line feed holds", () => {
  const cut = parseMarks(`${good}\n${undo.slice(0, 30)}`);
  expect(cut).toMatchObject({ marks: [{ mark: "1" }], problems: [{ line: 2 }], torn: undo.slice(0, 30) });
  expect(parseMarks(`${good}\n${undo}`)).toMatchObject({ marks: [{ mark: "1" }, { mark: "2" }], problems: [] });
});

test("no text makes it throw", () => {
  const line = fc.oneof(fc.string(), fc.json(), fc.constantFrom(good, undo, good.slice(0, 50)));
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const { marks, problems } = parseMarks(lines.join("\n"));
      expect(marks.length + problems.length).toBeLessThanOrEqual(lines.join("\n").split("\n").length);
    }),
  );
});

test("a line has its fields in a fixed order, and numbers that JSON cannot hold are left out", () => {
  const mark: Mark = {
    tool: "nearmiss 0.1.0",
    blind: false,
    suggestion_shown: false,
    score: 0.5,
    positive_similarity: Number.NaN,
    document: textIdentity("d".repeat(32), "doc-7"),
    query: textIdentity("0123456789abcdef0123456789abcdef", "0123456789abcdef"),
    note: "two\nlines",
    verdict: "false_negative",
    author: "ann",
    time: "2026-01-01T00:00:00.000Z",
    mark: "m1",
    kind: "verdict",
  };
  expect(markLine(mark)).toMatchInlineSnapshot(
    `"{"kind":"verdict","mark":"m1","time":"2026-01-01T00:00:00.000Z","author":"ann","verdict":"false_negative","query":{"key":"0123456789abcdef0123456789abcdef"},"document":{"key":"dddddddddddddddddddddddddddddddd","id":"doc-7"},"note":"two\\nlines","score":0.5,"blind":false,"suggestion_shown":false,"tool":"nearmiss 0.1.0"}"`,
  );
});
