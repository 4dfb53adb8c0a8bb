/** With compat, what mining exports is what sentence-transformers gives for the same vectors: see the reference in test/support. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { readConfig } from "#core/config/readConfig";
import { mineForExport } from "#core/exporting/mineForExport";
import { newRows } from "#core/exporting/newRows";
import { rowLayout } from "#core/exporting/rowLayout";
import { scoreText } from "#core/exporting/scoreText";
import { DatasetSession } from "#core/session/datasetSession";
import { neverCancelled } from "#core/util/cancellation";
import { seededRandom } from "#core/util/random";
import { dot, normalise } from "../../../server/runtime/vectors/similarity";
import { InMemoryHomeFiles } from "../../support/inMemoryHomeFiles";
import { InMemoryVectorSpace } from "../../support/inMemoryVectorSpace";
import {
  mineReference,
  referenceRows,
  type ReferenceFormat,
  type ReferencePair,
  type ReferenceSettings,
} from "../../support/sentenceTransformersReference";
import { sha256 } from "../../support/sha256";
import { file } from "../../support/smallCollection";

const DIMENSIONS = 6;

/** A direction for each text, whatever its side. */
function directionOf(text: string): readonly number[] {
  const random = seededRandom(text);
  return Array.from({ length: DIMENSIONS }, () => random() * 2 - 1);
}

/** The similarity that the vector space itself finds. */
function score(anchor: string, document: string): number {
  const [a, b] = [Float32Array.from(directionOf(anchor)), Float32Array.from(directionOf(document))];
  normalise(a);
  normalise(b);
  return dot(b, 0, a, 0, DIMENSIONS);
}

interface ParityCase {
  readonly pairs: readonly ReferencePair[];
  readonly corpus?: readonly string[];
  readonly settings: ReferenceSettings;
}

const FORMATS: readonly (readonly [ReferenceFormat, "st-triplet" | "st-n-tuple" | "st-labeled-pair" | "st-labeled-list"])[] = [
  ["triplet", "st-triplet"],
  ["n-tuple", "st-n-tuple"],
  ["labeled-pair", "st-labeled-pair"],
  ["labeled-list", "st-labeled-list"],
];

/** The configuration for settings as the library names them; what is not given is left to compat. */
function configFor(settings: ReferenceSettings) {
  const sampler = {
    compat: "sentence-transformers",
    num_negatives: settings.numNegatives,
    range_min: settings.rangeMin,
    range_max: settings.rangeMax,
    max_score: settings.maxScore,
    min_score: settings.minScore,
    absolute_margin: settings.absoluteMargin,
    relative_margin: settings.relativeMargin,
  };
  const { config, problems } = readConfig(JSON.stringify({ sampler, export: { output_scores: true } }));
  if (config === undefined) throw new Error(problems.map(({ message }) => message).join(" "));
  return config;
}

async function mined({ pairs, corpus, settings }: ParityCase) {
  const session = new DatasetSession({
    createVectors: (text) => new InMemoryVectorSpace(text, directionOf),
    sha256,
    breathe: () => Promise.resolve(),
    stopwatch: () => 0,
    logger: () => undefined,
    home: new InMemoryHomeFiles(),
    author: "Ada",
  });
  const rows = pairs.map(({ anchor, positive }) => ({ query: anchor, pos: [positive] }));
  const files = [file("train.jsonl", "training", rows)];
  if (corpus !== undefined)
    files.push(
      file(
        "corpus.jsonl",
        "corpus",
        corpus.map((text) => ({ docs: [text] })),
      ),
    );
  const config = configFor(settings);
  await session.setConfig(config);
  await session.setData({ files });
  const ready = await session.prepare();
  const result = ready.ok ? await mineForExport(session, { cancellation: neverCancelled }) : ready;
  await session.dispose();
  if (!result.ok) throw new Error(result.failure.message);
  return { queries: result.value.queries, layout: rowLayout(config, "mined") };
}

/** Rows of all formats with scores, by our mining and by the reference. Both name their columns as the library does. */
async function bothRows(one: ParityCase) {
  const { queries, layout } = await mined(one);
  const reference = mineReference({ ...one, score });
  const names = { anchor: "anchor", positive: "positive" };
  return FORMATS.map(([format, target]) => ({
    format,
    ours: queries.flatMap((query) => newRows(target, query, layout)).map(({ text }) => withFloat32(JSON.parse(text) as object)),
    theirs: referenceRows(reference, { format, outputScores: true, numNegatives: layout.numNegatives, ...names }).map(withFloat32),
  }));
}

