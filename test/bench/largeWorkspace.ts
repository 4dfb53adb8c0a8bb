import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { defaultConfig } from "#core/config/config";
import { seededRandom, type Random } from "#core/util/random";
import { FileHashes } from "../../server/runtime/vectors/fileHashes";
import { findModel } from "../../server/runtime/vectors/modelFolder";
import { VectorCache } from "../../server/runtime/vectors/vectorCache";
import { repoRoot } from "../support/repoRoot";
import { inventedWord, sentences } from "./inventedTexts";

/** A training set with a corpus, and a cache that holds the vector of every text. */
export interface LargeWorkspace {
  readonly folder: string;
  readonly cacheFolder: string;
  /** Name of the training file. */
  readonly training: string;
  readonly text: string;
  readonly queries: number;
  readonly passages: number;
  readonly dimensions: number;
  remove(): void;
}

const DIMENSIONS = 384;
const TOPICS = 1000;
const NEGATIVES = 7;

interface Texts {
  readonly passages: readonly string[];
  readonly queries: readonly string[];
  /** For each query, its positive first, then its negatives. */
  readonly listed: readonly (readonly number[])[];
}

/**
 * Invented passages of 30 to 80 words, as in MS MARCO, whose vectors are drawn around topics instead of made by the model, which would
 * take an hour: the server finds them in its cache as it would find real ones.
 */
export async function largeWorkspace(passages: number, queries: number): Promise<LargeWorkspace> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "nearmiss-bench-"));
  const cacheFolder = path.join(folder, "cache");
  const home = path.join(folder, "project");
  const texts = invent(passages, queries);
  const training = texts.queries.map((query, i) => {
    const [positive, ...negatives] = texts.listed[i]!.map((passage) => texts.passages[passage]!);
    return JSON.stringify({ query, pos: [positive], neg: negatives });
  });
  const text = `${training.join("\n")}\n`;
  fs.mkdirSync(home);
  fs.writeFileSync(path.join(home, "train.jsonl"), text);
  fs.writeFileSync(
    path.join(home, "corpus.jsonl"),
    texts.passages.map((passage, i) => `${JSON.stringify({ _id: `p${String(i)}`, text: passage })}\n`).join(""),
  );
  await fillCache(cacheFolder, texts);
  const remove = (): void => {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  return { folder: home, cacheFolder, training: "train.jsonl", text, queries, passages, dimensions: DIMENSIONS, remove };
}

function invent(passages: number, queries: number): Texts {
  const random = seededRandom("words");
  const sentence = sentences(random);
  const all = Array.from({ length: passages }, () => sentence(30 + Math.floor(random() * 50)));
  const listed = Array.from({ length: queries }, (_, query) =>
    Array.from({ length: 1 + NEGATIVES }, (_unused, i) => (query * 31 + i * TOPICS) % passages),
  );
  return {
    passages: all,
    queries: listed.map(([positive], i) => `${all[positive!]!.split(" ").slice(0, 9).join(" ")} ${inventedWord(i)}`),
    listed,
  };
}

async function fillCache(folder: string, { passages, queries, listed }: Texts): Promise<void> {
  const { id, precision, query_prompt, corpus_prompt } = defaultConfig.model;
  const choice = { id, precision, queryPrompt: query_prompt, corpusPrompt: corpus_prompt, allowDownload: false };
  const places = { modelsFolder: path.join(repoRoot, "dist/models"), cacheFolder: folder, baseFolder: folder };
  fs.mkdirSync(folder);
  const model = await findModel(choice, places, new FileHashes(folder));
  if (!model.ok) throw new Error(model.failure.message);
  const cache = VectorCache.open({ folder, fingerprint: model.value.fingerprint, dimensions: DIMENSIONS, log: console.error });
  const random = seededRandom("vectors");
  const topics = Array.from({ length: TOPICS }, () => direction(random));
  append(cache, corpus_prompt, passages, (i) => near(topics[i % TOPICS]!, 0.8, random));
  append(cache, query_prompt, queries, (i) => near(topics[listed[i]![0]! % TOPICS]!, 0.5, random));
  cache.close();
}

function append(cache: VectorCache, prompt: string, texts: readonly string[], vector: (i: number) => Float32Array): void {
  for (let start = 0; start < texts.length; start += 1024) {
    const part = texts.slice(start, start + 1024);
    cache.append(
      part.map((text) => cache.keyOf(prompt, text)),
      part.map((_text, i) => vector(start + i)),
    );
  }
}

/** A unit vector at the given distance or so from another, before it is brought to unit length. */
function near(centre: Float32Array, distance: number, random: Random): Float32Array {
  const offset = direction(random);
  return unit(centre.map((value, i) => value + distance * offset[i]!));
}

function direction(random: Random): Float32Array {
  return unit(Float32Array.from({ length: DIMENSIONS }, () => random() - 0.5));
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
