// Files as settings are tried on them, made by hand: each query with candidates of known scores, similarities to the positive and truth.
import type { AuditPair } from "#core/audit/auditPair";
import { auditPosition } from "#core/audit/auditPosition";
import { pairName } from "#core/audit/auditPair";
import type { AuditState } from "#core/calibration/auditedRows";
import type { TrialFile } from "#core/calibration/trialFile";
import type { Collection } from "#core/collection/collection";
import { defaultConfig } from "#core/config/config";
import type { SamplerConfig } from "#core/config/samplerSchema";
import type { FalseNegativeModel } from "#core/falseNegatives/falseNegativeModel";
import { FEATURES } from "#core/falseNegatives/features";
import { foldMarks } from "#core/marks/foldMarks";
import { noVerdicts } from "#core/marks/verdictsForQuery";
import { miningState } from "#core/mining/miningState";
import { noSuggestions } from "#core/suggestions/pairOpinion";
import type { Pool } from "#core/mining/pool";
import { PoolFacts } from "#core/mining/poolFacts";
import { withCorpus } from "../../support/smallCollection";
import { bare } from "../mining/miningFixture";

/** A candidate: score, highest similarity to the positive, and whether it is relevant after all. */
export interface CandidateSpec {
  readonly score: number;
  readonly similarity: number;
  readonly isFalse: boolean;
}

export interface Trial {
  readonly file: TrialFile;
  readonly collection: Collection;
  /** Whether a pair is relevant after all, by its name. */
  readonly truth: ReadonlyMap<string, boolean>;
}

/** The positive of each query scores 0.9. Candidates are given best first; every source of a mix finds all of them. */
export function trialOf(
  queries: readonly (readonly CandidateSpec[])[],
  sampler: Partial<SamplerConfig> = {},
  falseNegatives?: FalseNegativeModel,
): Trial {
  const textOf = (query: number, place: number): string => `passage ${String(place)} of ${String(query)}`;
  const collection = withCorpus(
    queries.map((_, query) => ({ query: `query ${String(query)}`, pos: [`answer ${String(query)}`] })),
    queries.flatMap((candidates, query) => candidates.map((_, place) => textOf(query, place))),
  );
  const config = { ...defaultConfig, sampler: { ...bare, ...sampler } };
  const state = miningState({
    collection,
    config,
    groupings: {},
    marks: foldMarks([]),
    suggestions: noSuggestions,
    author: "ann",
    falseNegatives,
  });
  const documentOf = new Map(collection.documents.map(({ text }, document) => [text, document]));
  const truth = new Map<string, boolean>();
  const pools = queries.map((candidates, index): Pool => {
    const query = collection.queries[index]!;
    const documents = candidates.map((_, place) => documentOf.get(textOf(index, place))!);
    for (const [place, document] of documents.entries()) {
      const key = collection.groupKeys[collection.documents[document]!.group]!;
      truth.set(pairName({ query: query.key, document: key }), candidates[place]!.isFalse);
    }
    return {
      query: index,
      retrieval: "dense",
      positives: query.positives,
      positiveScores: query.positives.map(() => 0.9),
      documents: Int32Array.from(documents),
      scores: Float64Array.from(candidates, ({ score }) => score),
      positiveSimilarity: Float64Array.from(candidates, ({ similarity }) => similarity),
      nearest: candidates.length,
      lists: state.sources.map(() => ({ rows: Int32Array.from(documents.keys()), ranked: true })),
    };
  });
  const facts = pools.map((pool) => new PoolFacts(pool, { collection, verdicts: noVerdicts, exactTexts: false }));
  return { file: { state, queries: facts, breathe: () => Promise.resolve() }, collection, truth };
}

/** A model that has learnt that what is similar to the positive is relevant: P = 1 / 2 at a similarity of 0.8. */
export function learntModel(): FalseNegativeModel {
  const zeros = FEATURES.map(() => 0);
  const at = FEATURES.indexOf("positive_similarity");
  const only = (value: number): readonly number[] => zeros.map((zero, feature) => (feature === at ? value : zero));
  return {
    kind: "fitted",
    scale: { means: only(0.8), deviations: only(0.1) },
    intercept: 0,
    coefficients: only(2),
    sourceIntercepts: {},
    calibration: { kind: "none" },
    pairs: 100,
    falseNegatives: 20,
    reliability: [],
  };
}

/** An audit in which every pair below the cut-off was judged rightly. */
export function auditUpTo(cutOff: number, { truth }: Trial, salt = "salt"): AuditState {
  const verdictOf: AuditState["verdictOf"] = (pair) => {
    if (auditPosition(salt, pair) >= cutOff) return undefined;
    return { verdict: truth.get(pairName(pair)) === true ? "false" : "clean", marks: [], authors: ["ann"] };
  };
  return { salt, cutOff, verdictOf };
}

/** The same, but only pairs of a population were asked about. */
export function auditOf(population: ReadonlySet<string>, cutOff: number, trial: Trial, salt = "salt"): AuditState {
  const all = auditUpTo(cutOff, trial, salt);
  const verdictOf = (pair: Pick<AuditPair, "query" | "document">): ReturnType<AuditState["verdictOf"]> =>
    population.has(pairName(pair)) ? all.verdictOf(pair) : undefined;
  return { ...all, verdictOf };
}
