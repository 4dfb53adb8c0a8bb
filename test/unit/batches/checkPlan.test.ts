import * as fc from "fast-check";
import { expect, test } from "vitest";
import { checkPlan } from "#core/batches/checkPlan";
import type { NamedRow } from "#core/batches/checkPlan";
import { planEpoch } from "#core/batches/planEpoch";
import { planLine } from "#core/batches/planFile";
import { itemAt } from "#core/util/itemAt";
import { anyRows, anySettings, row, settings } from "./batchRows";

/** Row i stands on line i + 1. */
function named(spec: Parameters<typeof row>[1], id: number, more: Partial<NamedRow> = {}): NamedRow {
  return { ...row(id, spec), lines: [id + 1], ...more };
}

const data: readonly NamedRow[] = [
  named({ task: "a" }, 0),
  named({ task: "a", negatives: [1000] }, 1),
  named({ task: "b", positives: [1000, 1002] }, 2),
  named({ task: "b" }, 3, { lines: [4, 5] }),
  named({ task: "b", positives: [], documents: [] }, 4, { lines: [6], unusable: "it has no positive" }),
  named({ task: "b", id: "q0" }, 5, { lines: [7] }),
];

function check(lines: readonly unknown[], chosen = settings(3)): readonly string[] {
  const texts = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
  const { violations } = checkPlan(texts, data, chosen, (group) => `d${String(group)}`);
  return violations.map(({ line, message }) => `${String(line)}: ${message}`);
}

test("every rule that a plan breaks is told with its line", () => {
  const plan = [
    { epoch: 1, rows: ["q0"], lines: [1] },
    { epoch: 1, rows: ["q9", "q4"] },
    { epoch: 1, rows: ["q0"] },
    { epoch: 1, rows: ["q1"], lines: [4] },
    { epoch: 1, lines: [99] },
    "",
    { epoch: 1, lines: [1, 2] },
    { epoch: 1, lines: [3, 7], task: "c" },
    { epoch: 2, lines: [1, 3] },
    { epoch: 2, lines: [2, 3] },
    { epoch: 3, lines: [4, 5] },
    { epoch: 4, rows: ["q1", "q2", "q3", "q1"] },
  ];
  expect(check(plan)).toMatchInlineSnapshot(`
    [
      "2: The data have no query "q9".",
      "2: "q4" is not to be trained on: it has no positive.",
      "3: 2 queries have the id "q0": name the one that is meant by its line, in "lines".",
      "4: Line 4 of the data holds "q3", not "q1".",
      "5: The data have no query on line 99.",
      "7: "q0" on line 1 stands in epoch 1 twice: also on line 1 of the plan.",
      "7: The document "d1000", a negative of "q1" on line 2, is a positive of "q0" on line 1.",
      "8: The batch says task "c", but its rows are of "b".",
      "9: The batch mixes 2 tasks: "a" ("q0" on line 1), "b" ("q2" on line 3).",
      "9: The document "d1000" is a positive of both "q0" on line 1 and "q2" on line 3.",
      "10: "q2" on line 3 stands in epoch 2 twice: also on line 9 of the plan.",
      "10: The batch mixes 2 tasks: "a" ("q1" on line 2), "b" ("q2" on line 3).",
      "10: The document "d1000", a negative of "q1" on line 2, is a positive of "q2" on line 3.",
      "11: The document "d1003" is a positive of both "q3" on line 4 and "q3" on line 5.",
      "12: The batch has 4 rows, more than batch_size 3.",
      "12: "q1" stands in epoch 4 twice: also on line 12 of the plan.",
      "12: The batch mixes 2 tasks: "a" ("q1"), "b" ("q2").",
      "12: The document "d1000", a negative of "q1", is a positive of "q2".",
    ]
  `);
});

test("lines that are no batches are told", () => {
  const plan = ["no JSON", [], {}, { rows: ["q1"], lines: [] }, { rows: [true] }, { epoch: 0, rows: [] }, { lines: [1.5] }, { rows: "q1" }];
  expect(check(plan)).toMatchInlineSnapshot(`
    [
      "1: The line is not JSON.",
      "2: The batch must have "rows" or "lines".",
      "3: The batch must have "rows" or "lines".",
      "4: The batch must have as many "lines" as "rows".",
      "5: "rows.0" must be an id.",
      "6: "epoch" must be at least 1.",
      "7: "lines.0" must be a whole number.",
      "8: "rows" must be a list.",
    ]
  `);
});

test("ids may be numbers, and the epoch is 1 where a plan does not say it", () => {
  const rows = [named({ id: "7" }, 0), named({ id: "8" }, 1)];
  const { violations, epochs } = checkPlan(['{"rows": [7]}', '{"rows": [8, 7], "loss": 1}'], rows, settings(3), String);
  expect(violations).toEqual([{ line: 2, message: '"7" stands in epoch 1 twice: also on line 1 of the plan.' }]);
  expect(epochs).toEqual([{ epoch: 1, leftOut: 0 }]);
});

test("blended batches may mix tasks", () => {
  expect(check([{ lines: [1, 4] }], settings(3, { blended: true }))).toEqual([]);
});

test("what a plan leaves out is counted, not told as a violation", () => {
  const { violations, epochs } = checkPlan(['{"epoch": 2, "lines": [1]}'], data, settings(3), String);
  expect([violations, epochs]).toEqual([[], [{ epoch: 2, leftOut: 4 }]]);
});

test("the plans of planEpoch break no rule", () => {
  fc.assert(
    fc.property(anyRows, anySettings, (all, chosen) => {
      const rows = all.map((each, i) => ({ ...each, lines: [i + 1] }));
      const lines = planEpoch(rows, chosen, 3, 1).map((batch) =>
        planLine({ epoch: 1, rows: batch.map((position) => itemAt(rows, position).id), lines: batch.map((position) => position + 1) }),
      );
      expect(checkPlan(lines, rows, chosen, String).violations).toEqual([]);
    }),
    { seed: 13, numRuns: 200 },
  );
});
