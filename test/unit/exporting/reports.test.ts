import { expect, test } from "vitest";
import { defaultConfig } from "#core/config/config";
import type { SamplerConfig } from "#core/config/samplerSchema";
import { detailLine, rounded } from "#core/exporting/detailLine";
import { exportQuery } from "#core/exporting/exportQuery";
import { exportNotes } from "#core/exporting/manifest";
import { miningReport } from "#core/exporting/miningReport";
import { MiningTally } from "#core/exporting/miningTally";
import { noRecords } from "#core/exporting/nativeExport";
import { scoreStatistics } from "#core/exporting/scoreStatistics";
import { gradientSettings } from "#core/gradients/gradientSettings";
import { noVerdicts } from "#core/marks/verdictsForQuery";
import { decide } from "#core/mining/decide";
import type { MinedQuery } from "#core/mining/miningState";
import type { Pool } from "#core/mining/pool";
import { PoolFacts } from "#core/mining/poolFacts";
import { sourcesOf } from "#core/mining/sourceSettings";
import { training } from "../../support/smallCollection";
import { minedScene } from "../gradients/gradientFixture";

const settings = gradientSettings(defaultConfig.training);
const collection = training([{ query: "query", pos: ["pos"], neg: ["neg one", "neg two", "promoted"] }]);

/** What mining makes of the one query: two candidates, one of them above max_score, and one that a mark promoted. */
function minedWith(sampler: Partial<SamplerConfig>, second?: Pool["rescored"]): MinedQuery {
  const [pos, one, two, promoted] = ["pos", "neg one", "neg two", "promoted"].map((text) =>
    collection.documents.findIndex((document) => document.text === text),
  ) as [number, number, number, number];
  const verdicts = {
    ...noVerdicts,
    promoted: [promoted],
    excluded: new Map([[collection.documents[promoted]!.group, { verdict: "false_negative" as const, author: "a" }]]),
  };
  const pool: Pool = {
    query: 0,
    retrieval: "dense",
    positives: [pos, promoted],
    positiveScores: [0.9, Number.NaN],
    documents: Int32Array.of(two, one, promoted),
    scores: Float64Array.of(0.7234567, 0.1234567, 0.0123456),
    positiveSimilarity: Float64Array.of(0.5, Number.NaN, 0.25),
    nearest: 3,
    lists: [{ rows: Int32Array.of(0, 1, 2), ranked: true }],
    ...(second === undefined ? {} : { rescored: second }),
  };
  const settings = { ...defaultConfig.sampler, ...sampler };
  const sources = sourcesOf(settings, 2);
  const facts = new PoolFacts(pool, { collection, verdicts, exactTexts: false });
  const context = {
    collection,
    sources,
    seed: 1,
    verdicts,
    groupings: {},
    adjacentPassages: 0,
    falseNegatives: undefined,
    opinions: new Map(),
  };
  return { query: 0, verdicts, pool, facts, context, decision: decide(facts, context) };
}

const mined = minedWith({ max_score: 0.5, relative_margin: null });

test("a detail line names every candidate with its scores and its fate in words; an unknown score is null", () => {
  expect(JSON.parse(detailLine(mined, collection, settings))).toMatchInlineSnapshot(`
    {
      "candidates": [
        {
          "doc_id": "ca46b32b0ee21c08",
          "kept": true,
          "positive_similarity": null,
          "rank": 2,
          "reason": "number 1 of the survivors by score",
          "rule": "sampled",
          "score": 0.123457,
          "source": "top",
          "sources": [
            "top",
          ],
          "text": "neg one",
        },
        {
          "doc_id": "a67b9ef17fcd2c38",
          "kept": false,
          "positive_similarity": 0.5,
          "rank": 1,
          "reason": "scores above max_score: 0.72 > 0.50",
          "rule": "max_score",
          "score": 0.723457,
          "source": "top",
          "sources": [
            "top",
          ],
          "text": "neg two",
        },
        {
          "doc_id": "348f71b67f2d7423",
          "kept": false,
          "positive_similarity": 0.25,
          "rank": 3,
          "reason": "marked relevant (false negative) by a",
          "rule": "marked",
          "score": 0.012346,
          "source": "top",
          "sources": [
            "top",
          ],
          "text": "promoted",
        },
      ],
      "positives": [
        {
          "doc_id": "7160f8688035138f",
          "score": 0.9,
        },
        {
          "doc_id": "348f71b67f2d7423",
          "score": null,
        },
      ],
      "query": "query",
      "query_id": "a8b771920b8319e4",
    }
  `);
  expect([rounded(-0.0000001), rounded(Number.NaN), rounded(Number.NEGATIVE_INFINITY), rounded(1 / 3)]).toEqual([0, null, null, 0.333333]);
});

