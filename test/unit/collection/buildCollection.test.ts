import fc from "fast-check";
import { expect, test } from "vitest";
import { buildCollection, buildCollectionSliced } from "#core/collection/buildCollection";
import { TextKeys } from "#core/collection/textKeys";
import { beir, file, inShort, training, withCorpus } from "../../support/smallCollection";
import { sha256 } from "../../support/sha256";

test("without a corpus file, the passages of the file are the corpus; equal normalised texts share a group", () => {
  expect(
    inShort(
      training([
        { query: "q1", pos: ["a"], neg: ["b", "c"] },
        { query: "q2", pos: ["b"], neg: ["a ", "c"] },
      ]),
    ),
  ).toMatchInlineSnapshot(`
    [
      "document "a" group 0 from train.jsonl:1",
      "document "b" group 1 from train.jsonl:1",
      "document "c" group 2 from train.jsonl:1",
      "document "a " group 0 from train.jsonl:2",
      "query "q1" on 1: + a - b, c",
      "query "q2" on 2: + b - a , c",
    ]
  `);
});

test("one query on several lines has all its positives, in order and once", () => {
  expect(
    inShort(
      training([
        { query: "q", pos: ["a"], neg: ["n"] },
        { query: "other", pos: ["x"] },
        { query: " q", pos: ["b", "a"], neg: ["n", "m"] },
      ]),
    ),
  ).toMatchInlineSnapshot(`
    [
      "document "a" group 0 from train.jsonl:1",
      "document "n" group 1 from train.jsonl:1",
      "document "x" group 2 from train.jsonl:2",
      "document "b" group 3 from train.jsonl:3",
      "document "m" group 4 from train.jsonl:3",
      "query "q" on 1, 3: + a, b - n, m",
      "query "other" on 2: + x - ",
    ]
  `);
});

test("passages without an id are the corpus documents with their text; others are added to the corpus", () => {
  expect(
    inShort(
      withCorpus(
        [{ query: "q", pos: ["a  text"], neg: ["not there"] }],
        [
          ["d1", "a text"],
          ["d2", "b"],
          ["d3", "a text"],
        ],
      ),
    ),
  ).toMatchInlineSnapshot(`
    [
      "document "a text" group 0 from corpus.jsonl:1",
      "document "b" group 1 from corpus.jsonl:2",
      "document "a text" group 0 from corpus.jsonl:3",
      "document "not there" group 2 from train.jsonl:1",
      "query "q" on 1: + a text - not there",
    ]
  `);
});

test("a passage whose id is another text's makes a document of its own", () => {
  expect(inShort(withCorpus([{ query: "q", pos: [["d1", "a cut"]] }], [["d1", "a cut text"]]))).toMatchInlineSnapshot(`
    [
      "document "a cut text" group 0 from corpus.jsonl:1",
      "document "a cut" group 1 from train.jsonl:1",
      "query "q" on 1: + a cut - ",
    ]
  `);
});

test("a passage that finds its corpus document has that document's fields", () => {
  const { documents, queries } = withCorpus(
    [{ query: "q", pos: ["a", ["d1", "a", { score: 1 }], ["d2", "b", { score: 2 }], ["d3", "c", { score: 3 }]] }],
    [
      ["d1", "a", { lang: "en" }],
      ["d2", "b"],
    ],
  );
  expect(queries[0]?.positives.map((positive) => documents[positive]?.fields)).toEqual([{ lang: "en" }, undefined, { score: 3 }]);
  expect(documents.filter((document) => "fields" in document)).toHaveLength(2);
});

test("a BEIR split has the queries that its qrels name; a score of 0 is a listed negative", () => {
  const collection = beir(
    [
      { id: "q1", query: "one" },
      { id: "q2", query: "two" },
      { id: "q3", query: "d text" },
    ],
    [
      ["d1", "a"],
      ["d2", "b"],
      ["d3", "d text"],
    ],
    [
      { query: "q1", document: "d1", score: 2 },
      { query: "q1", document: "d2", score: 0 },
      { query: "q3", document: "d1", score: 1 },
      { query: "q1", document: "nowhere", score: 1 },
      { query: "nobody", document: "d1", score: 1 },
      { query: "nobody", document: "nowhere", score: 1 },
    ],
  );
  expect(inShort(collection)).toMatchInlineSnapshot(`
    [
      "document "a" group 0 from corpus.jsonl:1",
      "document "b" group 1 from corpus.jsonl:2",
      "document "d text" group 2 from corpus.jsonl:3",
      "query "one" on 1: + a - b",
      "query "d text" on 3: + a -  group 2",
    ]
  `);
  expect(collection.unresolved).toEqual([
    { qrel: 3, missing: "document" },
    { qrel: 4, missing: "query" },
    { qrel: 5, missing: "both" },
  ]);
});

