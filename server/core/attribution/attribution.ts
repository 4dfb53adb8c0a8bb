import type { ChatModel, ChatUsage } from "../chat/chat";
import type { ShownPassage } from "../judging/judgement";
import type { AttributionMethod } from "../suggestions/suggestion";
import type { Cancellation } from "../util/cancellation";

export interface AttributionInput {
  readonly query: ShownPassage;
  /** The context: positives and candidates, nearest first. */
  readonly passages: readonly ShownPassage[];
  /** s(d_i, d_j) of the passages, [passages, passages], row after row: alike passages carry the same evidence. */
  readonly similarities: Float32Array;
}

export interface AttributionOptions {
  readonly chat: ChatModel;
  /** Name of the model as its provider has it. */
  readonly model: string;
  /** "auto" decides by what the model offers and by how redundant the passages are. */
  readonly method: "auto" | AttributionMethod;
  /** Random subsets that the sparse fit asks about. */
  readonly subsets: number;
  /** Longer texts are cut, in UTF-16 units. */
  readonly maxPassageCharacters: number;
  /** Decides the order of the passages and the random subsets. */
  readonly seed: number;
  readonly cancellation: Cancellation;
}

/** How much each passage of the context contributed to the answer. */
export interface Attribution {
  /** One line; empty where the passages do not answer the query. */
  readonly answer: string;
  readonly method: AttributionMethod;
  /**
   * u_j >= 0, in the order of the passages; all 0 where the answer does not rest on them. In nats of the answer's mean token with
   * log-probabilities, else in shares of its words; only to be compared within one attribution.
   */
  readonly weights: readonly number[];
  /** What there is to say of it, as a sentence: "The passages do not answer the query." */
  readonly note?: string;
  /** Name of the model that answered. */
  readonly model: string;
  /** Of all answers together, also those that were kept from before. */
  readonly usage: ChatUsage;
}