test("where there are second scores, they are in the detail and are what an export writes", () => {
  const rescored = { rows: Float64Array.of(-3, 2.5, Number.NaN), positives: [4, 3] };
  const second = minedWith({ relative_margin: null, rescore: { ...defaultConfig.sampler.rescore, kind: "maxsim" } }, rescored);
  const { positives, candidates } = JSON.parse(detailLine(second, collection, settings)) as Record<
    string,
    readonly Record<string, unknown>[]
  >;
  expect(positives?.map((positive) => positive["rescored"])).toEqual([4, 3]);
  expect(candidates?.map(({ text, score, rescored: own }) => [text, score, own])).toEqual([
    ["neg two", 0.723457, -3],
    ["neg one", 0.123457, 2.5],
    ["promoted", 0.012346, undefined],
  ]);
  const exported = exportQuery(second, collection);
  expect([...exported.positives, ...exported.negatives].map(({ text, score }) => [text, score])).toEqual([
    ["pos", 4],
    ["promoted", 3],
    ["neg two", -3],
    ["neg one", 2.5],
  ]);
});

test("kept and dropped add up to the candidates, and the report says what is missing and what would help", () => {
  const tally = new MiningTally(settings);
  tally.add(mined, exportQuery(mined, collection));
  const { counts } = tally;
  expect(counts.kept + Object.values(counts.dropped).reduce((a, b) => a + b, 0)).toBe(counts.candidates);
  expect(counts).toMatchObject({ queries: 1, candidates: 3, kept: 1, short: 4, promoted: 1 });
  const scores = scoreStatistics([{ positives: [0.9], negatives: [0.1234567] }]);
  const rest = { documents: 4, embedded: 3, cached: 2, seconds: { mine: 0.12345 }, seed: 42, configHash: "h", model: "m" };
  expect(JSON.parse(miningReport({ counts, scores, ...rest }))).toMatchInlineSnapshot(`
    {
      "cached": 2,
      "candidates": 3,
      "config_hash": "h",
      "documents": 4,
      "dropped": {
        "absolute_margin": 0,
        "adjacent": 0,
        "diversity": 0,
        "marked": 1,
        "max_fn_probability": 0,
        "max_positive_similarity": 0,
        "max_score": 1,
        "min_score": 0,
        "near_duplicate": 0,
        "near_query": 0,
        "not_rescored": 0,
        "not_sampled": 0,
        "own_positive": 0,
        "query_text": 0,
        "range_max": 0,
        "range_min": 0,
        "relative_margin": 0,
        "rescore_absolute_margin": 0,
        "rescore_max_score": 0,
        "rescore_min_score": 0,
        "rescore_relative_margin": 0,
        "same_text": 0,
        "where": 0,
      },
      "effective_candidates": 1,
      "embedded": 3,
      "kept": 1,
      "model": "m",
      "queries": 1,
      "scores": {
        "difference": {
          "count": 1,
          "max": 0.776543,
          "mean": 0.776543,
          "median": 0.776543,
          "min": 0.776543,
          "p25": 0.776543,
          "p50": 0.776543,
          "p75": 0.776543,
          "std": null,
        },
        "negative": {
          "count": 1,
          "max": 0.123457,
          "mean": 0.123457,
          "median": 0.123457,
          "min": 0.123457,
          "p25": 0.123457,
          "p50": 0.123457,
          "p75": 0.123457,
          "std": null,
        },
        "positive": {
          "count": 1,
          "max": 0.9,
          "mean": 0.9,
          "median": 0.9,
          "min": 0.9,
          "p25": 0.9,
          "p50": 0.9,
          "p75": 0.9,
          "std": null,
        },
      },
      "seconds": {
        "mine": 0.123,
      },
      "seed": 42,
      "short": 4,
      "short_queries": 1,
      "shortfalls": [
        {
          "cause": "few_found",
          "missing": 4,
          "queries": 1,
          "source": "top",
          "text": "the data has too few other passages; add some to the corpus",
        },
      ],
      "sources": [
        {
          "draws": false,
          "effective_candidates": 1,
          "found": 3,
          "kept": 1,
          "short": 4,
          "source": "top",
          "survived": 1,
          "wanted": 5,
        },
      ],
    }
  `);
});

