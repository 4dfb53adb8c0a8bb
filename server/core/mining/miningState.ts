import type { Collection } from "../collection/collection";
import { mostPositives } from "../collection/mostPositives";
import type { Config } from "../config/config";
import type { FalseNegativeModel } from "../falseNegatives/falseNegativeModel";
import type { FoldedMarks } from "../marks/foldMarks";
import { noVerdicts, verdictsForQuery } from "../marks/verdictsForQuery";
import type { QueryVerdicts } from "../marks/verdictsForQuery";
import { decide } from "./decide";
import type { DecisionContext } from "./decide";
import type { Decision } from "./decision";
import type { Groupings } from "./filters/rule";
import type { Pool } from "./pool";
import { PoolFacts } from "./poolFacts";
import { planRetrieval } from "./retrievalPlan";
import type { RetrievalPlan, WordHits } from "./retrievalPlan";
import type { Suggestions } from "../suggestions/pairOpinion";
import { sourcesOf } from "./sourceSettings";
import type { SourceSettings } from "./sourceSettings";

/** What a decision rests on besides the vectors, at one moment: held fast while a whole file is mined, so that marking can go on. */
export interface MiningState {
  readonly collection: Collection;
  readonly config: Config;
  readonly sources: readonly SourceSettings[];
  readonly groupings: Groupings;
  readonly marks: FoldedMarks;
  /** What language models said of pairs. Never changes in place, unlike the marks. */
  readonly suggestions: Suggestions;
  /** Whose own verdicts are shown. */
  readonly author: string;
  /** Undefined where nothing asks for it, or while it is not known. */
  readonly falseNegatives: FalseNegativeModel | undefined;
}

/** One query as mining sees it now. `explain` says it in words. */
export interface MinedQuery {
  readonly query: number;
  readonly verdicts: QueryVerdicts;
  readonly pool: Pool;
  readonly facts: PoolFacts;
  readonly context: DecisionContext;
  readonly decision: Decision;
}

/** The same moment, with marks that do not change any more. */
export function heldFast(state: MiningState): MiningState {
  return { ...state, marks: state.marks.snapshot() };
}

export function miningState(parts: Omit<MiningState, "sources">): MiningState {
  return { ...parts, sources: sourcesOf(parts.config.sampler, mostPositives(parts.collection)) };
}

export function verdictsAt({ collection, marks, author }: MiningState, query: number): QueryVerdicts {
  const found = collection.queries[query];
  return found === undefined ? noVerdicts : verdictsForQuery(marks, collection, found, author);
}

/** Names the marks in force on a query: another name, and what was known of the query has to be looked at again. */
export function marksAt({ collection, marks }: MiningState, query: number): string {
  const inForce = marks.ofQuery(collection.queries[query]?.key ?? "");
  return inForce.length === 0 ? "" : inForce.map(({ mark }) => mark).join(" ");
}

export interface PlanOptions {
  readonly retrieval: "lexical" | "dense";
  readonly searchWords: (query: string, count: number) => WordHits;
  /** The verdicts on the query, where they are known already. */
  readonly verdicts?: QueryVerdicts;
}

export function planFor(state: MiningState, query: number, { retrieval, searchWords, verdicts }: PlanOptions): RetrievalPlan {
  const { collection, config, sources, groupings } = state;
  return planRetrieval({
    query,
    collection,
    sampler: config.sampler,
    sources,
    groupings,
    retrieval,
    searchWords,
    verdicts: verdicts ?? verdictsAt(state, query),
  });
}

/** Decides about a pool. `known` are its facts, where they were made before and nothing that they rest on has changed. */
export function decideFor(state: MiningState, pool: Pool, known?: PoolFacts): MinedQuery {
  const facts = known ?? factsFor(state, pool);
  const context = decisionContext(state, facts);
  return { query: pool.query, verdicts: context.verdicts, pool, facts, context, decision: decide(facts, context) };
}

export function decisionContext(
  { collection, config, sources, groupings, falseNegatives, suggestions }: MiningState,
  facts: PoolFacts,
): DecisionContext {
  return {
    collection,
    sources,
    groupings,
    seed: config.sampler.seed,
    verdicts: facts.identity.verdicts,
    adjacentPassages: config.sampler.same_article.adjacent,
    falseNegatives,
    opinions: suggestions.opinionsOf(collection.queries[facts.pool.query]?.key ?? ""),
  };
}

export function factsFor(state: MiningState, pool: Pool): PoolFacts {
  const { collection, config } = state;
  return new PoolFacts(pool, { collection, verdicts: verdictsAt(state, pool.query), exactTexts: config.sampler.compat !== null });
}
