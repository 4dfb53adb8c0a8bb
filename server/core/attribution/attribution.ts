import type { ChatUsage } from "../chat/chat";
import type { ShownPassage } from "../judging/judgement";
import type { AttributionMethod } from "../suggestions/suggestion";

export interface AttributionInput {
  readonly query: ShownPassage;
  /** The context: positives and candidates, nearest first. */
  readonly passages: readonly ShownPassage[];
  /** s(d_i, d_j) of the passages, [passages, passages], row after row: alike passages carry the same evidence. */
  readonly similarities: Float32Array;
}

/** How much each passage of the context contributed to the answer. */
export interface Attribution {
  readonly answer: string;
  readonly method: AttributionMethod;
  /** u_j >= 0, in the order of the passages; all 0 where the answer does not rest on them. */
  readonly weights: readonly number[];
  /** What there is to say of it, as a sentence: "The passages do not answer the query." */
  readonly note?: string;
  readonly model: string;
  readonly usage: ChatUsage;
}
