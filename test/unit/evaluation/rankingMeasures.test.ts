import fc from "fast-check";
import { expect, test } from "vitest";
import { rankedTexts, relevantTexts } from "#core/evaluation/judgedRanking";
import { rankingMeasures } from "#core/evaluation/rankingMeasures";
import { itemAt } from "#core/util/itemAt";
import { beir, training } from "../../support/smallCollection";

const rounded = (measures: object): unknown =>
  Object.fromEntries(Object.entries(measures).map(([name, value]) => [name, Number((value as number).toFixed(6))]));

test("figures worked out by hand", () => {
  // Relevant at ranks 2 and 4 of three relevant: (1/log2 3 + 1/log2 5) / (1 + 1/log2 3 + 1/log2 4).
  expect(rounded(rankingMeasures([7, 1, 8, 2, 9], new Set([1, 2, 3])))).toEqual({ ndcg: 0.498189, mrr: 0.5, recall: 0.666667 });
  expect(rankingMeasures([1, 2, 3], new Set([1, 2, 3]))).toEqual({ ndcg: 1, mrr: 1, recall: 1 });
  expect(rankingMeasures([7, 8], new Set([1]))).toEqual({ ndcg: 0, mrr: 0, recall: 0 });
  expect(rankingMeasures([], new Set([1]))).toEqual({ ndcg: 0, mrr: 0, recall: 0 });
});

test("each measure has its own depth", () => {
  const ranked = Array.from({ length: 120 }, (_, i) => i);
  expect(rankingMeasures(ranked, new Set([10, 99, 100]))).toEqual({ ndcg: 0, mrr: 0, recall: 2 / 3 });
  expect(rankingMeasures(ranked, new Set([10, 99]), { ndcg: 11, mrr: 11, recall: 11 })).toMatchObject({ mrr: 1 / 11, recall: 0.5 });
});

test("with more relevant than the list is long, a full list is perfect", () => {
  const ranked = Array.from({ length: 10 }, (_, i) => i);
  expect(rankingMeasures(ranked, new Set(Array.from({ length: 30 }, (_, i) => i))).ndcg).toBe(1);
});

test("a text that comes again takes no rank", () => {
  expect(rankingMeasures([5, 5, 5, 1], new Set([1]))).toEqual(rankingMeasures([5, 1], new Set([1])));
  expect(rankingMeasures([1, 1], new Set([1, 2])).recall).toBe(0.5);
});

test("a ranking against nothing is a bug", () => {
  expect(() => rankingMeasures([1], new Set())).toThrow(RangeError);
});

test("measures lie between 0 and 1, and moving something relevant up never lowers one", () => {
  const ranking = fc.uniqueArray(fc.nat(30), { minLength: 2, maxLength: 25 });
  fc.assert(
    fc.property(ranking, fc.uniqueArray(fc.nat(30), { minLength: 1 }), fc.nat(), (ranked, relevantList, pick) => {
      const relevant = new Set(relevantList);
      const depths = { ndcg: 10, mrr: 10, recall: 20 };
      const before = rankingMeasures(ranked, relevant, depths);
      expect(Object.values(before).every((value) => value >= 0 && value <= 1 + 1e-12)).toBe(true);
      const at = 1 + (pick % (ranked.length - 1));
      const [upper, lower] = [itemAt(ranked, at - 1), itemAt(ranked, at)];
      if (relevant.has(upper) || !relevant.has(lower)) return;
      const after = rankingMeasures(
        ranked.map((group, i) => (i === at - 1 ? lower : i === at ? upper : group)),
        relevant,
        depths,
      );
      expect([after.ndcg - before.ndcg, after.mrr - before.mrr, after.recall - before.recall].every((gain) => gain >= -1e-12)).toBe(true);
    }),
  );
});

test("copies of a passage are one text, and the query's own text is no result, under a title or not", () => {
  const collection = beir(
    [{ id: "q", query: "Cats purr." }],
    [
      ["own", "Cats purr."],
      ["a", "Cats  sleep."],
      ["b", "Cats sleep."],
      ["c", "Dogs bark."],
    ],
    [
      { query: "q", document: "own", score: 1 },
      { query: "q", document: "b", score: 1 },
    ],
  );
  const query = itemAt(collection.queries, 0);
  const groupOf = (id: string): number | undefined => collection.documents.find((document) => document.id === id)?.group;
  const indices = ["own", "a", "b", "c"].map((id) => collection.documents.findIndex((document) => document.id === id));
  expect(rankedTexts(indices, query, collection)).toEqual([groupOf("a"), groupOf("c")]);
  expect([...relevantTexts(query.positives, query, collection)]).toEqual([groupOf("b")]);
});

test("nothing is relevant for a query whose only positive is its own text", () => {
  const collection = training([{ query: "a", pos: ["a"], neg: ["b"] }]);
  const query = itemAt(collection.queries, 0);
  expect(relevantTexts(query.positives, query, collection).size).toBe(0);
});
