import { defaultConfig } from "#core/config/config";
import type { GradientSettings } from "#core/gradients/gradientSettings";
import { foldMarks } from "#core/marks/foldMarks";
import type { Mark } from "#core/marks/mark";
import { positivesInForce, verdictsForQuery } from "#core/marks/verdictsForQuery";
import { decide } from "#core/mining/decide";
import type { MinedQuery } from "#core/mining/miningState";
import type { Pool } from "#core/mining/pool";
import { PoolFacts } from "#core/mining/poolFacts";
import { sourcesOf } from "#core/mining/sourceSettings";
import { training } from "../../support/smallCollection";
import { bare } from "../mining/miningFixture";

export const plain: GradientSettings = { temperature: defaultConfig.training.temperature, hardness: 0 };

/** A candidate as a test writes it: its score, then its similarity to each of the file's positives. */
export type CandidateSpec = readonly [score: number, ...similarities: number[]];

export interface GradientScene {
  /** Scores of the positives of the file, whose texts are "positive 0", "positive 1" and so on. */
  readonly positives: readonly number[];
  /** Nearest first; their texts are "candidate 0", "candidate 1" and so on. */
  readonly candidates: readonly CandidateSpec[];
  /** How many of them are emitted; the others are dropped. */
  readonly kept: number;
  readonly marks?: readonly Mark[];
}

/** What mining makes of the one query of a scene: the nearest are emitted, with the candidates that a mark made positives among the positives. */
export function minedScene({ positives, candidates, kept, marks = [] }: GradientScene): MinedQuery {
  const texts = candidates.map((_, i) => `candidate ${String(i)}`);
  const collection = training([{ query: "query", pos: positives.map((_, i) => `positive ${String(i)}`), neg: texts }]);
  const documentOf = (text: string): number => collection.documents.findIndex((document) => document.text === text);
  const verdicts = verdictsForQuery(foldMarks(marks), collection, collection.queries[0]!, "ann");
  const inForce = positivesInForce(collection.queries[0]!, verdicts, collection);
  const candidateOf = (document: number): number => texts.indexOf(collection.documents[document]?.text ?? "");
  const scoreOf = (position: number): number => positives[position] ?? candidates[candidateOf(inForce[position] ?? -1)]?.[0] ?? Number.NaN;
  // A promoted candidate is its own twin, and as near to the others as the test says they are to the first positive.
  const similarity = (candidate: number, position: number): number =>
    candidateOf(inForce[position] ?? -1) === candidate ? 1 : (candidates[candidate]?.[position + 1] ?? 0);
  const similarities = candidates.map((_, candidate) => inForce.map((_, position) => similarity(candidate, position)));
  const pool: Pool = {
    query: 0,
    retrieval: "dense",
    positives: inForce,
    positiveScores: inForce.map((_, position) => scoreOf(position)),
    documents: Int32Array.from(texts, documentOf),
    scores: Float64Array.from(candidates, ([score]) => score),
    positiveSimilarity: Float64Array.from(similarities, (all) => Math.max(...all)),
    ...(inForce.length > 1 ? { positiveSimilarities: Float32Array.from(similarities.flat()) } : {}),
    nearest: candidates.length,
    lists: [{ rows: Int32Array.from(candidates.keys()), ranked: true }],
  };
  const sources = sourcesOf({ ...bare, sampling_strategy: "top", num_negatives: kept }, positives.length);
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
