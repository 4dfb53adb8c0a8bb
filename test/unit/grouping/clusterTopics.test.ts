import fc from "fast-check";
import { expect, test } from "vitest";
import { clusterTopics, topicCount } from "#core/grouping/clusterTopics";
import { tokenize } from "#core/lexical/tokenize";
import { training, withCorpus } from "../../support/smallCollection";

test("topics are named by the words that set them apart", () => {
  const collection = training([
    {
      query: "q",
      pos: [
        "The cat and the dog in 2024",
        "The cat of the house",
        "A ship on the sea",
        "The sea and the shore",
        "",
        "The ship of the line",
      ],
    },
  ]);
  const { names, members, groupOf } = clusterTopics(collection, Int32Array.from([0, 0, 1, 1, 1]), 3);
  expect(names).toEqual(["cat, dog, house", "sea, ship, a", ""]);
  expect(members.map((list) => [...list])).toEqual([[0, 1], [2, 3, 4], []]);
  expect([...groupOf]).toEqual([0, 0, 1, 1, 1]);
});

test("a document without a topic or without text is nobody's member", () => {
  const collection = withCorpus(
    [],
    [
      ["a", "one"],
      ["b", " "],
      ["c", "two"],
    ],
  );
  const { members, names } = clusterTopics(collection, Int32Array.from([-1, 0, 0]), 1);
  expect(members.map((list) => [...list])).toEqual([[2]]);
  expect(names).toEqual(["two"]);
});

test("names agree with the formula", () => {
  const text = fc.array(fc.constantFrom("a", "b", "c", "d", "e", "f"), { minLength: 1, maxLength: 6 }).map((words) => words.join(" "));
  const documents = fc.uniqueArray(fc.tuple(text, fc.nat(2)), { minLength: 1, maxLength: 10, selector: ([words]) => words });
  fc.assert(
    fc.property(documents, (pairs) => {
      const collection = training([{ query: "q", pos: pairs.map(([words]) => words) }]);
      const { names } = clusterTopics(
        collection,
        Int32Array.from(pairs, ([, topic]) => topic),
        3,
      );
      const share = (word: string, among: readonly string[]): number =>
        among.filter((words) => tokenize(words).includes(word)).length / among.length;
      const all = pairs.map(([words]) => words);
      for (const [topic, name] of names.entries()) {
        const own = pairs.filter(([, of]) => of === topic).map(([words]) => words);
        const words = [...new Set(own.flatMap(tokenize))].sort();
        const tells = new Map(words.map((word) => [word, share(word, own) * Math.log(share(word, own) / share(word, all))]));
        const best = [...words].sort((x, y) => (tells.get(y) ?? 0) - (tells.get(x) ?? 0)).slice(0, 3);
        const shown = name === "" ? [] : name.split(", ");
        expect(shown.map((word) => tells.get(word)?.toFixed(9))).toEqual(best.map((word) => tells.get(word)?.toFixed(9)));
      }
    }),
  );
});

test("the number of topics is the square root of half the documents, from 2 to 256", () => {
  expect([0, 1, 8, 200, 50_000, 131_072, 1_000_000].map(topicCount)).toEqual([2, 2, 2, 10, 158, 256, 256]);
});