test("detail and report say what the negatives do to the gradient, where that is known", () => {
  const scene = minedScene({
    positives: [0.7],
    candidates: [
      [0.71, 0.5],
      [0.6, 0.2],
      [0.2, 0.1],
    ],
    kept: 2,
  });
  const { documents } = scene.facts.identity.collection;
  const line = JSON.parse(detailLine(scene, scene.facts.identity.collection, settings)) as {
    readonly gradients: unknown;
    readonly candidates: readonly { readonly doc_id: string; readonly gradient: unknown }[];
  };
  expect([line.gradients, ...line.candidates.map(({ gradient }) => gradient)]).toMatchInlineSnapshot(`
    [
      {
        "dominant": 1,
        "easy": 0,
        "effective_negatives": 1.218919,
        "temperature": 0.05,
        "useful": 1,
      },
      {
        "class": "dominant",
        "norm": 10.365197,
        "push": 0.031096,
        "share": 0.90025,
        "weight": 0.51826,
      },
      {
        "class": "useful",
        "norm": 1.452746,
        "push": -0.252669,
        "share": 0.09975,
        "weight": 0.057425,
      },
      {
        "class": "easy",
        "norm": 0.000517,
        "push": -0.000015,
        "share": 0.000033,
        "weight": 0.000019,
      },
    ]
  `);
  const tally = new MiningTally(settings);
  tally.add(scene, exportQuery(scene, scene.facts.identity.collection));
  const { counts } = tally;
  const scores = scoreStatistics([{ positives: [0.7], negatives: [0.71, 0.6] }]);
  const rest = { documents: documents.length, embedded: 3, cached: 2, seconds: {}, seed: 42, configHash: "h", model: "m" };
  const { gradients } = JSON.parse(miningReport({ counts, scores, ...rest })) as { readonly gradients: unknown };
  expect(gradients).toMatchInlineSnapshot(`
    {
      "dominant": 1,
      "easy": 0,
      "effective_negatives": {
        "p25": 1.218919,
        "p50": 1.218919,
        "p75": 1.218919,
      },
      "queries": 1,
      "queries_without_useful": 0,
      "rules": {
        "dominant": "Its share of the gradient of the query's negatives is above 0.5; where it is the only negative, its p is. The update hangs on this one passage, and goes wrong with it.",
        "easy": "p times the number of the query's negatives is below 0.05: less than a twentieth of an even share of the softmax. Training hardly notices it.",
        "useful": "Neither easy nor dominant: it moves the query, together with others.",
      },
      "sources": [
        {
          "candidates": 3,
          "gradient_mass": 11.513694,
          "harmful_mass": 0,
          "kept": 2,
          "marked_false_negatives": 0,
          "marked_true_negatives": 0,
          "mean_difference": -0.045,
          "mean_gradient": 5.908972,
          "mean_score": 0.655,
          "source": "top",
          "useful_mass": 0,
        },
      ],
      "temperature": 0.05,
      "useful": 1,
    }
  `);
});

