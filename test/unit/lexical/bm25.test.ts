import fc from "fast-check";
import { expect, test } from "vitest";
import { Bm25Index, type SlotText } from "#core/lexical/bm25";
import type { Bm25Weights } from "#core/lexical/scoreBoard";
import { tokenize } from "#core/lexical/tokenize";
import type { Hits } from "#core/lexical/topHits";

const atOnce = (): Promise<void> => Promise.resolve();
const usual: Bm25Weights = { k1: 1.2, b: 0.75 };

function slotted(texts: readonly string[]): readonly SlotText[] {
  return texts.map((text, slot) => ({ slot, text }));
}

async function indexOf(texts: readonly SlotText[]): Promise<Bm25Index> {
  const index = new Bm25Index();
  await index.put(texts, { breathe: atOnce });
  return index;
}

interface Hit {
  readonly slot: number;
  readonly score: number;
}

function hitsOf({ slots, scores }: Hits): readonly Hit[] {
  return [...slots].map((slot, at) => ({ slot, score: scores[at] ?? Number.NaN }));
}

/** The formula over all texts, one after the other. */
function naive(texts: readonly SlotText[], query: string, { k1, b }: Bm25Weights): readonly Hit[] {
  const documents = texts.map(({ slot, text }) => ({ slot, words: tokenize(text) }));
  const average = documents.reduce((sum, { words }) => sum + words.length, 0) / documents.length;
  const score = (words: readonly string[]): number =>
    tokenize(query).reduce((sum, word) => {
      const containing = documents.filter((other) => other.words.includes(word)).length;
      const idf = Math.log(1 + (documents.length - containing + 0.5) / (containing + 0.5));
      const times = words.filter((other) => other === word).length;
      return times === 0 ? sum : sum + (idf * times * (k1 + 1)) / (times + k1 * (1 - b + (b * words.length) / average));
    }, 0);
  return documents
    .map(({ slot, words }) => ({ slot, score: score(words) }))
    .filter((hit) => hit.score > 0)
    .sort((one, other) => other.score - one.score || one.slot - other.slot);
}

test("texts with rarer words of the query come first", async () => {
  const index = await indexOf(slotted(["the cat sat", "the dog sat", "the cat saw the dog", "a bird"]));
  const found = hitsOf(index.search("The CAT and the dog", 10, usual));
  expect(found.map(({ slot, score }) => `${String(slot)}: ${score.toFixed(4)}`)).toEqual(["2: 1.9879", "0: 1.4522", "1: 1.4522"]);
});

test("k1 and b are those of the search", async () => {
  const index = await indexOf(slotted(["x x y y", "x", "z"]));
  const order = (weights: Bm25Weights): readonly number[] => [...index.search("x", 2, weights).slots];
  expect(order({ k1: 1.2, b: 0 })).toEqual([0, 1]);
  expect(order({ k1: 5, b: 1 })).toEqual([1, 0]);
  expect(order({ k1: 0, b: 1 })).toEqual([0, 1]);
});

test("equal scores rank in the order of the slots, however they came in", async () => {
  const index = await indexOf([
    { slot: 7, text: "x y" },
    { slot: 2, text: "x z" },
  ]);
  await index.put([{ slot: 5, text: "x w" }], { breathe: atOnce });
  expect([...index.search("x", 2, usual).slots]).toEqual([2, 5]);
});

test("nothing is found for words that no text has, nor in an empty index, nor for no places", async () => {
  expect(hitsOf((await indexOf(slotted(["a"]))).search("b", 5, usual))).toEqual([]);
  expect(hitsOf((await indexOf(slotted(["a"]))).search("a", 0, usual))).toEqual([]);
  expect(hitsOf(new Bm25Index().search("a", 5, usual))).toEqual([]);
  const emptied = await indexOf(slotted(["a", "b"]));
  emptied.drop([0, 1, 2]);
  expect(emptied.size).toBe(0);
  expect(hitsOf(emptied.search("a", 5, usual))).toEqual([]);
});

const words = fc.constantFrom("a", "b", "c", "d", "e", "long-winded", "🙂");
const text = fc.array(words, { maxLength: 8 }).map((list) => list.join(" "));
const weights = fc.record({ k1: fc.constantFrom(0, 0.4, 1.2, 3), b: fc.constantFrom(0, 0.3, 0.75, 1) });

test("the index scores as the formula over all texts does", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 12 }), text, fc.integer({ min: 1, max: 8 }), weights, async (texts, query, count, by) => {
      const found = hitsOf((await indexOf(slotted(texts))).search(query, count, by));
      const expected = naive(slotted(texts), query, by);
      const rounded = (hits: readonly Hit[]): readonly string[] => hits.map(({ score }) => score.toFixed(9));
      expect(rounded(found)).toEqual(rounded(expected.slice(0, count)));
      const scoreOf = new Map(expected.map((hit) => [hit.slot, hit.score.toFixed(9)]));
      expect(found.map((hit) => scoreOf.get(hit.slot))).toEqual(rounded(found));
    }),
  );
});