test("in a queries file, queries with one text and different ids stay apart, and know each other's positives", () => {
  const twins = beir(
    [
      { id: "q1", query: "same" },
      { id: "q2", query: "same " },
    ],
    [
      ["d1", "a"],
      ["d2", "b"],
    ],
    [
      { query: "q1", document: "d1", score: 1 },
      { query: "q2", document: "d2", score: 1 },
      { query: "q2", document: "d1", score: 1 },
      { query: "q1", document: "d2", score: -1 },
    ],
  );
  expect(inShort(twins)).toMatchInlineSnapshot(`
    [
      "document "a" group 0 from corpus.jsonl:1",
      "document "b" group 1 from corpus.jsonl:2",
      "query "same" on 1: + a -  twin + b",
      "query "same " on 2: + b, a - ",
    ]
  `);
});

test("lines of a training file with one text are one query, whatever ids they carry", () => {
  expect(
    inShort(
      training([
        { id: "1", query: "same", pos: ["a"] },
        { id: "2", query: "same ", pos: ["b", "a"] },
      ]),
    ),
  ).toMatchInlineSnapshot(`
    [
      "document "a" group 0 from train.jsonl:1",
      "document "b" group 1 from train.jsonl:2",
      "query "same" on 1, 2: + a, b - ",
    ]
  `);
});

test("passages without text are left out, and corpus documents without text are not mined", () => {
  expect(
    inShort(
      withCorpus(
        [
          { query: "q", pos: ["", "a"], neg: [" "] },
          { query: "  ", pos: ["b"] },
        ],
        [
          ["d1", ""],
          ["d2", "c"],
        ],
      ),
    ),
  ).toMatchInlineSnapshot(`
    [
      "document "" group 0 from corpus.jsonl:1 not minable",
      "document "c" group 1 from corpus.jsonl:2",
      "document "a" group 2 from train.jsonl:1",
      "document "b" group 3 from train.jsonl:2",
      "query "q" on 1: + a - ",
    ]
  `);
});

const text = fc.constantFrom("a", "b", "a ", "c", "q", "");
const rows = fc.array(fc.record({ query: text, pos: fc.array(text, { maxLength: 3 }), neg: fc.array(text, { maxLength: 3 }) }), {
  maxLength: 8,
});

test("groups, keys and documents agree with each other for any rows", () => {
  fc.assert(
    fc.property(rows, (specs) => {
      const collection = training(specs);
      for (const [index, document] of collection.documents.entries()) {
        expect(collection.groups[document.group]).toContain(index);
        expect(collection.groupOfKey.get(collection.groupKeys[document.group] ?? "")).toBe(document.group);
      }
      expect(collection.groups.flat()).toHaveLength(collection.documents.length);
      expect(new Set(collection.groupKeys).size).toBe(collection.groups.length);
      for (const query of collection.queries) {
        expect(new Set(query.positives).size).toBe(query.positives.length);
      }
    }),
  );
});

test("building in slices gives the same collection", async () => {
  const specs = Array.from({ length: 4500 }, (_, index) => ({ query: `q${String(index % 3000)}`, pos: [`p${String(index)}`], neg: ["n"] }));
  const input = { files: [file("train.jsonl", "training", specs)] };
  let breaths = 0;
  const sliced = await buildCollectionSliced(input, new TextKeys(sha256), () => {
    breaths += 1;
    return Promise.resolve();
  });
  expect(sliced).toEqual(buildCollection(input, sha256));
  expect(breaths).toBe(2);
});

test("keys are made once: built again after an edit, only the new text is hashed, and the collection is that of a first build", async () => {
  const hashed: string[] = [];
  const keys = new TextKeys((text) => {
    hashed.push(text);
    return sha256(text);
  });
  const build = (passage: string): ReturnType<typeof buildCollectionSliced> => {
    const specs = [
      { query: "q 1", pos: ["a"], neg: ["b  c"] },
      { query: "q2", pos: [passage], neg: ["a"] },
    ];
    return buildCollectionSliced({ files: [file("train.jsonl", "training", specs)] }, keys, () => Promise.resolve());
  };
  await build("d");
  expect(hashed.splice(0)).toEqual(["q 1", "a", "b c", "q2", "d"]);
  const again = await build("e");
  expect(hashed.splice(0)).toEqual(["e"]);
  expect(again).toEqual(await build("e"));
  await build("d");
  expect(hashed).toEqual(["d"]);
});
