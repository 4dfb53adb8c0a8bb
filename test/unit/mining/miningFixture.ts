import type { Collection } from "#core/collection/collection";
import { defaultConfig, type SamplerConfig } from "#core/config/config";
import { foldMarks } from "#core/marks/foldMarks";
import type { Mark, Verdict, VerdictMark } from "#core/marks/mark";
import { positivesInForce, verdictsForQuery } from "#core/marks/verdictsForQuery";
import { decide } from "#core/mining/decide";
import type { Decision } from "#core/mining/candidate";
import type { Pool, PoolHit } from "#core/mining/pool";
import { textKey } from "#core/collection/textKey";
import { sha256 } from "../../support/sha256";

/** Every rule off that has a switch, so that a test switches on what it is about. */
export const bare: SamplerConfig = {
  ...defaultConfig.sampler,
  relative_margin: null,
  near_duplicate_similarity: null,
  near_duplicate_overlap: null,
};

/** A candidate as a test writes it: text, score, similarity to the positive. */
export type HitSpec = readonly [text: string, score: number, positiveSimilarity?: number];

export interface Scene {
  readonly collection: Collection;
  readonly query?: number;
  readonly sampler?: Partial<SamplerConfig>;
  readonly retrieval?: "lexical" | "dense";
  /** By text; NaN where not given. */
  readonly positiveScores?: Readonly<Record<string, number>>;
  readonly hits: readonly HitSpec[];
  readonly drawn?: readonly HitSpec[];
  readonly marks?: readonly Mark[];
}

/** Runs a decision on a hand-made pool. Texts with several documents stand for all of them, in order. */
export function decideScene(scene: Scene): Decision {
  const { collection, retrieval = "dense", marks = [] } = scene;
  const index = scene.query ?? 0;
  const query = collection.queries[index];
  if (query === undefined) {
    throw new Error("The scene has no such query.");
  }
  const verdicts = verdictsForQuery(foldMarks(marks), collection, query, "ann");
  const positives = positivesInForce(query, verdicts, collection);
  const pool: Pool = {
    query: index,
    retrieval,
    positives,
    positiveScores: positives.map((document) => scene.positiveScores?.[collection.documents[document]?.text ?? ""] ?? Number.NaN),
    hits: expand(collection, scene.hits).map((hit, position) => ({ ...hit, rank: position + 1 })),
    drawn: expand(collection, scene.drawn ?? []),
  };
  return decide(pool, { collection, sampler: { ...bare, ...scene.sampler }, verdicts });
}

/** Kept ones marked +, dropped ones -, each with its rule and reason. */
export function story(collection: Collection, decision: Decision): readonly string[] {
  return decision.candidates.map(
    ({ document, rank, kept, rule, reason }) =>
      `${kept ? "+" : "-"} ${collection.documents[document]?.text ?? "?"} (${String(rank)}) ${rule}: ${reason}`,
  );
}

function expand(collection: Collection, specs: readonly HitSpec[]): readonly PoolHit[] {
  return specs.flatMap(([text, score, positiveSimilarity = Number.NaN]) =>
    [...collection.documents.entries()]
      .filter(([, document]) => document.text === text)
      .map(([document]) => ({ document, rank: 0, score, positiveSimilarity })),
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
