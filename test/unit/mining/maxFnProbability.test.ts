// The guard drops what the false-negative model suspects, for each source by its own limit and its own intercept.
import { expect, test } from "vitest";
import type { SamplerConfig } from "#core/config/samplerSchema";
import type { FalseNegativeModel } from "#core/falseNegatives/falseNegativeModel";
import { FEATURES } from "#core/falseNegatives/features";
import type { PairOpinion } from "#core/suggestions/pairOpinion";
import type { OpinionVerdict } from "#core/suggestions/suggestion";
import { falseNegativeProbabilities, fittedProbabilities } from "#core/mining/falseNegativeProbabilities";
import type { MinedQuery } from "#core/mining/miningState";
import { searchShape } from "#core/mining/searchShape";
import { rowsToRescore } from "#core/mining/secondLook";
import { sourcesOf } from "#core/mining/sourceSettings";
import { training } from "../../support/smallCollection";
import { bare, decideScene, plainModel, story, verdict } from "./miningFixture";
import type { Scene, Scenery } from "./miningFixture";

const collection = training([{ query: "q", pos: ["p"], neg: ["a", "b", "c", "d"] }]);
const scene: Scene = {
  collection,
  positiveScores: { p: 0.9 },
  falseNegatives: plainModel,
  hits: [
    ["p", 0.9, 1],
    ["a", 0.8, 0.9],
    ["b", 0.7, 0.5],
    ["c", 0.6, 0.2],
    ["d", 0.3, 0.1],
  ],
};
const scenery = (sampler: Partial<SamplerConfig>, more: Partial<Scene> = {}): Scenery => decideScene({ ...scene, ...more, sampler });
const told = (...args: Parameters<typeof scenery>): readonly string[] => story(collection, scenery(...args));
const asMined = ({ pool, facts, context, ...decision }: Scenery): MinedQuery => ({
  query: 0,
  verdicts: context.verdicts,
  pool,
  facts,
  context,
  decision,
});
const rounded = (values: Float64Array | undefined): readonly string[] => [...(values ?? [])].map((value) => value.toFixed(3));

test("it drops what is more probably relevant than the limit, and says why", () => {
  expect(told({ num_negatives: 4, max_fn_probability: 0.15 })).toMatchInlineSnapshot(`
    [
      "+ c (4) sampled: number 1 of the survivors by score",
      "+ d (5) sampled: number 2 of the survivors by score",
      "- p (1) own_positive: a positive of this query",
      "- a (2) max_fn_probability: probably relevant: P 0.41 > 0.15 (may be relevant: much like a positive, very near the query)",
      "- b (3) max_fn_probability: probably relevant: P 0.21 > 0.15 (may be relevant: very near the query, much like a positive)",
    ]
  `);
  expect(told({ num_negatives: 4, max_fn_probability: null }).filter((line) => line.startsWith("+"))).toHaveLength(4);
});

test("passages that people call true negatives pass it, and so does everything where there is no model or no vectors", () => {
  const limit = { num_negatives: 4, max_fn_probability: 0 };
  const kept = (more: Partial<Scene>): readonly string[] => told(limit, more).filter((line) => line.startsWith("+"));
  expect(kept({})).toEqual([]);
  expect(kept({ marks: [verdict("q", "a", "true_negative")] })).toMatchInlineSnapshot(`
    [
      "+ a (2) pinned: marked true negative by ann",
    ]
  `);
  expect(decideScene({ collection, hits: scene.hits, sampler: limit }).kept).toHaveLength(4);
  expect(kept({ retrieval: "lexical" })).toHaveLength(4);
});

test("each source has its own limit, and its own intercept", () => {
  const taught: FalseNegativeModel = { ...plainModel, kind: "fitted", sourceIntercepts: { bm25: 2 } };
  const mix: SamplerConfig["mix"] = [
    { source: "top", n: 2, max_fn_probability: 0.2 },
    { source: "bm25", n: 2 },
  ];
  const mined = scenery({ mix, max_fn_probability: 0.3 }, { falseNegatives: taught, lists: { bm25: ["b", "c", "d"] } });
  expect(story(collection, mined)).toMatchInlineSnapshot(`
    [
      "+ c (4) sampled: number 1 of the survivors by score",
      "+ d (5) sampled: number 2 of the survivors by score",
      "- p (1) own_positive: a positive of this query",
      "- a (2) max_fn_probability: probably relevant: P 0.41 > 0.20 (possibly relevant: much like a positive, very near the query)",
      "- b (3) max_fn_probability: probably relevant: P 0.21 > 0.20 (possibly relevant: very near the query, much like a positive)",
    ]
  `);
  // By the source that decided about each.
  expect(rounded(falseNegativeProbabilities(asMined(mined)))).toMatchInlineSnapshot(`
    [
      "0.125",
      "0.413",
      "0.206",
      "0.104",
      "0.050",
    ]
  `);
});

