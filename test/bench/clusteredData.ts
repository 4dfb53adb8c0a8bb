import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { CollectionInput, CollectionRow } from "#core/collection/buildCollection";
import type { Side } from "#core/ports";
import { seededRandom, type Random } from "#core/util/random";
import { npyBytes } from "../../server/runtime/vectors/npyFile";
import { inventedTexts } from "./inventedTexts";

/** A training file with a corpus and the vectors of both: row i belongs to record i. */
export interface ClusteredData {
  readonly folder: string;
  readonly training: string;
  readonly corpus: string;
  readonly vectors: Readonly<Record<Side, string>>;
  readonly queries: readonly string[];
  readonly passages: readonly string[];
  /** For each query, the numbers of its passages. */
  readonly positives: readonly (readonly number[])[];
  readonly dimensions: number;
  remove(): void;
}

const DIMENSIONS = 384;
const TOPICS = 300;
/** Length of what is added to a topic's unit vector for a passage, and to the mean of its positives for a query. */
const SPREAD = 0.8;
const DISTANCE = 0.6;

/** Passages of about 60 words around topics, and queries near one to three passages of one topic, their positives. */
export function clusteredData(queries: number, passages: number): ClusteredData {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "nearmiss-bench-"));
  const at = (name: string): string => path.join(folder, name);
  const random = seededRandom("clusters");
  const documents = matrix(passages, topicVectors(passages, random));
  const positives = Array.from({ length: queries }, (_, query) => positivesOf(query, passages));
  const asked = matrix(queries, (query) => nearMean(positives[query]!, documents, random));
  const data = {
    folder,
    training: at("train.jsonl"),
    corpus: at("corpus.jsonl"),
    vectors: { query: at("query.npy"), document: at("document.npy") },
    queries: inventedTexts(queries, { least: 8, most: 12, seed: "queries" }),
    passages: inventedTexts(passages, { least: 45, most: 75, seed: "passages" }),
    positives,
    dimensions: DIMENSIONS,
    remove: () => {
      fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  fs.writeFileSync(data.vectors.query, npyBytes(queries, DIMENSIONS, asked));
  fs.writeFileSync(data.vectors.document, npyBytes(passages, DIMENSIONS, documents));
  fs.writeFileSync(data.corpus, data.passages.map((text, i) => `${JSON.stringify({ _id: `p${String(i)}`, text })}\n`).join(""));
  fs.writeFileSync(data.training, trainingLines(data).join(""));
  return data;
}

/** The same data as rows, as a reader of the files hands them to a session. */
export function rowsOf({ queries, passages, positives }: ClusteredData): CollectionInput {
  const corpus = passages.map(corpusRow);
  const training = queries.map((text, i): CollectionRow => {
    const own = positives[i]!.map((number) => ({ text: passages[number]!, path: [] }));
    return { line: i + 1, record: { query: { text, path: [] }, positives: own, negatives: [], documents: [] } };
  });
  return {
    files: [
      { name: "train.jsonl", role: "training", rows: training },
      { name: "corpus.jsonl", role: "corpus", rows: corpus },
    ],
  };
}

/** The row of a passage, of its text as it is or after an edit. */
export function corpusRow(text: string, passage: number): CollectionRow {
  return { line: passage + 1, record: { positives: [], negatives: [], documents: [{ id: `p${String(passage)}`, text, path: [] }] } };
}

function trainingLines({ queries, passages, positives }: Pick<ClusteredData, "queries" | "passages" | "positives">): readonly string[] {
  return queries.map((query, i) => `${JSON.stringify({ query, pos: positives[i]!.map((passage) => passages[passage]!), neg: [] })}\n`);
}

/** Passages of one topic stand `TOPICS` apart. */
function positivesOf(query: number, passages: number): readonly number[] {
  return Array.from({ length: 1 + (query % 3) }, (_, i) => (query * 37 + i * TOPICS) % passages);
}

function topicVectors(passages: number, random: Random): (passage: number) => Float32Array {
  const topics = Array.from({ length: Math.min(TOPICS, passages) }, () => direction(random));
  return (passage) => moved(topics[passage % topics.length]!, SPREAD, random);
}

function nearMean(passages: readonly number[], vectors: Float32Array, random: Random): Float32Array {
  const mean = new Float32Array(DIMENSIONS);
  for (const passage of passages) for (let i = 0; i < DIMENSIONS; i++) mean[i]! += vectors[passage * DIMENSIONS + i]!;
  return moved(unit(mean), DISTANCE, random);
}

function matrix(rows: number, vectorOf: (row: number) => Float32Array): Float32Array {
  const values = new Float32Array(rows * DIMENSIONS);
  for (let row = 0; row < rows; row++) values.set(vectorOf(row), row * DIMENSIONS);
  return values;
}

function moved(vector: Float32Array, distance: number, random: Random): Float32Array {
  const offset = direction(random);
  return unit(vector.map((value, i) => value + distance * offset[i]!));
}

function direction(random: Random): Float32Array {
  return unit(Float32Array.from({ length: DIMENSIONS }, () => random() + random() - 1));
}

function unit(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  return vector.map((value) => value / length);
}
