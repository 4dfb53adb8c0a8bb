import { expect, test } from "vitest";
import { buildCollection } from "#core/collection/buildCollection";
import { textKey } from "#core/collection/textKey";
import { listedExportQuery } from "#core/exporting/exportQuery";
import { marksAsLineEdits } from "#core/exporting/marksAsLineEdits";
import type { RecordFormat } from "#core/formats/format";
import { flagEmbedding } from "#core/formats/flagEmbedding";
import { sentenceTransformersLabeledList } from "#core/formats/sentenceTransformersLabeledList";
import { sentenceTransformersTriplet } from "#core/formats/sentenceTransformersTriplet";
import { RowDocument } from "#core/jsonl/rowDocument";
import { foldMarks } from "#core/marks/foldMarks";
import type { Verdict, VerdictMark } from "#core/marks/mark";
import { verdictsForQuery } from "#core/marks/verdictsForQuery";
import { sha256 } from "../../support/sha256";

/** Verdicts on passages of the query "q"; without a passage, on the query. */
type Said = readonly [verdict: Verdict, document?: string];

function folded(said: readonly Said[]) {
  return foldMarks(
    said.map(([verdict, document], i): VerdictMark => ({
      kind: "verdict",
      mark: String(i),
      time: "",
      author: "ann",
      verdict,
      query: { key: textKey("q", sha256) },
      ...(document === undefined ? {} : { document: { key: textKey(document, sha256) } }),
      blind: false,
      suggestion_shown: false,
      tool: "",
    })),
  );
}

/** The edits of a text by marks, one line of words for each, and the counts that are not 0. */
function edits(text: string, format: RecordFormat, said: readonly Said[]) {
  const rows = RowDocument.fromText(text, format);
  const records = [...rows.rows()].flatMap(({ line, row: { record } }) => (record === undefined ? [] : [{ line: line + 1, record }]));
  const collection = buildCollection({ files: [{ name: "train.jsonl", role: "training", rows: records }] }, sha256);
  const marks = folded(said);
  const found = marksAsLineEdits(rows, {
    format,
    queryAtLine: (line) => {
      const index = collection.queries.findIndex((query) => query.lines.includes(line));
      return index === -1 ? undefined : index;
    },
    linesOf: (query) => collection.queries[query]?.lines ?? [],
    exported: (index) => {
      const query = collection.queries[index];
      return query && listedExportQuery(query, verdictsForQuery(marks, collection, query, "ann"), collection);
    },
  });
  const { rewritten, dropped, added, scoresRemoved } = found.counts;
  return {
    edits: found.edits.map((edit) =>
      edit.kind === "remove"
        ? `${String(edit.line + 1)} remove`
        : `${String(edit.line + 1)} ${edit.kind} ${JSON.stringify(rows.line(edit.line).slice(edit.start, edit.end))} -> ${JSON.stringify(edit.text)}`,
    ),
    counts: { rewritten, dropped, added, scoresRemoved },
  };
}

test("records of lists: only what marks change, other queries and unreadable lines left alone", () => {
  const text = [
    '{"query": "q", "pos": ["p"], "neg": ["a", "b", "c"], "neg_scores": [3, 2, 1]}\r',
    '{"query": "other", "pos": ["p"], "neg": ["a", "b"]}\r',
    "{broken\r",
    "",
  ].join("\n");
  const said: readonly Said[] = [
    ["false_negative", "b"],
    ["cant_tell", "c"],
    ["true_negative", "a"],
    ["later", "a"],
  ];
  expect(edits(text, flagEmbedding, said)).toMatchInlineSnapshot(`
    {
      "counts": {
        "added": 0,
        "dropped": 0,
        "rewritten": 1,
        "scoresRemoved": 1,
      },
      "edits": [
        "1 rewrite "" -> ", \\"b\\""",
        "1 rewrite ", \\"b\\", \\"c\\"" -> """,
        "1 rewrite ", \\"neg_scores\\": [3, 2, 1]" -> """,
      ],
    }
  `);
  expect(edits(text, flagEmbedding, [["true_negative", "a"]]).edits).toEqual([]);
});

test("a bad query and one without a positive leave the file", () => {
  const text = '{"query": "other", "pos": ["p"], "neg": ["a"]}\n{"query": "q", "pos": ["p"], "neg": ["a"]}';
  expect(edits(text, flagEmbedding, [["bad_query"]]).edits).toEqual(["2 remove"]);
  expect(edits(text, flagEmbedding, [["bad_positive", "p"]]).edits).toEqual(["2 remove"]);
});

test("triplets: a promoted positive has rows of its own behind the query's last one", () => {
  const row = (negative: string): string => JSON.stringify({ anchor: "q", positive: "p", negative });
  expect(edits(["a", "b", "c"].map(row).join("\n"), sentenceTransformersTriplet, [["false_negative", "b"]])).toMatchInlineSnapshot(`
    {
      "counts": {
        "added": 2,
        "dropped": 1,
        "rewritten": 0,
        "scoresRemoved": 0,
      },
      "edits": [
        "2 remove",
        "3 add "" -> "\\n{\\"anchor\\":\\"q\\",\\"positive\\":\\"b\\",\\"negative\\":\\"a\\"}\\n{\\"anchor\\":\\"q\\",\\"positive\\":\\"b\\",\\"negative\\":\\"c\\"}"",
      ],
    }
  `);
  expect(edits(["a", "b"].map(row).join("\n"), sentenceTransformersTriplet, [["false_negative", "b"]])).toMatchInlineSnapshot(`
    {
      "counts": {
        "added": 1,
        "dropped": 1,
        "rewritten": 0,
        "scoresRemoved": 0,
      },
      "edits": [
        "2 rewrite "p" -> "b"",
        "2 rewrite "b" -> "a"",
      ],
    }
  `);
});

test("labelled lists lose a passage with its label", () => {
  const text = '{"query": "q", "docs": ["p", "a", "b"], "labels": [1, 0, 0]}';
  expect(edits(text, sentenceTransformersLabeledList, [["partly_relevant", "a"]])).toMatchInlineSnapshot(`
    {
      "counts": {
        "added": 0,
        "dropped": 0,
        "rewritten": 1,
        "scoresRemoved": 0,
      },
      "edits": [
        "1 rewrite "a\\", \\"" -> """,
        "1 rewrite ", 0" -> """,
      ],
    }
  `);
});