/** The row as text, its scores as the float32 numbers they stand for. */
function withFloat32(row: object): string {
  return JSON.stringify(row, (_, value: unknown) => (typeof value === "number" ? Math.fround(value) : value));
}

const pair = (anchor: string, positive: string): ReferencePair => ({ anchor, positive });

test("several positives, equal rows, texts that differ by a blank or a capital, and the query's own text", async () => {
  const pairs = [
    pair("tide", "The tide rises."),
    pair("reef", "A reef."),
    pair("tide", "the tide rises."),
    pair("tide", "The tide rises."),
    pair("Tide", "A  reef."),
    pair("gull", "tide"),
    pair("tern", "A tern dives."),
  ];
  for (const settings of [{}, { numNegatives: 2, maxScore: 0.4 }, { numNegatives: 1, relativeMargin: 0.05 }]) {
    for (const { ours, theirs } of await bothRows({ pairs, settings })) expect(ours).toEqual(theirs);
  }
});

test("a corpus apart: positives are mined from as well, wherever they stand", async () => {
  const pairs = [pair("q1", "p1"), pair("q2", "p2"), pair("q1", "p3")];
  const corpus = ["c1", "c2", "p2", "c3", "c1", "c4", "q1"];
  for (const { ours, theirs } of await bothRows({ pairs, corpus, settings: { numNegatives: 4, minScore: -0.5 } }))
    expect(ours).toEqual(theirs);
});

test("limits are float32, as the scores are: a limit read off a written score keeps its passage", async () => {
  const corpus = Array.from({ length: 20 }, (_, i) => `c${String(i)}`);
  const pairs = [pair("q", "p")];
  const lowest = score("q", "p");
  for (const limit of corpus.map((document) => score("q", document))) {
    const written = Number(scoreText(limit));
    const margin = Number(scoreText(Math.fround(lowest - limit)));
    const share = Number(scoreText(Math.fround((lowest - limit) / Math.abs(lowest))));
    for (const settings of [{ maxScore: written }, { minScore: written }, { absoluteMargin: margin }, { relativeMargin: share }])
      for (const { ours, theirs } of await bothRows({ pairs, corpus, settings: { numNegatives: 20, rangeMax: 30, ...settings } }))
        expect({ settings, ours }).toEqual({ settings, ours: theirs });
  }
});

const text = (prefix: string, count: number) => fc.integer({ min: 0, max: count - 1 }).map((i) => `${prefix}${String(i)}`);
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const margin = fc.constantFrom(0, 0.05, 0.3);
const parityCase: fc.Arbitrary<ParityCase> = fc
  .record({
    // Few texts, so that rows repeat; a deep corpus, so that the window ends before it does.
    pairs: fc.array(fc.record({ anchor: text("q", 3), positive: text("d", 6) }), { minLength: 1, maxLength: 12 }),
    corpus: optional(fc.array(text("d", 80), { minLength: 1, maxLength: 60 })),
    numNegatives: fc.integer({ min: 1, max: 4 }),
    rangeMin: fc.constantFrom(0, 0, 1, 3),
    room: optional(fc.integer({ min: 0, max: 4 })),
    limits: fc.record(
      { absoluteMargin: margin, relativeMargin: margin, maxScore: fc.constantFrom(0.7, 0.4, 0.2), minScore: fc.constantFrom(-0.3, 0) },
      { requiredKeys: [] },
    ),
  })
  .map(({ pairs, corpus, numNegatives, rangeMin, room, limits }) => ({
    pairs,
    ...(corpus === undefined ? {} : { corpus }),
    settings: { numNegatives, rangeMin, ...(room === undefined ? {} : { rangeMax: rangeMin + numNegatives + room }), ...limits },
  }));

test("any pairs, corpus and settings: the same rows in all four formats", async () => {
  await fc.assert(
    fc.asyncProperty(parityCase, async (one) => {
      for (const { ours, theirs } of await bothRows(one)) expect(ours).toEqual(theirs);
    }),
    { numRuns: 150, seed: 7 },
  );
});