test("an export names what is promoted, kept out and left out", () => {
  const { promoted, negatives, barred, leftOut } = exportQuery(mined, collection);
  expect([promoted.map(({ text }) => text), negatives.map(({ text }) => text), [...barred], leftOut]).toEqual([
    ["promoted"],
    ["neg one"],
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
  const tally = new MiningTally(settings);
  tally.add(mined, exportQuery(mined, collection));
  const { counts } = tally;
  const records = { ...noRecords(), skipped: 2, scoresRemoved: 1 };
  expect(exportNotes({ format: "st-n-tuple", counts, records })).toMatchInlineSnapshot(`
    [
      "1 query misses 4 negatives and is left out, since its rows need all negatives. Cause: the data has too few other passages; add some to the corpus.",
      "1 record lost its pos_scores and neg_scores, which no longer matched its passages.",
      "2 lines could not be read as records and were copied as they are.",
    ]
  `);
  const [source] = counts.sources;
  const cause = (name: string, missing: number) => ({ position: 0, source: name, cause: "few_found" as const, missing, queries: 1 });
  const shortfalls = [cause("bm25", 3), cause("top", 2), cause("random", 1), cause("window", 1)];
  const mixed = { ...counts, short: 7, shortQueries: 2, sources: [source!, source!], shortfalls };
  expect(exportNotes({ format: "flagembedding", counts: mixed, records: noRecords() })).toMatchInlineSnapshot(`
    [
      "2 queries miss 7 negatives and are written with fewer.",
      "bm25: 1 query misses 3 negatives: too few passages that could be negatives share a word with the query.",
      "top: 1 query misses 2 negatives: the data has too few other passages; add some to the corpus.",
      "random: 1 query misses 1 negative: the data has too few other passages; add some to the corpus.",
      "1 negative more is missing for other reasons.",
    ]
  `);
  const whole = { ...counts, short: 0, shortQueries: 0, shortfalls: [] };
  const unknown = { ...noRecords(), scoresUnknown: 3 };
  expect([
    ...exportNotes({ format: "st-triplet", counts: whole, records: unknown, outputScores: true, madeAnew: true }),
    ...exportNotes({ format: "flagembedding", counts: whole, records: { ...unknown, scoresUnknown: 1 }, outputScores: true }),
    ...exportNotes({ format: "tevatron", counts: whole, records: noRecords(), outputScores: true }),
  ]).toMatchInlineSnapshot(`
    [
      "Rows were made anew, with their texts alone: other columns of the records were not carried over.",
      "3 records hold passages whose scores are not known, and have null in their place.",
      "1 record holds a passage whose score is not known, and was given no scores.",
      "This format carries no scores: export.output_scores had no effect.",
    ]
  `);
});

test("notes tell how many records have a teacher's scores, and what to do about the others", () => {
  const tally = new MiningTally(settings);
  tally.add(mined, exportQuery(mined, collection));
  const counts = { ...tally.counts, short: 0, shortQueries: 0, shortfalls: [] };
  const notes = (format: "flagembedding" | "st-triplet" | "margin-mse", records: Partial<ReturnType<typeof noRecords>>) =>
    exportNotes({ format, counts, records: { ...noRecords(), ...records }, outputScores: true, teacherScores: true });
  expect([
    notes("flagembedding", { records: 5, scoresUnknown: 3, scoresRemoved: 1 }),
    notes("flagembedding", { records: 5 }),
    notes("st-triplet", { records: 1, scoresUnknown: 1 }),
    notes("margin-mse", { records: 4, scoresUnknown: 2 }),
  ]).toMatchInlineSnapshot(`
    [
      [
        "1 record lost its pos_scores and neg_scores, which no longer matched its passages or were not the teacher's.",
        "2 records have the teacher's scores. 3 hold passages that no teacher ranks, and were given none: ask a model about more queries, or about more candidates of each (labelling.candidates).",
        "FlagEmbedding stops at records without scores when it distils: keep those that have pos_scores.",
      ],
      [
        "5 records have the teacher's scores.",
      ],
      [
        "1 record has the teacher's scores. 1 holds a passage that no teacher ranks, and is left out: ask a model about more queries, or about more candidates of each (labelling.candidates).",
      ],
      [
        "4 pairs have a margin; 2 more lack a score and are left out.",
      ],
    ]
  `);
});