test("probabilities that act unasked are those that marks have taught, and 0 for what people call true negatives", () => {
  const marks = [verdict("q", "b", "true_negative")];
  expect(fittedProbabilities(asMined(scenery({ num_negatives: 4 }, { marks })))).toBeUndefined();
  const taught: FalseNegativeModel = { ...plainModel, kind: "fitted" };
  expect(rounded(fittedProbabilities(asMined(scenery({ num_negatives: 4 }, { marks, falseNegatives: taught }))))).toMatchInlineSnapshot(`
    [
      "0.125",
      "0.413",
      "0.000",
      "0.104",
      "0.050",
    ]
  `);
});

test("another model, or other sources, and the probabilities are made anew", () => {
  const { facts, context } = scenery({ num_negatives: 4 });
  const under = (model: FalseNegativeModel): readonly string[] =>
    rounded(facts.probabilities({ ...context, falseNegatives: model }, "top"));
  const first = under(plainModel);
  expect(under({ ...plainModel, intercept: 5 })).not.toEqual(first);
  expect(under(plainModel)).toEqual(first);
  const known = facts.probabilities({ ...context, falseNegatives: plainModel }, "top");
  expect(facts.probabilities({ ...context, falseNegatives: plainModel }, "window")).toBe(known);
});

test("what is searched for does not depend on it", () => {
  const rescore = { ...bare.rescore, kind: "maxsim" as const, top_n: 2 };
  const mix = [{ source: "top" as const, n: 2, max_fn_probability: 0.1 }];
  const shapeOf = (sampler: Partial<SamplerConfig>): string => {
    const whole = { ...bare, ...sampler };
    return searchShape(whole, sourcesOf(whole, 1)).key;
  };
  expect(shapeOf({ rescore, mix, max_fn_probability: 0.5 })).toBe(shapeOf({ rescore, mix: [{ source: "top", n: 2 }] }));
  const rows = (max_fn_probability: number | null): readonly number[] => {
    const { facts, context } = scenery({ rescore, max_fn_probability });
    return rowsToRescore(facts, context);
  };
  expect(rows(0.01)).toEqual(rows(null));
});

test("what language models say counts as it is now, and is not named among the reasons of the guard", () => {
  const place = FEATURES.indexOf("llm_verdict");
  const falseNegatives = { ...plainModel, coefficients: plainModel.coefficients.with(place, 1) };
  const { collection: of } = scene;
  const opinionOn = (text: string, name: OpinionVerdict): ReadonlyMap<string, PairOpinion> =>
    new Map([
      [
        of.groupKeys[of.documents.find((document) => document.text === text)?.group ?? -1] ?? "",
        { verdict: name, reason: "", model: "m", stage: "flag", time: "" },
      ],
    ]);
  const { facts, context } = scenery({ num_negatives: 4 }, { falseNegatives });
  const under = (opinions: ReadonlyMap<string, PairOpinion>): readonly string[] =>
    rounded(facts.probabilities({ ...context, falseNegatives, opinions }, "top"));
  const without = under(new Map());
  const relevant = under(opinionOn("c", "relevant"));
  expect(relevant.filter((probability, row) => probability !== without[row])).toHaveLength(1);
  expect(under(opinionOn("c", "not_relevant"))).not.toEqual(relevant);
  expect(under(new Map())).toEqual(without);
  const opinions = opinionOn("d", "relevant");
  expect(told({ num_negatives: 4, max_fn_probability: 0.2 }, { falseNegatives, opinions }).filter((line) => line.startsWith("- d")))
    .toMatchInlineSnapshot(`
    [
      "- d (5) max_fn_probability: probably relevant: P 0.28 > 0.20 (may be relevant: very near the query)",
    ]
  `);
});