type Edit = { readonly put: readonly SlotText[] } | { readonly drop: readonly number[] };

const slot = fc.nat(11);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ put: fc.uniqueArray(fc.record({ slot, text }), { selector: (put) => put.slot, maxLength: 6 }) }),
  fc.record({ drop: fc.array(slot, { maxLength: 4 }) }),
);

test("after any edits the index answers to the last bit as one made anew", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { maxLength: 12 }), text, fc.integer({ min: 1, max: 8 }), weights, async (edits, query, count, by) => {
      const index = new Bm25Index();
      const there = new Map<number, string>();
      for (const step of edits) {
        if ("put" in step) {
          await index.put(step.put, { breathe: atOnce });
          for (const put of step.put) there.set(put.slot, put.text);
        } else {
          index.drop(step.drop);
          for (const dropped of step.drop) there.delete(dropped);
        }
        const anew = await indexOf([...there].map(([at, held]) => ({ slot: at, text: held })).sort((a, b) => a.slot - b.slot));
        expect(index.size).toBe(there.size);
        expect(index.search(query, count, by)).toEqual(anew.search(query, count, by));
      }
    }),
    { numRuns: 300 },
  );
});

test("passing over common words changes no answer", async () => {
  // Many texts, so that the best few are settled long before the lists of the common words.
  const rare = fc.array(fc.nat(40), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(rare, { minLength: 60, maxLength: 200 }),
      rare,
      fc.integer({ min: 1, max: 10 }),
      weights,
      async (lists, asked, count, by) => {
        const texts = slotted(lists.map((list, at) => `the ${at % 3 === 0 ? "of the " : ""}${list.map((n) => `w${String(n)}`).join(" ")}`));
        const index = await indexOf(texts);
        index.drop([0, 1]);
        const query = `the of ${asked.map((n) => `w${String(n)}`).join(" ")}`;
        const few = hitsOf(index.search(query, count, by));
        const all = hitsOf(index.search(query, texts.length, by));
        expect(few).toEqual(all.slice(0, count));
        expect(all.map(({ score }) => score.toFixed(9))).toEqual(naive(texts.slice(2), query, by).map(({ score }) => score.toFixed(9)));
      },
    ),
  );
});

test("texts may be dropped while others are put", async () => {
  const index = await indexOf(slotted(["a b", "a c", "a d", "e"]));
  let breaths = 0;
  const breathe = (): Promise<void> => {
    breaths += 1;
    if (breaths === 1) index.drop([1]);
    return Promise.resolve();
  };
  const more = Array.from({ length: 400 }, (_, at) => ({ slot: 10 + at, text: `word${String(at)}` }));
  await index.put(more, { breathe });
  const rest = slotted(["a b", "a c", "a d", "e"]).filter(({ slot: at }) => at !== 1);
  expect(index.search("a d word7", 10, usual)).toEqual((await indexOf([...rest, ...more])).search("a d word7", 10, usual));
});

const manyTexts = slotted(Array.from({ length: 1000 }, (_, at) => `word${String(at)}`));

test("indexing lets waiting input in", async () => {
  let breaths = 0;
  const breathe = (): Promise<void> => {
    breaths += 1;
    return Promise.resolve();
  };
  expect(await new Bm25Index().put(manyTexts, { breathe })).toBe(true);
  expect(breaths).toBeGreaterThan(4);
});

test("what has become needless changes nothing, and the next put begins after it", async () => {
  const index = await indexOf([{ slot: 3, text: "word3 again" }]);
  let asked = 0;
  const needless = (): boolean => ++asked === 2;
  const givenUp = index.put(manyTexts, { breathe: atOnce, needless });
  const next = index.put([{ slot: 0, text: "word0" }], { breathe: atOnce });
  expect(await givenUp).toBe(false);
  expect(await next).toBe(true);
  expect(asked).toBe(2);
  expect(index.size).toBe(2);
  expect([...index.search("word0 word3", 5, usual).slots]).toEqual([0, 3]);
});

test("a slot cannot be given two texts", async () => {
  const index = await indexOf(slotted(["a"]));
  const twice = index.put(
    [
      { slot: 1, text: "b" },
      { slot: 1, text: "c" },
    ],
    { breathe: atOnce },
  );
  await expect(twice).rejects.toThrow("Slot 1 is given two texts.");
  expect(await index.put([{ slot: 1, text: "d" }], { breathe: atOnce })).toBe(true);
});
