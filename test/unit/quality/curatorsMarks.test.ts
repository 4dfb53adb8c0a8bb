import { expect, test } from "vitest";
import { defaultConfig } from "#core/config/config";
import { foldMarks } from "#core/marks/foldMarks";
import { decideFor, miningState, planFor, verdictsAt } from "#core/mining/miningState";
import type { MinedQuery } from "#core/mining/miningState";
import { noSuggestions } from "#core/suggestions/pairOpinion";
import { lexicalPool } from "#core/mining/lexicalPool";
import { curatorsMarks } from "../../quality/curatorsMarks";
import { emissionFigures } from "../../quality/emissionFigures";
import type { Split } from "../../judged/hiddenPositives";
import { beir } from "../../support/smallCollection";

const passages = Array.from({ length: 30 }, (_, i) => [`d${String(i)}`, `passage number ${String(i)}`] as const);
const collection = beir([{ id: "q", query: "a query" }], passages, [{ query: "q", document: "d0", score: 1 }]);
/** d1 is near the query, d25 is far from it; the search gives the passages in their order. */
const split: Split = { seed: 1, training: [{ query: 0, labelled: [0], hidden: new Set([1, 25]) }], test: [] };
const sampler = { ...defaultConfig.sampler, num_negatives: 26, relative_margin: null, diversity_overlap: null };
const state = {
  collection,
  config: { ...defaultConfig, sampler },
  groupings: {},
  author: "",
  falseNegatives: undefined,
  suggestions: noSuggestions,
};
const order = { documents: passages.map((_, i) => i), scores: passages.map((_, i) => 30 - i) };

function mine(marks: Parameters<typeof foldMarks>[0]): MinedQuery {
  const present = miningState({ ...state, marks: foldMarks(marks) });
  return decideFor(present, lexicalPool(planFor(present, 0, { retrieval: "lexical", searchWords: () => order })));
}

test("removed: no hidden positive is emitted, and none becomes a positive", () => {
  const marks = curatorsMarks("removed", [mine([])], split, collection);
  expect(emissionFigures([mine([])], split).falseNegatives).toBeCloseTo(2 / 26);
  expect(emissionFigures([mine(marks)], split)).toMatchObject({ falseNegatives: 0, positives: 1 });
});

test("promoted: hidden positives among the nearest 20 become positives, the others are removed", () => {
  const looked = mine([]);
  // As dense retrieval has it: the first rows are the nearest documents.
  const dense = { ...looked, pool: { ...looked.pool, nearest: looked.pool.documents.length } };
  const marks = curatorsMarks("promoted", [dense], split, collection);
  const { promoted, excluded } = verdictsAt(miningState({ ...state, marks: foldMarks(marks) }), 0);
  expect(promoted).toEqual([1]);
  expect(excluded.size).toBe(2);
  expect(emissionFigures([mine(marks)], split)).toMatchObject({ falseNegatives: 0, positives: 2 });
});
