import { expect, test } from "vitest";
import { auditSample } from "#core/audit/auditSample";
import type { VerdictOf } from "#core/audit/auditVerdicts";
import { shareLeft, upperBound } from "#core/audit/upperBound";
import { pairName } from "#core/audit/auditPair";
import { seededRandom } from "#core/util/random";
import { effortTable, validityTable, validityText } from "../../curation/validity";
import { pairsOf, populationOf } from "./auditFixture";

const small = { files: 400, populations: [200, 2000], looks: 300, target: 0.05, confidence: 0.95, seed: 1 };

test("looked at after every mark, the bound is false in 5 % of the files at most, naive limits in many more of the larger ones", () => {
  const rows = validityTable(small);
  expect(validityText(rows)).toMatchInlineSnapshot(`
    "| pairs | false | method | certified falsely | probability | looked at once |
    | ---: | ---: | --- | ---: | ---: | ---: |
    | 200 | 11 | prior-posterior ratio | 2.3 % | 2.6 % | 1.1 % |
    | 200 | 11 | Clopper-Pearson | 1.5 % | 2.6 % | 1.9 % |
    | 200 | 11 | hypergeometric | 20.0 % | 21.1 % | 4.8 % |
    | 2000 | 101 | prior-posterior ratio | 2.3 % | 1.8 % | 0.8 % |
    | 2000 | 101 | Clopper-Pearson | 14.2 % | 12.9 % | 4.5 % |
    | 2000 | 101 | hypergeometric | 16.8 % | 15.8 % | 5.0 % |"
  `);
  for (const { population, method, certified, exact } of rows) {
    expect(Math.abs(certified - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / small.files));
    if (method === "prior-posterior ratio") expect(Math.max(certified, exact)).toBeLessThan(0.05);
    else if (population === 2000) expect(Math.min(certified, exact)).toBeGreaterThan(0.1);
  }
});

test("where a file is better than the target, marks until the certificate", () => {
  expect(effortTable([0.01, 0.02, 0.03], { populations: [20_000], looks: 1000, target: 0.05, confidence: 0.95 })).toMatchInlineSnapshot(`
    [
      {
        "median": 141,
        "population": 20000,
        "rate": 0.01,
      },
      {
        "median": 255,
        "population": 20000,
        "rate": 0.02,
      },
      {
        "median": 701,
        "population": 20000,
        "rate": 0.03,
      },
    ]
  `);
});

test("over salts, the bound of the real order covers whatever part of the population is exported, with false ones in whole queries", () => {
  const confidence = 0.8;
  const pairs = pairsOf(40, 5);
  /** Six queries have nothing but false negatives. */
  const isFalse = (query: string): boolean => Number(query.slice(1)) < 6;
  let missed = 0;
  const salts = 200;
  for (let salt = 0; salt < salts; salt += 1) {
    const population = populationOf(pairs, salt.toString(16).padStart(32, "0"));
    const random = seededRandom(`harvest ${String(salt)}`);
    // A harvest that finds false ones above all, in no relation to the order.
    const harvested = new Set(pairs.filter(({ query }) => random() < (isFalse(query) ? 0.3 : 0.05)).map(pairName));
    const order = new Map(auditSample(population, () => undefined).order.map(({ pair }, place) => [pairName(pair), place]));
    let isMissed = false;
    for (let audited = 5; audited <= 120; audited += 10) {
      const verdictOf: VerdictOf = (pair) =>
        (order.get(pairName(pair)) ?? 0) < audited || harvested.has(pairName(pair))
          ? { verdict: isFalse(pair.query) ? "false" : "clean", marks: ["m"], authors: ["ann"] }
          : undefined;
      const { count, found } = auditSample(population, verdictOf);
      // The worst part that can be exported: every false one that nobody has found, and as few others as one likes.
      const unfound = pairs.filter((pair) => isFalse(pair.query) && verdictOf(pair) === undefined).length;
      const size = unfound + 10;
      const atMost = shareLeft({ bound: upperBound(count, confidence), found, size });
      isMissed ||= unfound / size > atMost;
    }
    if (isMissed) missed += 1;
  }
  expect(missed / salts).toBeLessThan(1 - confidence);
  expect(missed).toMatchInlineSnapshot(`13`);
});
