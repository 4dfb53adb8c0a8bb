import { expect, test } from "vitest";
import type { SamplerConfig } from "#core/config/samplerSchema";
import { training, withCorpus } from "../../support/smallCollection";
import { bare, decideScene, story, verdict, type Scene } from "./miningFixture";

const collection = training([{ query: "q", pos: ["p", "r"], neg: ["a", "b", "c", "d"] }]);
const scene: Scene = {
  collection,
  positiveScores: { p: 0.9, r: 0.5 },
  hits: [
    ["a", 0.8, 0.95],
    ["b", 0.6, 0.6],
    ["c", 0.48, 0.7],
    ["d", 0.3, 0.1],
  ],
};
const told = (sampler: Partial<SamplerConfig>, more: Partial<Scene> = {}): readonly string[] =>
  story(more.collection ?? collection, decideScene({ ...scene, ...more, sampler }));

test("where keeps what has the field's value, and names what is missing or wrong", () => {
  const corpus = withCorpus(
    [{ query: "q", pos: ["p"] }],
    [
      ["1", "english", { language: "en", year: 2020 }],
      ["2", "german", { language: "de", year: 2020 }],
      ["3", "silent"],
      ["4", "path", { language: "en", year: 2019 }],
    ],
  );
  const hits = ["english", "german", "silent", "path"].map((text, i) => [text, 0.9 - i / 10] as const);
  const asked = (where: SamplerConfig["where"]): readonly string[] => told({ where }, { collection: corpus, hits });
  expect(
    asked([
      { field: "language", equals: "en" },
      { field: "year", in: [2019, 2021] },
    ]),
  ).toMatchInlineSnapshot(`
    [
      "+ path (4) sampled: number 1 of the survivors by score",
      "- english (1) where: its "year" is 2020, which where does not allow",
      "- german (2) where: its "language" is "de", which where does not allow",
      "- silent (3) where: it has no field "language", which where asks for",
    ]
  `);
  expect(asked([{ field: "id", prefix: "1" }])).toMatchInlineSnapshot(`
    [
      "+ english (1) sampled: number 1 of the survivors by score",
      "- german (2) where: its "id" is "2", which where does not allow",
      "- silent (3) where: its "id" is "3", which where does not allow",
      "- path (4) where: its "id" is "4", which where does not allow",
    ]
  `);
});

test("passages next to a positive in its article are dropped from the article's list, and from no other", () => {
  const passages = Array.from({ length: 7 }, (_, i) => [`t#${String(i)}`, `passage ${String(i)}`] as const);
  const article = withCorpus([{ query: "q", pos: [passages[3] ?? "none"] }], passages);
  const places = Int32Array.from({ length: 7 }, (_, i) => i);
  const groupings = { article: { groupOf: new Int32Array(7), members: [places], places, names: ["t"] } };
  const hits = passages.map(([, text], i) => [text, 0.5 - i / 100] as const);
  const of = (sampling_strategy: SamplerConfig["sampling_strategy"], adjacent: number): readonly string[] =>
    told(
      { sampling_strategy, num_negatives: 2, same_article: { ...bare.same_article, adjacent } },
      { collection: article, hits, groupings },
    );
  expect(of("same_article", 2)).toMatchInlineSnapshot(`
    [
      "+ passage 0 (1) sampled: number 1 of the survivors by score",
      "+ passage 6 (7) sampled: number 2 of the survivors by score",
      "- passage 1 (2) adjacent: 2 passages from a positive in its article",
      "- passage 2 (3) adjacent: next to a positive in its article",
      "- passage 3 (4) own_positive: a positive of this query",
      "- passage 4 (5) adjacent: next to a positive in its article",
      "- passage 5 (6) adjacent: 2 passages from a positive in its article",
    ]
  `);
  expect(of("same_article", 0).filter((line) => line.includes("adjacent"))).toEqual([]);
  expect(of("top", 2).filter((line) => line.includes("adjacent"))).toEqual([]);
});

