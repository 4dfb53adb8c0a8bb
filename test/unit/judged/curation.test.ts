import { expect, test } from "vitest";
import type { Emission } from "../../curation/emission";
import { Curator } from "../../curation/curator";
import { curationSplitOf } from "../../curation/curationSplit";
import { rateAtHardness, rateFromHardness } from "../../curation/equalHardness";
import type { JudgedCollection } from "../../judged/judgedCollection";
import { training } from "../../support/smallCollection";

const whole = training(
  Array.from({ length: 40 }, (_, query) => ({
    query: `query ${String(query)}`,
    pos: Array.from({ length: 10 }, (__, i) => `positive ${String(i)} of ${String(query)}`),
  })),
);
const judged: JudgedCollection = { name: "small", files: [], whole };
const pairs = whole.queries.flatMap((_, query) => whole.documents.map((__, document) => ({ query, document })));

function answers(errors: number, seed: number): readonly string[] {
  const curator = new Curator(judged, { errors, seed });
  return pairs.map(({ query, document }) => curator.answer(query, document));
}

test("a curator without errors answers as the judgements do", () => {
  const curator = new Curator(judged, { errors: 0, seed: 1 });
  expect([curator.answer(0, 0), curator.answer(0, 10), curator.answer(1, 10)]).toEqual([
    "false_negative",
    "true_negative",
    "false_negative",
  ]);
});

test("errors are the seed's, on the same pairs in whichever order they come up, and as many as asked for", () => {
  const right = answers(0, 1);
  const wrong = (seed: number): readonly number[] => answers(0.1, seed).flatMap((answer, i) => (answer === right[i] ? [] : [i]));
  expect(wrong(1)).toEqual(wrong(1));
  expect(wrong(1)).not.toEqual(wrong(2));
  expect(wrong(1).length / pairs.length).toBeCloseTo(0.1, 2);
  const curator = new Curator(judged, { errors: 0.1, seed: 1 });
  const backwards = pairs.toReversed().map(({ query, document }) => curator.answer(query, document));
  expect(backwards.toReversed()).toEqual(answers(0.1, 1));
});

test("outside of a judged pool nobody can tell", () => {
  const pooled = { ...judged, judged: whole.queries.map(({ positives }) => new Set([...positives, 399])) };
  const curator = new Curator(pooled, { errors: 0, seed: 1 });
  expect([curator.answer(0, 0), curator.answer(0, 399), curator.answer(0, 398)]).toEqual(["false_negative", "true_negative", "cant_tell"]);
});

test("a query is marked or only looked at, never both, and what is hidden is no label", () => {
  const { marked, heldOut } = curationSplitOf(judged, 1);
  const queries = [...marked, ...heldOut].map(({ query }) => query);
  expect([marked.length, heldOut.length, new Set(queries).size]).toEqual([20, 20, 40]);
  for (const { query, labelled, hidden } of [...marked, ...heldOut]) {
    expect(labelled).toHaveLength(3);
    expect([...labelled, ...hidden].sort((a, b) => a - b)).toEqual(whole.queries[query]!.positives);
  }
  expect(curationSplitOf(judged, 1)).toEqual({ seed: 1, marked, heldOut });
  expect(curationSplitOf(judged, 2).marked).not.toEqual(marked);
});

test("where a training set was published, its positives are the labels with every seed", () => {
  const published = whole.queries.map(({ positives }) => positives.slice(0, 1));
  for (const seed of [1, 2]) {
    const { marked, heldOut } = curationSplitOf({ ...judged, published }, seed);
    expect([...marked, ...heldOut].every(({ query, labelled, hidden }) => labelled === published[query] && hidden.size === 9)).toBe(true);
  }
});

function emission(hardness: number, falseNegatives: number, share = 1): Emission {
  return { hardness, falseNegatives, known: 1, yield: share };
}

test("rates are compared between the two settings next to the hardness, whatever their order, and never where too little is emitted", () => {
  const swept = [emission(0.6, 0.3), emission(0.4, 0.1), emission(0.5, 0), emission(0.2, 0, 0.89)];
  expect(rateAtHardness(swept, 0.55)).toBeCloseTo(0.15, 12);
  expect(rateAtHardness(swept, 0.4)).toBe(0.1);
  expect(rateAtHardness(swept, 0.3)).toBeUndefined();
  expect(rateAtHardness(swept, 0.7)).toBeUndefined();
  expect([rateFromHardness(swept, 0.3), rateFromHardness(swept, 0.7)]).toEqual([0.1, undefined]);
});
