import type { Collection } from "#core/collection/collection";
import { defaultConfig } from "#core/config/config";
import type { SamplerConfig, SimansConfig } from "#core/config/samplerSchema";
import type { FalseNegativeModel } from "#core/falseNegatives/falseNegativeModel";
import { mostPositives } from "#core/collection/mostPositives";
import { FEATURES } from "#core/falseNegatives/features";
import { foldMarks } from "#core/marks/foldMarks";
import type { Mark, Verdict, VerdictMark } from "#core/marks/mark";
import { positivesInForce, verdictsForQuery } from "#core/marks/verdictsForQuery";
import { decide, type DecisionContext } from "#core/mining/decide";
import type { Candidate } from "#core/mining/candidate";
import type { Decision } from "#core/mining/decision";
import { explain } from "#core/mining/explain";
import type { Groupings } from "#core/mining/filters/rule";
import type { Pool, SourceList } from "#core/mining/pool";
import { PoolFacts } from "#core/mining/poolFacts";
import { planRetrieval, type RetrievalPlan, type WordHits } from "#core/mining/retrievalPlan";
import { sourcesOf, type SourceSettings } from "#core/mining/sourceSettings";
import type { PairOpinion } from "#core/suggestions/pairOpinion";
import { textKey } from "#core/collection/textKey";
import { sha256 } from "../../support/sha256";

/** A model without marks that goes by the two similarities, whose mean is 0 and whose deviation 0.5. */
export const plainModel: FalseNegativeModel = {
  kind: "prior",
  scale: { means: FEATURES.map(() => 0), deviations: FEATURES.map(() => 0.5) },
  intercept: -3.75,
  coefficients: FEATURES.map((feature) => Number(feature === "score" || feature === "positive_similarity")),
  sourceIntercepts: {},
  calibration: { kind: "none" },
  pairs: 0,
  falseNegatives: 0,
  reliability: [],
};

/** Every rule off that has a switch, so that a test switches on what it is about. */
export const bare: SamplerConfig = {
  ...defaultConfig.sampler,
  relative_margin: null,
  near_duplicate_similarity: null,
  near_duplicate_overlap: null,
  near_query_overlap: null,
  diversity_overlap: null,
};

/** SimANS' settings, those not given by default. */
export function simansOf(settings: Partial<SimansConfig>): SimansConfig {
  return { ...defaultConfig.sampler.simans, ...settings };
}

/** A candidate as a test writes it: text, score, similarity to the positive. */
export type HitSpec = readonly [text: string, score: number, positiveSimilarity?: number];

export interface Scene {
  readonly collection: Collection;
  readonly query?: number;
  readonly sampler?: Partial<SamplerConfig>;
  readonly retrieval?: "lexical" | "dense";
  /** By text; NaN where not given. */
  readonly positiveScores?: Readonly<Record<string, number>>;
  /** The raw dense list, or that of BM25 in a lexical scene. */
  readonly hits: readonly HitSpec[];
  /** Scored besides: random draws, pinned ones. */
  readonly drawn?: readonly HitSpec[];
  /** Documents of the lists of bm25, same_article and same_topic, by source; they must be among the hits or the drawn. */
  readonly lists?: Readonly<Record<string, readonly string[]>>;
  readonly groupings?: Groupings;
  readonly marks?: readonly Mark[];
  /** By default there is none. */
  readonly falseNegatives?: FalseNegativeModel;
  /** What the sources say of their lists. */
  readonly notes?: Readonly<Partial<Record<string, string>>>;
  /** Second scores by text, of positives and candidates; those not given are unknown. */
  readonly rescored?: Readonly<Record<string, number>>;
  /** Pairs of texts whose vectors are alike. */
  readonly alike?: readonly (readonly [text: string, other: string, similarity: number])[];
  /** By text key; none by default. */
  readonly opinions?: ReadonlyMap<string, PairOpinion>;
}

/** A decision with its candidates in words. */
export interface Scenery extends Decision {
  readonly pool: Pool;
  readonly facts: PoolFacts;
  readonly context: DecisionContext;
  readonly candidates: readonly Candidate[];
}

/** Runs a decision on a hand-made pool. Texts with several documents stand for all of them, in order. */
export function decideScene(scene: Scene): Scenery {
  const { collection, retrieval = "dense", marks = [] } = scene;
  const index = scene.query ?? 0;
  const query = collection.queries[index];
  if (query === undefined) {
    throw new Error("The scene has no such query.");
  }
  const verdicts = verdictsForQuery(foldMarks(marks), collection, query, "ann");
  const positives = positivesInForce(query, verdicts, collection);
  const sampler = { ...bare, ...scene.sampler };
  const sources = sourcesOf(sampler, mostPositives(collection));
  const hits = expand(collection, scene.hits);
  const drawn = expand(collection, scene.drawn ?? []).filter(({ document }) => hits.every((hit) => hit.document !== document));
  const rows = [...hits, ...drawn];
  const pool: Pool = {
    query: index,
    retrieval,
    positives,
    positiveScores: positives.map((document) => scene.positiveScores?.[collection.documents[document]?.text ?? ""] ?? Number.NaN),
    documents: Int32Array.from(rows, ({ document }) => document),
    scores: Float64Array.from(rows, ({ score }) => score),
    positiveSimilarity: Float64Array.from(rows, ({ positiveSimilarity }) => positiveSimilarity),
    nearest: hits.length,
    lists: sources.map((source) => listOf(source, scene, rows)),
    ...secondLook(scene, positives, rows),
  };
  const facts = new PoolFacts(pool, { collection, verdicts, exactTexts: sampler.compat !== null });
  const context = {
    collection,
    sources,
    seed: sampler.seed,
    verdicts,
    groupings: scene.groupings ?? {},
    adjacentPassages: sampler.same_article.adjacent,
    falseNegatives: scene.falseNegatives,
    opinions: scene.opinions ?? new Map(),
  };
  const decision = decide(facts, context);
  return { ...decision, pool, facts, context, candidates: explain({ facts, context, decision }) };
}

