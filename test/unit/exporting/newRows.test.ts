import { expect, test } from "vitest";
import { beirQueryLine, qrelsRows } from "#core/exporting/beirFiles";
import { newRows } from "#core/exporting/newRows";
import { exportTargets } from "#core/exporting/targets";
import { outcome } from "./exportFixture";

const query = outcome("q", { positives: ["p1", "p2"], negatives: ["n1", "n2"] });

test.each(exportTargets.flatMap(({ id }) => (id === "beir" ? [] : [id])))("%s", (format) => {
  expect(newRows(format, query, { numNegatives: 2 })).toMatchSnapshot();
});

test("an n-tuple is left out unless all of its negatives were found", () => {
  expect(newRows("st-n-tuple", query, { numNegatives: 3 })).toEqual([]);
});

test("a query without a positive, or that marks leave out, is in no format", () => {
  const bad = outcome("q", { positives: ["p"], negatives: ["n"], leftOut: "bad_query" });
  const bare = outcome("q", { negatives: ["n"] });
  for (const { id } of exportTargets)
    if (id !== "beir") expect([...newRows(id, bad, { numNegatives: 1 }), ...newRows(id, bare, { numNegatives: 1 })]).toEqual([]);
  expect(qrelsRows(bad)).toEqual([]);
});

test("BEIR rows name ids, with score 1 for positives and 0 for negatives", () => {
  expect([beirQueryLine(query), ...qrelsRows(query)]).toMatchInlineSnapshot(`
    [
      "{"_id": "q-q", "text": "q"}",
      "q-q	id-p1	1",
      "q-q	id-p2	1",
      "q-q	id-n1	0",
      "q-q	id-n2	0",
    ]
  `);
});
