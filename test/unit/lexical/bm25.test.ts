import fc from "fast-check";
import { expect, test } from "vitest";
import { Bm25Index } from "#core/lexical/bm25";
import { tokenize } from "#core/lexical/tokenize";
import type { ScoredDocument } from "#core/lexical/topHits";

const atOnce = (): Promise<void> => Promise.resolve();

async function indexOf(...batches: readonly (readonly string[])[]): Promise<Bm25Index> {
  const index = new Bm25Index();
  for (const batch of batches) {
    await index.addAll(batch, { breathe: atOnce });
  }
  return index;
}

/** The formula over all documents, one after the other. */
function naive(texts: readonly string[], query: string): readonly ScoredDocument[] {
  const documents = texts.map(tokenize);
  const average = documents.reduce((sum, words) => sum + words.length, 0) / documents.length;
  const score = (words: readonly string[]): number =>
    tokenize(query).reduce((sum, word) => {
      const containing = documents.filter((others) => others.includes(word)).length;
      const idf = Math.log(1 + (documents.length - containing + 0.5) / (containing + 0.5));
      const times = words.filter((other) => other === word).length;
      return times === 0 ? sum : sum + (idf * times * 2.2) / (times + 1.2 * (0.25 + (0.75 * words.length) / average));
    }, 0);
  return documents
    .map((words, document) => ({ document, score: score(words) }))
    .filter((hit) => hit.score > 0)
    .sort((a, b) => b.score - a.score || a.document - b.document);
}

test("documents with rarer words of the query come first", async () => {
  const index = await indexOf(["the cat sat", "the dog sat", "the cat saw the dog", "a bird"]);
  expect(index.search("The CAT and the dog", 10).map(({ document, score }) => [document, Number(score.toFixed(4))])).toMatchInlineSnapshot(`
    [
      [
        2,
        1.9879,
      ],
      [
        0,
        1.4522,
      ],
      [
        1,
        1.4522,
      ],
    ]
  `);
});

test("equal scores rank in the order of the documents", async () => {
  const index = await indexOf(["x y", "x z", "x w", "x v"]);
  expect(index.search("x", 2).map((hit) => hit.document)).toEqual([0, 1]);
});

test("nothing is found for words that no document has, nor in an empty index", async () => {
  expect((await indexOf(["a"])).search("b", 5)).toEqual([]);
  expect((await indexOf()).search("a", 5)).toEqual([]);
  expect((await indexOf([])).search("a", 5)).toEqual([]);
});

test("the index scores as the formula over all documents does, however the documents came in", async () => {
  const text = fc.array(fc.constantFrom("a", "b", "c", "d", "e", "long-winded"), { maxLength: 8 }).map((words) => words.join(" "));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(text, { maxLength: 6 }), { maxLength: 3 }),
      text,
      fc.integer({ min: 1, max: 8 }),
      async (batches, query, count) => {
        const found = (await indexOf(...batches)).search(query, count);
        const expected = naive(batches.flat(), query);
        const close = (hits: readonly ScoredDocument[]): readonly string[] => hits.map(({ score }) => score.toFixed(9));
        expect(close(found)).toEqual(close(expected.slice(0, count)));
        const scoreOf = new Map(expected.map((hit) => [hit.document, hit.score.toFixed(9)]));
        expect(found.map((hit) => scoreOf.get(hit.document))).toEqual(close(found));
      },
    ),
  );
});

const manyTexts = Array.from({ length: 1000 }, (_, at) => `word${String(at)}`);

test("indexing lets waiting input in", async () => {
  let breaths = 0;
  const breathe = (): Promise<void> => {
    breaths += 1;
    return Promise.resolve();
  };
  expect(await new Bm25Index().addAll(manyTexts, { breathe })).toBe(true);
  expect(breaths).toBeGreaterThan(4);
});

test("indexing stops when it has become needless", async () => {
  let asked = 0;
  const needless = (): boolean => ++asked === 2;
  expect(await new Bm25Index().addAll(manyTexts, { breathe: atOnce, needless })).toBe(false);
  expect(asked).toBe(2);
});
