import { expect, test } from "vitest";
import { auditOrder } from "#core/audit/auditOrder";
import { auditPosition, positionsOfQuery, saltState } from "#core/audit/auditPosition";
import { auditSample } from "#core/audit/auditSample";
import { auditVerdicts } from "#core/audit/auditVerdicts";
import { hash128 } from "#core/util/random";
import { folded, pairsOf, populationOf, SALT, undo, verdict } from "./auditFixture";

test("a position is what its formula says, for whole pairs and for the pairs of a query", () => {
  const pair = { query: "4f2c", document: "91aa" };
  const [high, low] = hash128(`${SALT} 4f2c 91aa`);
  const expected = ((high >>> 0) * 2 ** 21 + Math.floor((low >>> 0) / 2 ** 11)) / 2 ** 53;
  expect(auditPosition(SALT, pair)).toBe(expected);
  expect(positionsOfQuery(saltState(SALT), "4f2c")("91aa")).toBe(expected);
  // From another program, which follows the description.
  expect(expected).toBe(0.7750077623124006);
});

test("positions are spread evenly, also over pairs that differ in one letter and over salts", () => {
  const bins = 20;
  const evenness = (positions: readonly number[]): number => {
    const counts = new Array<number>(bins).fill(0);
    for (const position of positions) counts[Math.floor(position * bins)] = (counts[Math.floor(position * bins)] ?? 0) + 1;
    const expected = positions.length / bins;
    return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  };
  const byPair = pairsOf(200, 50).map((pair) => auditPosition(SALT, pair));
  const bySalt = Array.from({ length: 10_000 }, (_, i) => auditPosition(`${SALT}${String(i)}`, { query: "q", document: "d" }));
  // Chi-square with 19 degrees of freedom stays below 43.8 in 999 of 1,000 cases.
  expect(evenness(byPair)).toBeLessThan(43.8);
  expect(evenness(bySalt)).toBeLessThan(43.8);
  const mean = byPair.slice(1).reduce((sum, position, i) => sum + (position - 0.5) * ((byPair[i] ?? 0) - 0.5), 0) / byPair.length;
  // Neighbours say nothing about each other: the mean product has a deviation of 1 / 12 / sqrt(10,000).
  expect(Math.abs(mean)).toBeLessThan(4 / 12 / 100);
});

test("a pair keeps its place in the order whatever else is emitted", () => {
  const all = auditOrder(populationOf(pairsOf(30, 4))).map(({ pair }) => pair.document);
  const fewer = auditOrder(populationOf(pairsOf(30, 4).filter(({ source }) => source === "simans"))).map(({ pair }) => pair.document);
  const kept = new Set(fewer);
  expect(fewer).toEqual(all.filter((document) => kept.has(document)));
  expect(all).not.toEqual([...all].sort());
});

test("a pair is clean where everyone who judged says true negative; doubt, disagreement and a bad query make it false", () => {
  const verdictOf = auditVerdicts(
    folded(
      verdict("true_negative", "q", "one"),
      verdict("true_negative", "q", "both"),
      verdict("true_negative", "q", "both", "bob"),
      verdict("true_negative", "q", "disputed"),
      verdict("false_negative", "q", "disputed", "bob"),
      verdict("partly_relevant", "q", "partly"),
      verdict("cant_tell", "q", "doubt"),
      verdict("duplicate_of_positive", "q", "copy"),
      verdict("bad_positive", "q", "positive"),
      verdict("later", "q", "put off"),
      verdict("true_negative", "q", "put off by one"),
      verdict("later", "q", "put off by one", "bob"),
      verdict("false_negative", "q", "undone"),
      undo("ann-q-undone"),
      verdict("bad_query", "bad"),
      verdict("true_negative", "bad", "judged", "bob"),
    ),
  );
  const said = (document: string, query = "q"): string => {
    const found = verdictOf({ query, document });
    return found === undefined ? "none" : `${found.verdict} by ${found.authors.join(" and ")} in ${found.marks.join(", ")}`;
  };
  const documents = ["one", "both", "disputed", "partly", "doubt", "copy", "positive", "put off", "put off by one", "undone", "unmarked"];
  const table = {
    ...Object.fromEntries(documents.map((name) => [name, said(name)])),
    judgedOfBad: said("judged", "bad"),
    ofBad: said("x", "bad"),
  };
  expect(table).toMatchInlineSnapshot(`
    {
      "both": "clean by ann and bob in ann-q-both, bob-q-both",
      "copy": "false by ann in ann-q-copy",
      "disputed": "false by ann and bob in ann-q-disputed, bob-q-disputed",
      "doubt": "false by ann in ann-q-doubt",
      "judgedOfBad": "false by ann and bob in ann-bad-query, bob-bad-judged",
      "ofBad": "false by ann in ann-bad-query",
      "one": "clean by ann in ann-q-one",
      "partly": "false by ann in ann-q-partly",
      "positive": "false by ann in ann-q-positive",
      "put off": "none",
      "put off by one": "clean by ann in ann-q-put off by one",
      "undone": "none",
      "unmarked": "none",
    }
  `);
});

test("the sample is the beginning of the order; what is judged behind it counts as found alone", () => {
  const population = populationOf(pairsOf(20, 3));
  const order = auditOrder(population);
  const at = (place: number): [string, string] => {
    const pair = order[place]?.pair;
    return [pair?.query ?? "", pair?.document ?? ""];
  };
  const marks = [0, 1, 2, 3, 5, 9, 30].map((place) => verdict(place === 2 || place === 9 ? "cant_tell" : "true_negative", ...at(place)));
  const sample = auditSample(population, auditVerdicts(folded(...marks)));
  expect(sample.count).toEqual({ population: 60, marked: 4, falseNegatives: 1 });
  expect([sample.found, sample.cutOff]).toEqual([2, order[4]?.position]);
  expect([...sample.unmarked()].slice(0, 3)).toEqual([order[4]?.pair, order[6]?.pair, order[7]?.pair]);
  expect([...sample.unmarked()]).toHaveLength(53);
  const counts = [...sample.sources].map(([source, { count, found }]) => [
    source,
    count.population,
    count.marked,
    count.falseNegatives,
    found,
  ]);
  expect(counts).toMatchInlineSnapshot(`
    [
      [
        "bm25",
        20,
        1,
        0,
        0,
      ],
      [
        "simans",
        40,
        3,
        1,
        2,
      ],
    ]
  `);
  // The sample of a source is the beginning of its own order, which goes on behind the gap of another source.
  for (const [source, { count, cutOff }] of sample.sources) {
    const own = order.filter(({ pair }) => pair.source === source);
    expect(own[count.marked]?.position).toBe(cutOff);
  }
});

test("a population whose pairs are all judged has no cut-off and nothing unmarked", () => {
  const population = populationOf(pairsOf(2, 2));
  const marks = population.pairs.map(({ query, document }) => verdict("true_negative", query, document));
  const sample = auditSample(population, auditVerdicts(folded(...marks)));
  expect([sample.count, sample.cutOff, [...sample.unmarked()]]).toEqual([{ population: 4, marked: 4, falseNegatives: 0 }, 1, []]);
});
