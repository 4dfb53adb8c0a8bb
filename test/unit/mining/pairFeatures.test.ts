import { expect, test } from "vitest";
import { buildCollection } from "#core/collection/buildCollection";
import { FEATURES } from "#core/falseNegatives/features";
import { beirQueries } from "#core/formats/beirQueries";
import { flagEmbedding } from "#core/formats/flagEmbedding";
import { pairFeatures } from "#core/mining/pairFeatures";
import { textKey } from "#core/collection/textKey";
import { sha256 } from "../../support/sha256";
import { training } from "../../support/smallCollection";
import { decideScene, verdict } from "./miningFixture";
import type { Scene } from "./miningFixture";

const collection = training([
  { query: "terns of the reef", pos: ["terns nest on the reef"], neg: ["the reef at low tide", "sand terns", "gulls", "kelp"] },
]);
const scene: Scene = {
  collection,
  positiveScores: { "terns nest on the reef": 0.8, "sand terns": 0.6 },
  hits: [
    ["terns nest on the reef", 0.8, 1],
    ["the reef at low tide", 0.7, 0.5],
    ["sand terns", 0.6, 0.4],
    ["gulls", 0.2, 0.1],
  ],
};

/** Features by passage, unknown ones left out, with three digits. */
function told(given: Scene): readonly string[] {
  const { facts, context, pool } = decideScene(given);
  const table = pairFeatures(facts, context);
  return [...pool.documents].map((document, row) => {
    const values = FEATURES.map((feature, place) => [feature, table[row * FEATURES.length + place] ?? Number.NaN] as const);
    const known = values
      .filter(([, value]) => !Number.isNaN(value))
      .map(([feature, value]) => `${feature} ${String(Number(value.toFixed(3)))}`);
    return `${given.collection.documents[document]?.text ?? "?"}: ${known.join(", ")}`;
  });
}

test("what is known of each passage, the positive itself compared with no other", () => {
  expect(told(scene)).toMatchInlineSnapshot(`
    [
      "terns nest on the reef: score 0.8, log_rank 0, top_score 0.8, query_words 0.514",
      "the reef at low tide: score 0.7, margin_to_lowest -0.1, margin_to_highest -0.1, ratio 0.875, positive_similarity 0.5, mean_positive_similarity 0.5, log_rank 0.693, top_score 0.7, query_words 0.343, positive_words 0.183",
      "sand terns: score 0.6, margin_to_lowest -0.2, margin_to_highest -0.2, ratio 0.75, positive_similarity 0.4, mean_positive_similarity 0.4, log_rank 1.099, top_score 0.7, query_words 0.171, positive_words 0.129",
      "gulls: score 0.2, margin_to_lowest -0.6, margin_to_highest -0.6, ratio 0.25, positive_similarity 0.1, mean_positive_similarity 0.1, log_rank 1.386, top_score 0.7, query_words 0, positive_words 0",
    ]
  `);
});

test("sources that search by the query agree or not; draws and groups are not asked", () => {
  const groupOf = Int32Array.from(collection.documents, ({ text }) => (text.includes("reef") ? 0 : -1));
  const article = { groupOf, members: [new Int32Array(0)], names: ["reefs"] };
  const lines = told({
    ...scene,
    sampler: {
      range_max: 3,
      mix: [
        { source: "top", n: 1 },
        { source: "bm25", n: 1 },
        { source: "random", n: 1 },
      ],
    },
    lists: { bm25: ["sand terns", "gulls"] },
    drawn: [["kelp", 0.1, 0]],
    groupings: { article },
  });
  expect(lines.map((line) => line.replace(/: .*(?=log_rank)/u, ": ").replace(/top_score .*(?=same_article)/u, ""))).toMatchInlineSnapshot(`
    [
      "terns nest on the reef: log_rank 0, same_article 0, agreement 0.5",
      "the reef at low tide: log_rank 0.693, same_article 1, agreement 0.5",
      "sand terns: log_rank 1.099, same_article 0, agreement 1",
      "gulls: log_rank 1.386, same_article 0, agreement 0.5",
      "kelp: log_rank 1.386, same_article 0, agreement 0",
    ]
  `);
});

