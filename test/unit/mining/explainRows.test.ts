import { expect, test } from "vitest";
import { explain, explainRows } from "#core/mining/explain";
import { training } from "../../support/smallCollection";
import { decideScene, verdict } from "./miningFixture";

test("some rows are told as they are among all", () => {
  const collection = training([{ query: "q", pos: ["p"], neg: ["a", "b", "c", "d", "e"] }]);
  const scene = decideScene({
    collection,
    sampler: {
      mix: [
        { source: "simans", n: 1 },
        { source: "random", n: 1 },
      ],
      max_score: 0.75,
    },
    marks: [verdict("q", "d", "true_negative"), verdict("q", "c", "partly_relevant")],
    positiveScores: { p: 0.9 },
    hits: [
      ["p", 0.9],
      ["a", 0.8],
      ["b", 0.7],
      ["c", 0.6],
      ["d", 0.5],
    ],
    drawn: [["e", 0.1]],
  });
  const { pool, facts, context } = scene;
  const all = explain({ facts, context, decision: scene });
  const rows = all.map(({ document }) => pool.documents.indexOf(document));
  expect(rows.length).toBe(6);
  expect(explainRows({ facts, context, decision: scene }, rows)).toEqual(all);
  expect(explainRows({ facts, context, decision: scene }, rows.slice(2, 4))).toEqual(all.slice(2, 4));
  expect(explainRows({ facts, context, decision: scene }, [])).toEqual([]);
});
