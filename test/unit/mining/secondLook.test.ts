import { expect, test } from "vitest";
import type { SamplerConfig } from "#core/config/samplerSchema";
import { rowsToCompare, rowsToRescore, wantsSecondScores, withSecondScores } from "#core/mining/secondLook";
import { training } from "../../support/smallCollection";
import { bare, decideScene, verdict, type Scene, type Scenery } from "./miningFixture";

const collection = training([{ query: "q", pos: ["p"], neg: ["a", "b", "c", "d", "e"] }]);
const scene: Scene = {
  collection,
  positiveScores: { p: 0.8 },
  hits: [
    ["p", 0.8, 1],
    ["a", 0.79, 0.5],
    ["b", 0.7, 0.5],
    ["c", 0.6, 0.5],
    ["d", 0.5, 0.5],
    ["e", 0.4, 0.5],
  ],
  lists: { bm25: ["e"] },
};
const rescore = { ...bare.rescore, kind: "maxsim", top_n: 2 } as const;
const decided = (sampler: Partial<SamplerConfig>, more: Partial<Scene> = {}): Scenery => decideScene({ ...scene, ...more, sampler });
const named = ({ pool }: Scenery, rows: readonly number[]): readonly (string | undefined)[] =>
  rows.map((row) => collection.documents[pool.documents[row] ?? -1]?.text);

test("the nearest survivors of each source get a second score, as many as top_n says", () => {
  const mix = [
    { source: "top", n: 1 },
    { source: "bm25", n: 1 },
  ] as const;
  const scenery = decided({ rescore, relative_margin: 0.05, mix: [...mix] });
  expect(named(scenery, rowsToRescore(scenery.facts, scenery.context))).toEqual(["b", "c", "e"]);
  const none = decided({ relative_margin: 0.05 });
  expect([wantsSecondScores(none.context.sources), rowsToRescore(none.facts, none.context)]).toEqual([false, []]);
});

test("under sentence-transformers' rules every candidate is scored anew, where a margin or a ceiling asks for it", () => {
  const compat = { compat: "sentence-transformers", rescore } as const;
  const asked = decided({ ...compat, max_score: 0.9 });
  expect(named(asked, rowsToRescore(asked.facts, asked.context))).toEqual(["a", "b", "c", "d", "e"]);
  expect(wantsSecondScores(decided(compat).context.sources)).toBe(false);
});

test("there second scores take the place of the first and bring the lists in a new order; elsewhere they stand beside them", () => {
  const { pool } = decided({});
  const scores = { positives: [2], rows: Float64Array.of(Number.NaN, 1, 5, 3, 4, 2) };
  const beside = withSecondScores(pool, scores, false);
  expect([beside.scores, beside.rescored]).toEqual([pool.scores, scores]);
  const instead = withSecondScores(pool, scores, true);
  expect([...instead.scores, ...instead.positiveScores]).toEqual([0.8, 1, 5, 3, 4, 2, 2]);
  expect([...(instead.lists[0]?.rows ?? [])]).toEqual([2, 4, 3, 5, 1, 0]);
});

test("whatever may be chosen or is pinned is compared", () => {
  const scenery = decided({ max_score: 0.55 }, { marks: [verdict("q", "a", "true_negative")] });
  expect(named(scenery, rowsToCompare(scenery.facts, scenery.context))).toEqual(["a", "d", "e"]);
});
