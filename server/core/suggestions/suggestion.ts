import type { TextIdentity } from "../marks/mark";

/** What a language model says of a candidate. */
export const OPINION_VERDICTS = ["relevant", "partly_relevant", "not_relevant", "duplicate_of_positive"] as const;
export type OpinionVerdict = (typeof OPINION_VERDICTS)[number];

/** What every line of a suggestions file has. A suggestion is no mark: it excludes and promotes nothing. */
interface SuggestionHead {
  /** Unique, and ordered by time within one file. */
  readonly suggestion: string;
  readonly time: string;
  /** Who had the model asked. */
  readonly author: string;
  /** Name of the model, as its provider gives it. */
  readonly model: string;
  /** Names the wording of the question: another one, and answers must not be compared. */
  readonly prompt: string;
  readonly query: TextIdentity;
  readonly input_tokens: number;
  readonly output_tokens: number;
  /** In the currency of the person's prices; absent where none were given. */
  readonly cost?: number;
  /** Version of the tool that wrote the line. */
  readonly tool: string;
}

export interface SuggestedVerdict {
  readonly document: TextIdentity;
  readonly verdict: OpinionVerdict;
  readonly reason: string;
  /** The words of the passage that decide, as they stand in it; absent where the model named none that are there. */
  readonly span?: string;
}

/** A relevance judgement of some candidates of a query. */
export interface JudgementSuggestion extends SuggestionHead {
  readonly kind: "judgement";
  /** "flag": a first look at all candidates. "confirm": a second model's look at those that were flagged, which goes before the first. */
  readonly stage: "flag" | "confirm";
  readonly verdicts: readonly SuggestedVerdict[];
  readonly query_finding?: { readonly finding: "ambiguous"; readonly reason: string };
  readonly wrong_positives?: readonly { readonly document: TextIdentity; readonly reason: string }[];
}

/** How the contribution of each passage was found. */
export const ATTRIBUTION_METHODS = ["logprobs", "leave_one_out", "surrogate"] as const;
export type AttributionMethod = (typeof ATTRIBUTION_METHODS)[number];

/** How much each passage contributed to the model's answer. */
export interface AttributionSuggestion extends SuggestionHead {
  readonly kind: "attribution";
  readonly method: AttributionMethod;
  readonly answer: string;
  /** u >= 0 for each passage that was in the context, positives among them. */
  readonly passages: readonly { readonly document: TextIdentity; readonly weight: number }[];
}

export type Suggestion = JudgementSuggestion | AttributionSuggestion;