test("what repeats the query is dropped by its vector or by the words they share", () => {
  const long = "how many hours does the battery of this thing last in normal use";
  const corpus = training([{ query: long, pos: ["p"], neg: [`${long} please`, "same vector", "far"] }]);
  const hits = [
    ["same vector", 0.99],
    [`${long} please`, 0.6],
    ["far", 0.5],
  ] as const;
  expect(told({ near_query_similarity: 0.98, near_query_overlap: 0.8 }, { collection: corpus, hits })).toMatchInlineSnapshot(`
    [
      "+ far (3) sampled: number 1 of the survivors by score",
      "- same vector (1) near_query: nearly the same as the query: similarity 0.99 >= 0.98",
      "- how many hours does the battery of this thing last in normal use please (2) near_query: shares 91.7 % of its three-word runs with the query, at least 80 %",
    ]
  `);
  const lexical = told({ near_query_similarity: 0.98 }, { collection: corpus, hits: [["same vector", 12]], retrieval: "lexical" });
  expect(lexical[0]).toContain("+ same vector");
});

test("a ceiling on the similarity to a positive lets the ceiling itself through", () => {
  expect(told({ max_positive_similarity: 0.7 })).toMatchInlineSnapshot(`
    [
      "+ b (2) sampled: number 1 of the survivors by score",
      "+ c (3) sampled: number 2 of the survivors by score",
      "+ d (4) sampled: number 3 of the survivors by score",
      "- a (1) max_positive_similarity: too similar to a positive: 0.95 > 0.70",
    ]
  `);
});

test("margins are taken against the lowest, the highest or the mean positive", () => {
  const limits = (["lowest", "highest", "mean"] as const).map((margin_anchor) => {
    const { candidates, sources } = decideScene({ ...scene, sampler: { margin_anchor, relative_margin: 0.1, absolute_margin: 0.01 } });
    const rules = candidates.map(({ document, rule }) => `${collection.documents[document]?.text ?? "?"} ${rule}`);
    return [sources[0]?.marginAnchor, ...rules];
  });
  expect(limits).toMatchInlineSnapshot(`
    [
      [
        0.5,
        "d sampled",
        "a absolute_margin",
        "b absolute_margin",
        "c relative_margin",
      ],
      [
        0.9,
        "a sampled",
        "b sampled",
        "c sampled",
        "d sampled",
      ],
      [
        0.7,
        "b sampled",
        "c sampled",
        "d sampled",
        "a absolute_margin",
      ],
    ]
  `);
});

test("each score limit drops what lies beyond it and nothing that lies on it", () => {
  const limits: readonly Partial<SamplerConfig>[] = [
    { max_score: 0.6 },
    { min_score: 0.6 },
    { absolute_margin: 0.25, margin_anchor: "highest" },
    { near_query_similarity: 0.6 },
    { near_duplicate_similarity: 0.6 },
  ];
  const dropped = limits.map((sampler) =>
    decideScene({ ...scene, positiveScores: { p: 0.85, r: 0.5 }, sampler })
      .candidates.filter(({ kept }) => !kept)
      .map(({ document, rule }) => `${collection.documents[document]?.text ?? "?"} ${rule}`),
  );
  expect(dropped).toMatchInlineSnapshot(`
    [
      [
        "a max_score",
      ],
      [
        "b min_score",
        "c min_score",
        "d min_score",
      ],
      [
        "a absolute_margin",
      ],
      [
        "a near_query",
        "b near_query",
      ],
      [
        "a near_duplicate",
        "b near_duplicate",
        "c near_duplicate",
      ],
    ]
  `);
});

test("an overlap on the threshold is dropped whenever it is asked", () => {
  // Seven of ten three-word runs are shared: the share is 0.7 exactly, which single precision would put below it.
  const words = "one two three four five six seven eight nine";
  const corpus = training([{ query: "q", pos: [`${words} ten eleven twelve`], neg: [words] }]);
  const { facts } = decideScene({ collection: corpus, hits: [[words, 0.5]] });
  expect([facts.positiveOverlap(0, 0.7), facts.positiveOverlap(0, 0.7), facts.positiveOverlap(0, 0.71)]).toEqual([0.7, 0.7, -1]);
});

const rescore = { ...bare.rescore, kind: "maxsim" } as const;
const rescored = { p: 4, r: 2, a: 1, b: 3, c: 1.95 };

test("second scores put the survivors in order, on a scale of their own", () => {
  const sampler = { num_negatives: 2, max_score: 0.7, rescore: { ...rescore, top_n: 2 } };
  expect(told(sampler, { rescored })).toMatchInlineSnapshot(`
    [
      "+ b (2) sampled: number 1 of the survivors by second score",
      "+ c (3) sampled: number 2 of the survivors by second score",
      "- a (1) max_score: scores above max_score: 0.80 > 0.70",
      "- d (4) not_rescored: no second score: only the 2 nearest survivors get one",
    ]
  `);
});