/** Second scores and similarities among rows, where the scene has any. */
function secondLook({ collection, rescored, alike }: Scene, positives: readonly number[], rows: readonly Row[]): Partial<Pool> {
  const textOf = (document: number): string => collection.documents[document]?.text ?? "";
  const rowOf = (text: string): number => rows.findIndex(({ document }) => textOf(document) === text);
  const scoreOf = (document: number): number => rescored?.[textOf(document)] ?? Number.NaN;
  const pairs = (alike ?? [])
    .map(([text, other, similarity]) => ({ rows: [rowOf(text), rowOf(other)].sort((a, b) => a - b), similarity }))
    .sort((a, b) => (a.rows[0] ?? 0) - (b.rows[0] ?? 0) || (a.rows[1] ?? 0) - (b.rows[1] ?? 0));
  return {
    ...(rescored === undefined
      ? {}
      : { rescored: { rows: Float64Array.from(rows, ({ document }) => scoreOf(document)), positives: positives.map(scoreOf) } }),
    ...(alike === undefined
      ? {}
      : {
          similarRows: {
            first: Int32Array.from(pairs, (pair) => pair.rows[0] ?? -1),
            second: Int32Array.from(pairs, (pair) => pair.rows[1] ?? -1),
            similarity: Float32Array.from(pairs, ({ similarity }) => similarity),
          },
        }),
  };
}

/** The nearest for a source that searches by vectors, the drawn ones for "random", else the scene's list for the source. */
function listOf({ source }: SourceSettings, { collection, lists, hits, drawn = [], notes }: Scene, rows: readonly Row[]): SourceList {
  const own = lists?.[source] ?? (source === "random" ? drawn : hits).map(([text]) => text);
  const documents = expand(
    collection,
    own.map((text) => [text, 0]),
  ).map(({ document }) => document);
  const found = [...new Set(documents)].map((document) => rows.findIndex((row) => row.document === document));
  const note = notes?.[source];
  return { rows: Int32Array.from(found), ranked: source !== "random", ...(note === undefined ? {} : { note }) };
}

export interface PlanScene {
  readonly collection: Collection;
  readonly query?: number;
  readonly sampler?: Partial<SamplerConfig>;
  readonly marks?: readonly Mark[];
  readonly groupings?: Groupings;
  readonly retrieval?: "lexical" | "dense";
  readonly searchWords?: (query: string, count: number) => WordHits;
}

/** Plans a search. A scene without `searchWords` has no search by words. */
export function planScene({ collection, query = 0, sampler, marks = [], ...rest }: PlanScene): RetrievalPlan {
  const asked = collection.queries[query];
  if (asked === undefined) throw new Error("The scene has no such query.");
  const whole = { ...bare, ...sampler };
  return planRetrieval({
    collection,
    query,
    sampler: whole,
    sources: sourcesOf(whole, mostPositives(collection)),
    verdicts: verdictsForQuery(foldMarks(marks), collection, asked, "ann"),
    groupings: {},
    retrieval: "dense",
    searchWords: () => {
      throw new Error("Nothing in this scene searches by words.");
    },
    ...rest,
  });
}

/** Kept ones marked +, dropped ones -, each with its rule and reason. */
export function story(collection: Collection, decision: Scenery): readonly string[] {
  return decision.candidates.map(
    ({ document, rank, kept, rule, reason }) =>
      `${kept ? "+" : "-"} ${collection.documents[document]?.text ?? "?"} (${String(rank)}) ${rule}: ${reason}`,
  );
}

interface Row {
  readonly document: number;
  readonly score: number;
  readonly positiveSimilarity: number;
}

function expand(collection: Collection, specs: readonly HitSpec[]): readonly Row[] {
  return specs.flatMap(([text, score, positiveSimilarity = Number.NaN]) =>
    [...collection.documents.entries()]
      .filter(([, document]) => document.text === text)
      .map(([document]) => ({ document, score, positiveSimilarity })),
  );
}

let marksMade = 0;

export function verdict(query: string, document: string | undefined, name: Verdict, more: Partial<VerdictMark> = {}): VerdictMark {
  marksMade += 1;
  return {
    kind: "verdict",
    mark: `m${String(marksMade)}`,
    time: "2026-01-01T00:00:00.000Z",
    author: "ann",
    verdict: name,
    query: { key: textKey(query, sha256) },
    ...(document === undefined ? {} : { document: { key: textKey(document, sha256) } }),
    blind: false,
    suggestion_shown: false,
    tool: "test",
    ...more,
  };
}
