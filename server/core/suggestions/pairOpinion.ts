import type { OpinionVerdict } from "./suggestion";

/** What a language model says of a pair now: of the last stage, and of that the last answer. */
export interface PairOpinion {
  readonly verdict: OpinionVerdict;
  readonly reason: string;
  readonly span?: string;
  readonly model: string;
  readonly stage: "flag" | "confirm";
  /** ISO 8601. */
  readonly time: string;
}

/** Contribution of each passage to the answer of a query, the last one that was found. */
export interface QueryAttribution {
  readonly answer: string;
  /** By the text key of the passage. */
  readonly weights: ReadonlyMap<string, number>;
  readonly model: string;
  readonly time: string;
}

export interface SuggestionTotals {
  readonly suggestions: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Of the suggestions whose price is known; undefined where none is. */
  readonly cost: number | undefined;
}

/** What the suggestions of all files come to. Keys are text keys. */
export interface Suggestions {
  opinionOf(query: string, document: string): PairOpinion | undefined;
  /** All opinions on a query's passages, by the key of the passage. */
  opinionsOf(query: string): ReadonlyMap<string, PairOpinion>;
  /** Why the query is called ambiguous; undefined where it is not. */
  ambiguityOf(query: string): string | undefined;
  /** Why a positive is called wrong; undefined where it is not. */
  wrongPositive(query: string, document: string): string | undefined;
  attributionOf(query: string): QueryAttribution | undefined;
  /** Keys of the queries with a suggestion, in the order in which they first came. */
  readonly queries: readonly string[];
  readonly totals: SuggestionTotals;
}

const nothing: ReadonlyMap<string, PairOpinion> = new Map();

export const noSuggestions: Suggestions = {
  opinionOf: () => undefined,
  opinionsOf: () => nothing,
  ambiguityOf: () => undefined,
  wrongPositive: () => undefined,
  attributionOf: () => undefined,
  queries: [],
  totals: { suggestions: 0, inputTokens: 0, outputTokens: 0, cost: undefined },
};

/** How far an opinion speaks for the passage's being relevant, in [0, 1]. */
export function relevanceOf({ verdict }: Pick<PairOpinion, "verdict">): number {
  return verdict === "not_relevant" ? 0 : verdict === "partly_relevant" ? 0.5 : 1;
}