test("limits on second scores are taken against the second scores of the positives", () => {
  const limits: readonly Partial<SamplerConfig["rescore"]>[] = [
    { absolute_margin: 0.5 },
    { relative_margin: 0.02 },
    { max_score: 2.5 },
    { min_score: 1.5 },
  ];
  expect(
    limits.map((limit) => told({ rescore: { ...rescore, top_n: 3, ...limit } }, { rescored }).filter((line) => line.includes("rescore_"))),
  ).toMatchInlineSnapshot(`
    [
      [
        "- b (2) rescore_absolute_margin: less than 0.5 below the positive's second score: 3.00 > 1.50",
        "- c (3) rescore_absolute_margin: less than 0.5 below the positive's second score: 1.95 > 1.50",
      ],
      [
        "- b (2) rescore_relative_margin: within 2 % of the positive's second score: 3.00 > 1.96",
      ],
      [
        "- b (2) rescore_max_score: its second score is above rescore.max_score: 3.00 > 2.50",
      ],
      [
        "- a (1) rescore_min_score: its second score is below rescore.min_score: 1.00 < 1.50",
      ],
    ]
  `);
});

test("SimANS draws near the second score of the positive where there are second scores", () => {
  const sampler = { sampling_strategy: "simans", num_negatives: 1, rescore, simans: { ...bare.simans, a: 500 } } as const;
  const decision = decideScene({ ...scene, sampler, rescored: { ...rescored, d: 1 } });
  expect(decision.sources[0]?.simansAnchor).toBe(2);
  expect(decision.candidates[0]).toMatchObject({ document: collection.documents.findIndex(({ text }) => text === "c"), rescored: 1.95 });
});

test("what repeats a negative that is taken is passed over, by vectors or by words, and the next one is taken", () => {
  const long = "the battery lasts for ten hours of normal use and charges over night in the box";
  const corpus = training([{ query: "q", pos: ["p"], neg: ["a", "b", long, `${long} too`, "c"] }]);
  const hits = ["a", "b", long, `${long} too`, "c"].map((text, i) => [text, 0.9 - i / 10] as const);
  const alike = [
    ["a", "b", 0.96],
    ["a", "c", 0.91],
  ] as const;
  const sampler = { num_negatives: 4, diversity_similarity: 0.95, diversity_overlap: 0.8 };
  expect(told(sampler, { collection: corpus, hits, alike })).toMatchInlineSnapshot(`
    [
      "+ a (1) sampled: number 1 of the survivors by score",
      "+ the battery lasts for ten hours of normal use and charges over night in the box (3) sampled: number 3 of the survivors by score",
      "+ c (5) sampled: number 5 of the survivors by score",
      "- b (2) diversity: nearly the same as "ca978112ca1bbdca", which is taken: similarity 0.96 >= 0.95",
      "- the battery lasts for ten hours of normal use and charges over night in the box too (4) diversity: nearly the same as "5a95807d70c405b0", which is taken: 93.3 % of their three-word runs, at least 80 %",
    ]
  `);
});

test("diversity looks at what earlier sources have taken, and at pinned passages", () => {
  const alike = [["a", "b", 0.97]] as const;
  const sampler = {
    diversity_similarity: 0.95,
    mix: [
      { source: "top", n: 1 },
      { source: "bm25", n: 1 },
    ],
  } satisfies Partial<SamplerConfig>;
  const lists = { bm25: ["b", "c"] };
  expect(told(sampler, { alike, lists }).filter((line) => line.startsWith("+"))).toEqual([
    "+ a (1) sampled: number 1 of the survivors by score",
    "+ c (2) sampled: number 2 of the survivors by BM25 score",
  ]);
  const pinned = { ...sampler, mix: sampler.mix.toReversed() };
  expect(told(pinned, { alike, lists, marks: [verdict("q", "b", "true_negative")] })).toMatchInlineSnapshot(`
    [
      "+ b (1) pinned: marked true negative by ann",
      "+ c (3) sampled: number 3 of the survivors by score",
      "- a (1) diversity: nearly the same as "3e23e8160039594a", which is taken: similarity 0.97 >= 0.95",
      "- d (4) not_sampled: number 4 of the survivors by score: num_negatives is reached",
    ]
  `);
});
