import { expect, test } from "vitest";
import { hardNegativesLine, marginRows, shuffledRows } from "#core/exporting/marginRows";
import { outcome } from "./exportFixture";

const scored = (text: string, score: number) => ({ id: `id-${text}`, text, score });
const query = {
  ...outcome("q", {}),
  positives: [scored("p1", 4), scored("p2", 1.5)],
  negatives: [scored("n1", 0), scored("n2", 2), scored("n3", Number.NaN)],
};

test("a row for each pair whose two scores are known, as GPL reads them", () => {
  expect(marginRows(query)).toEqual({
    rows: ["q-q\tid-p1\tid-n1\t4", "q-q\tid-p1\tid-n2\t2", "q-q\tid-p2\tid-n1\t1.5", "q-q\tid-p2\tid-n2\t-0.5"],
    unknown: 2,
    negativesLeftOut: 1,
  });
  expect(marginRows({ ...query, leftOut: "bad_query" })).toEqual({ rows: [], unknown: 0, negativesLeftOut: 0 });
});

test("an id that holds a tab moves no column", () => {
  const [row = ""] = marginRows({ ...query, id: "a\tb" }).rows;
  expect(row.split("\t")).toHaveLength(4);
});

test("negatives stand under the name of what found them", () => {
  expect(hardNegativesLine(query)).toBe('{"qid": "q-q", "pos": ["id-p1", "id-p2"], "neg": {"nearmiss": ["id-n1", "id-n2", "id-n3"]}}');
});

test("rows are mixed, always in the same way, and none is lost", () => {
  const rows = Array.from({ length: 50 }, (_, i) => `row ${String(i)}`);
  const shuffled = shuffledRows(rows);
  expect(shuffled).not.toEqual(rows);
  expect(shuffledRows(rows)).toEqual(shuffled);
  expect(new Set(shuffled)).toEqual(new Set(rows));
});
