import { expect, test } from "vitest";
import { detailLine, rounded } from "#core/exporting/detailLine";
import { exportQuery } from "#core/exporting/exportQuery";
import type { MinedForExport } from "#core/exporting/exportQuery";
import { miningReport } from "#core/exporting/miningReport";
import { MiningTally } from "#core/exporting/miningTally";
import { exportNotes } from "#core/exporting/manifest";
import { noRecords } from "#core/exporting/nativeExport";
import type { Collection } from "#core/collection/collection";
import type { Candidate } from "#core/mining/candidate";
import { noVerdicts } from "#core/marks/verdictsForQuery";

const collection: Collection = {
  files: ["train.jsonl"],
  queries: [{ key: "k", id: "q1", text: "query", group: -1, positives: [0], twinPositives: [], negatives: [1], file: 0, lines: [1] }],
  documents: ["pos", "neg one", "neg two", "promoted"].map((text, i) => ({
    id: `d${String(i)}`,
    text,
    group: i,
    file: 0,
    line: 1,
    minable: true,
  })),
  groups: [[0], [1], [2], [3]],
  groupKeys: ["a", "b", "c", "d"],
  groupOfKey: new Map(),
  unresolved: [],
};

function candidate(document: number, rule: Candidate["rule"]): Candidate {
  const kept = rule === "sampled" || rule === "pinned";
  return { document, rank: document, score: 0.1234567 * document, positiveSimilarity: Number.NaN, source: "top", kept, rule, reason: "" };
}

const mined: MinedForExport = {
  query: 0,
  verdicts: { ...noVerdicts, promoted: [3], excluded: new Map([[3, { verdict: "false_negative", author: "a" }]]) },
  pool: { query: 0, retrieval: "dense", positives: [0, 3], positiveScores: [0.9, Number.NaN], hits: [], drawn: [] },
  decision: {
    candidates: [candidate(1, "sampled"), candidate(2, "max_score"), candidate(3, "marked")],
    positiveScores: [0.9, Number.NaN],
    anchor: 0.9,
    short: 4,
    effectiveCandidates: 1,
  },
};

test("a detail line has exactly the agreed fields, six decimals, and null for an unknown score", () => {
  expect(detailLine(mined, collection)).toMatchInlineSnapshot(
    `"{"query_id":"q1","query":"query","positives":[{"doc_id":"d0","score":0.9},{"doc_id":"d3","score":null}],"candidates":[{"doc_id":"d1","text":"neg one","rank":1,"score":0.123457,"source":"top","kept":true,"rule":"sampled"},{"doc_id":"d2","text":"neg two","rank":2,"score":0.246913,"source":"top","kept":false,"rule":"max_score"},{"doc_id":"d3","text":"promoted","rank":3,"score":0.37037,"source":"top","kept":false,"rule":"marked"}]}"`,
  );
  expect([rounded(-0.0000001), rounded(Number.NaN), rounded(Number.NEGATIVE_INFINITY), rounded(1 / 3)]).toEqual([0, null, null, 0.333333]);
});

test("kept and dropped add up to the candidates", () => {
  const tally = new MiningTally();
  tally.add(mined, exportQuery(mined, collection));
  const { counts } = tally;
  expect(counts.kept + Object.values(counts.dropped).reduce((a, b) => a + b, 0)).toBe(counts.candidates);
  expect(counts).toMatchObject({ queries: 1, candidates: 3, kept: 1, short: 4, promoted: 1 });
  expect(miningReport({ counts, documents: 4, embedded: 3, cached: 2, seconds: { mine: 0.12345 }, seed: 42, configHash: "h", model: "m" }))
    .toMatchInlineSnapshot(`
    "{
      "queries": 1,
      "documents": 4,
      "candidates": 3,
      "kept": 1,
      "dropped": {
        "own_positive": 0,
        "query_text": 0,
        "marked": 1,
        "range_min": 0,
        "range_max": 0,
        "near_duplicate": 0,
        "absolute_margin": 0,
        "relative_margin": 0,
        "max_score": 1,
        "min_score": 0,
        "same_text": 0,
        "not_sampled": 0
      },
      "short": 4,
      "short_queries": 1,
      "embedded": 3,
      "cached": 2,
      "seconds": {
        "mine": 0.123
      },
      "seed": 42,
      "config_hash": "h",
      "model": "m"
    }
    "
  `);
});

test("an export names what is promoted, kept out and left out", () => {
  const { promoted, negatives, barred, leftOut } = exportQuery(mined, collection);
  expect([promoted.map(({ id }) => id), negatives.map(({ id }) => id), [...barred], leftOut]).toEqual([
    ["d3"],
    ["d1"],
    ["promoted"],
    undefined,
  ]);
  const last = {
    ...mined,
    verdicts: { ...noVerdicts, badPositives: new Set([0]) },
    pool: { ...mined.pool, positives: [], positiveScores: [] },
  };
  expect(exportQuery(last, collection).leftOut).toBe("no_positive_left");
});

test("notes tell what the counts mean", () => {
  const tally = new MiningTally();
  tally.add(mined, exportQuery(mined, collection));
  expect(exportNotes("st-n-tuple", tally.counts, { ...noRecords(), skipped: 2, scoresRemoved: 1 })).toMatchInlineSnapshot(`
    [
      "1 query has fewer negatives than wanted; it is left out, since each row needs all of its negatives.",
      "1 record lost its pos_scores and neg_scores, which no longer matched its passages.",
      "2 lines could not be read as records and were copied as they are.",
    ]
  `);
});
