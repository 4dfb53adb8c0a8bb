import { expect, test } from "vitest";
import { lexicalPool } from "#core/mining/lexicalPool";
import { training } from "../../support/smallCollection";
import { planScene, verdict } from "./miningFixture";

const collection = training([{ query: "q", pos: ["p"], neg: ["a", "b", "c", "d"] }]);
const at = (text: string): number => collection.documents.findIndex((document) => document.text === text);

test("without vectors there are BM25 scores and nothing else; groups and draws have no ranks", () => {
  const members = Int32Array.of(at("p"), at("c"), at("d"));
  const article = {
    groupOf: Int32Array.from(collection.documents, (_, i) => (members.includes(i) ? 0 : -1)),
    members: [members],
    names: ["one"],
  };
  const plan = planScene({
    collection,
    sampler: {
      mix: [
        { source: "top", n: 1 },
        { source: "same_article", n: 4 },
        { source: "random", n: 1 },
      ],
    },
    groupings: { article },
    marks: [verdict("q", "d", "true_negative")],
    retrieval: "lexical",
    searchWords: () => ({ documents: [at("b"), at("c")], scores: [3, 1] }),
  });
  const pool = lexicalPool(plan);
  const textOf = (row: number): string => collection.documents[pool.documents[row] ?? -1]?.text ?? "?";
  expect([...pool.documents.keys()].map((row) => `${textOf(row)} ${String(pool.scores[row])}`).sort()).toEqual([
    "a NaN",
    "b 3",
    "c 1",
    "d NaN",
  ]);
  expect(pool.lists.map(({ rows, ranked, note }) => [ranked, [...rows].map(textOf).sort(), note])).toEqual([
    [true, ["b", "c"], undefined],
    [false, ["c", "d"], "the positive's article has too few other passages (2)"],
    [false, ["a", "b", "c", "d"], undefined],
  ]);
  expect([pool.positiveScores, [...new Set(pool.positiveSimilarity)], pool.nearest]).toEqual([[Number.NaN], [Number.NaN], 0]);
});
