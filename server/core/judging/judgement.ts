import type { ChatUsage } from "../chat/chat";
import type { OpinionVerdict } from "../suggestions/suggestion";

/** A passage as it is shown to a language model. */
export interface ShownPassage {
  /** Its text key. */
  readonly key: string;
  readonly text: string;
}

/** What a language model is to judge: one query with all that it needs to see. */
export interface JudgeInput {
  readonly query: ShownPassage;
  readonly positives: readonly ShownPassage[];
  /** Most suspicious first. */
  readonly candidates: readonly ShownPassage[];
}

/** What it says of one candidate. */
export interface CandidateJudgement {
  readonly key: string;
  readonly verdict: OpinionVerdict;
  readonly reason: string;
  /** As it stands in the passage; absent where the model named words that are not there. */
  readonly span?: string;
}

/** One valid answer. */
export interface Judgement {
  readonly candidates: readonly CandidateJudgement[];
  /** Why the query is ambiguous; absent where it is clear. */
  readonly ambiguous?: string;
  readonly wrongPositives: readonly { readonly key: string; readonly reason: string }[];
  /** Name of the model that answered. */
  readonly model: string;
  readonly usage: ChatUsage;
}