test("a promoted passage is compared with the others, and they with it", () => {
  const similarities = [1, 0.4, 0.5, 0.3, 0.4, 1, 0.1, 0.2];
  const marked = decideScene({ ...scene, marks: [verdict("terns of the reef", "sand terns", "false_negative")] });
  const pool = { ...marked.pool, positiveSimilarities: Float32Array.from(similarities) };
  expect(pool.positives).toHaveLength(2);
  const facts = marked.facts.over(pool);
  const place = FEATURES.indexOf("positive_similarity");
  const table = pairFeatures(facts, marked.context);
  expect([0, 1, 2, 3].map((row) => table[row * FEATURES.length + place]?.toFixed(2))).toMatchInlineSnapshot(`
    [
      "0.40",
      "0.50",
      "0.40",
      "0.20",
    ]
  `);
});

test("an answer that the record names is looked for as words in a row", () => {
  const readings = [
    flagEmbedding.read({
      query: "who",
      pos: ["Ada"],
      neg: ["It was Grace Hopper (1906).", "Hopper, not Grace.", "grace  hopper-murray", "disgrace hopper"],
      answers: ["Grace Hopper", "Mme. de Staël"],
    }),
    beirQueries.read({ _id: "q", text: "whom", metadata: { answers: ["Ada"] } }),
    flagEmbedding.read({ query: "when", pos: ["then"], neg: ["in 1906", "in 19060"], answer: "1906" }),
    flagEmbedding.read({ query: "where", pos: ["there"], neg: [], answers: [12, ""] }),
  ];
  const rows = readings.map(({ record }, i) => ({ line: i + 1, record }));
  const built = buildCollection({ files: [{ name: "train.jsonl", role: "training", rows }] }, sha256);
  const hits = (query: number, texts: readonly string[]): readonly (number | undefined)[] => {
    const { facts, context } = decideScene({ collection: built, query, hits: texts.map((text, i) => [text, 0.9 - i / 10]) });
    const table = pairFeatures(facts, context);
    return texts.map((_, row) => table[row * FEATURES.length + FEATURES.indexOf("answer_hit")]);
  };
  expect(hits(0, ["It was Grace Hopper (1906).", "Hopper, not Grace.", "grace  hopper-murray", "disgrace hopper"])).toEqual([1, 0, 1, 0]);
  expect(hits(1, ["Ada", "then"])).toEqual([1, 0]);
  expect(hits(2, ["in 1906", "in 19060"])).toEqual([1, 0]);
  expect(hits(3, ["in 1906"])).toEqual([Number.NaN]);
});

test("a language model's verdict is a number, also on a passage that a mark made a positive; what it was not asked about is unknown", () => {
  const opinion = { reason: "", model: "m", stage: "flag", time: "" } as const;
  const opinions = new Map(
    (["relevant", "partly_relevant", "not_relevant"] as const).map((name, i) => [
      textKey(["the reef at low tide", "sand terns", "terns nest on the reef"][i] ?? "", sha256),
      { ...opinion, verdict: name },
    ]),
  );
  const verdicts = (given: Scene): readonly string[] =>
    told(given).map((line) => `${line.split(":")[0] ?? ""} ${/llm_verdict ([\d.]+)/u.exec(line)?.[1] ?? "-"}`);
  const expected = ["terns nest on the reef 0", "the reef at low tide 1", "sand terns 0.5", "gulls -"];
  expect(verdicts({ ...scene, opinions })).toEqual(expected);
  expect(verdicts({ ...scene, opinions, marks: [verdict("terns of the reef", "sand terns", "false_negative")] })).toEqual(expected);
});
