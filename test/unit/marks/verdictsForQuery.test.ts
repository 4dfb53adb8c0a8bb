import { expect, test } from "vitest";
import { textKey } from "#core/collection/textKey";
import { foldMarks } from "#core/marks/foldMarks";
import type { Mark } from "#core/marks/mark";
import { noVerdicts, positivesInForce, verdictsForQuery, type QueryVerdicts } from "#core/marks/verdictsForQuery";
import { beir, training, withCorpus } from "../../support/smallCollection";
import { sha256 } from "../../support/sha256";
import { verdict } from "../mining/miningFixture";

const collection = withCorpus(
  [{ id: "7", query: "q", pos: ["p"], neg: ["n"] }],
  [
    ["d1", "a"],
    ["d2", "a "],
    ["d3", "b"],
  ],
);

function verdicts(marks: readonly Mark[], among = collection, query = 0): QueryVerdicts {
  const asked = among.queries[query];
  if (asked === undefined) {
    throw new Error("no such query");
  }
  return verdictsForQuery(foldMarks(marks), among, asked, "ann");
}

test("a mark holds for every document with the same normalised text", () => {
  const { excluded, promoted } = verdicts([verdict("q", "a", "false_negative")]);
  expect([...excluded]).toEqual([[0, { verdict: "false_negative", author: "ann" }]]);
  expect(promoted.map((document) => collection.documents[document]?.id)).toEqual(["d1"]);
});

test("of documents with one text, the one whose id was marked is promoted", () => {
  const mark = verdict("q", "a", "false_negative", { document: { key: textKey("a", sha256), id: "d2" } });
  expect(verdicts([mark]).promoted.map((document) => collection.documents[document]?.id)).toEqual(["d2"]);
});

test("marks on another query do nothing here", () => {
  expect(verdicts([verdict("another", "a", "false_negative")])).toBe(noVerdicts);
});

test("where persons disagree, the passage stays out, is not promoted, and the conflict is told; one's own verdict is shown", () => {
  const found = verdicts([verdict("q", "b", "true_negative"), verdict("q", "b", "false_negative", { author: "bob" })]);
  expect(found).toMatchObject({ promoted: [], pinned: [], own: new Map([[1, "true_negative"]]) });
  expect([...found.excluded.values()]).toEqual([{ verdict: "false_negative", author: "bob" }]);
  expect(found.conflicts).toEqual([
    {
      group: 1,
      verdicts: [
        { verdict: "true_negative", author: "ann" },
        { verdict: "false_negative", author: "bob" },
      ],
    },
  ]);
});

test("a listed positive is neither promoted again nor pinned; called bad, it is none any more", () => {
  const [query] = collection.queries;
  const inForce = (marks: readonly Mark[]): readonly (string | undefined)[] =>
    query === undefined ? [] : positivesInForce(query, verdicts(marks), collection).map((document) => collection.documents[document]?.text);
  expect(inForce([verdict("q", "p", "false_negative")])).toEqual(["p"]);
  expect(verdicts([verdict("q", "p", "true_negative")]).pinned).toEqual([]);
  expect(inForce([verdict("q", "p", "bad_positive"), verdict("q", "n", "false_negative")])).toEqual(["n"]);
});

test("verdicts on the query", () => {
  expect(verdicts([verdict("q", undefined, "bad_query")])).toMatchObject({ badQuery: true, ownOnQuery: "bad_query" });
  expect(verdicts([verdict("q", undefined, "bad_query", { author: "bob" })]).ownOnQuery).toBeUndefined();
});

test("a passage that was edited since is stale: named by its id and not applied", () => {
  const edited = verdict("q", "b as it was", "false_negative", { document: { key: textKey("b as it was", sha256), id: "d3" } });
  const gone = verdict("q", "deleted", "later");
  const found = verdicts([edited, gone]);
  expect([found.excluded.size, found.promoted]).toEqual([0, []]);
  expect(found.stale).toEqual([
    { mark: edited, gone: "document", document: 2 },
    { mark: gone, gone: "document" },
  ]);
});

test("marks on a query that was edited since are stale, unless another query has that text now", () => {
  const former = verdict("q as it was", "a", "false_negative", { query: { key: textKey("q as it was", sha256), id: "7" } });
  const found = verdicts([former]);
  expect([found.stale, found.excluded.size]).toEqual([[{ mark: former, gone: "query" }], 0]);
  const both = training([
    { id: "7", query: "q", pos: ["a"] },
    { id: "8", query: "q as it was", pos: ["b"] },
  ]);
  expect(verdicts([former], both, 0).stale).toEqual([]);
});

test("marks survive a new order, new ids and a move from inline passages to a corpus file", () => {
  const marks = [verdict("q", "n", "false_negative"), verdict("q", "b", "true_negative")];
  const texts = (among: typeof collection): unknown => {
    const { promoted, pinned } = verdicts(marks, among);
    return [promoted, pinned].map((list) => list.map((document) => among.documents[document]?.text));
  };
  const expected = [["n"], ["b"]];
  expect(texts(training([{ query: "q", pos: ["p"], neg: ["b", "n"] }]))).toEqual(expected);
  expect(
    texts(
      beir(
        [{ id: "x", query: "q" }],
        [
          ["9", "n"],
          ["8", "p"],
          ["7", "b"],
        ],
        [{ query: "x", document: "8", score: 1 }],
      ),
    ),
  ).toEqual(expected);
});
