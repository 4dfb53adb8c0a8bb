import { expect, test } from "vitest";
import type { Mark } from "#core/marks/mark";
import type { Grouping } from "#core/grouping/grouping";
import type { RetrievalPlan, WordHits } from "#core/mining/retrievalPlan";
import type { SamplerConfig } from "#core/config/samplerSchema";
import { beir, training } from "../../support/smallCollection";
import { planScene, verdict } from "./miningFixture";

const negatives = Array.from({ length: 60 }, (_, index) => `n${String(index)}`);
const collection = training([{ query: "q", pos: ["p1", "p2"], neg: negatives }]);
const at = (text: string): number => collection.documents.findIndex((document) => document.text === text);

const plan = (sampler: Partial<SamplerConfig>, marks: readonly Mark[] = []): RetrievalPlan => planScene({ collection, sampler, marks });

test("marks change what is a positive and what is scored besides", () => {
  const marks = [verdict("q", "p2", "bad_positive"), verdict("q", "n3", "false_negative"), verdict("q", "n5", "true_negative")];
  expect(plan({}, marks)).toEqual({
    query: 0,
    depth: 100,
    onePerText: false,
    positives: [at("p1"), at("n3")],
    // Whatever somebody judged is scored, so that it can teach.
    extra: [at("n5"), at("p2"), at("n3")],
    lists: [{ kind: "nearest", depth: 100 }],
  });
});

test("random draws are seeded, without repetition, and go on where a mark takes one away", () => {
  const sampler = { sampling_strategy: "random", num_negatives: 5 } as const;
  const drawn = plan(sampler).extra;
  expect(drawn).toHaveLength(20);
  expect(new Set(drawn).size).toBe(20);
  expect(plan(sampler).extra).toEqual(drawn);
  expect(plan({ ...sampler, seed: 7 }).extra).not.toEqual(drawn);
  const first = collection.documents[drawn[0] ?? -1]?.text ?? "";
  expect(plan(sampler, [verdict("q", first, "partly_relevant")]).extra.slice(0, 19)).toEqual(drawn.slice(1));
  expect(drawn).not.toContain(at("p1"));
});

test("each random entry of a mix has a list of its own, long enough after the others have taken theirs", () => {
  const { lists } = plan({
    mix: [
      { source: "random", n: 20 },
      { source: "random", n: 1 },
    ],
  });
  const [many, one] = lists.map((list) => (list.kind === "drawn" ? list.documents : []));
  expect([many?.length, one?.length]).toEqual([50, 12]);
  expect(one).not.toEqual(many?.slice(0, 12));
});

test("what searches by words is searched by words alone while there are no vectors", () => {
  const searchWords = (): WordHits => ({ documents: [3, 4], scores: [2, 1] });
  const mix = (["top", "bm25", "hybrid", "same_article", "same_topic", "random"] as const).map((source) => ({ source, n: 1 }));
  const kinds = (retrieval: "lexical" | "dense"): readonly string[] =>
    planScene({ collection, sampler: { mix }, retrieval, searchWords }).lists.map(({ kind }) => kind);
  expect(kinds("dense")).toEqual(["nearest", "words", "fused", "group", "group", "drawn"]);
  expect(kinds("lexical")).toEqual(["words", "words", "words", "group", "group", "drawn"]);
});

test("a group without a grouping, without members or with too few says so", () => {
  const grouping = (groupOf: readonly number[]): Grouping => {
    const members = Int32Array.from(groupOf.flatMap((group, document) => (group === 0 ? [document] : [])));
    return { groupOf: Int32Array.from(groupOf), members: [members], names: ["one"] };
  };
  const all = collection.documents.map((_, document) => document);
  const noteOf = (article?: Grouping): unknown =>
    planScene({ collection, sampler: { sampling_strategy: "same_article" }, groupings: article === undefined ? {} : { article } }).lists[0];
  expect([noteOf(), noteOf(grouping(all.map(() => -1))), noteOf(grouping(all.map((document) => (document < 4 ? 0 : -1))))])
    .toMatchInlineSnapshot(`
    [
      {
        "documents": [],
        "kind": "group",
        "note": "nothing says which passages are of one article; set sampler.same_article.field",
      },
      {
        "documents": [],
        "kind": "group",
        "note": "no positive of the query belongs to an article",
      },
      {
        "documents": [
          2,
          3,
        ],
        "kind": "group",
        "note": "the positive's article has too few other passages (2)",
      },
    ]
  `);
});

test("random never draws a positive of a query with the same text", () => {
  const twins = beir(
    [
      { id: "1", query: "q" },
      { id: "2", query: "q" },
    ],
    [
      ["a", "one"],
      ["b", "two"],
      ["c", "three"],
    ],
    [
      { query: "1", document: "a", score: 1 },
      { query: "2", document: "b", score: 1 },
    ],
  );
  const { extra } = planScene({ collection: twins, sampler: { sampling_strategy: "random" } });
  expect(extra.map((document) => twins.documents[document]?.id)).toEqual(["c"]);
});
