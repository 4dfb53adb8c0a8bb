/** What a run would come to. */
export interface LabellingPlan {
  readonly queries: number;
  readonly pairs: number;
  /** Questions, and those of them that were answered before. Where their number depends on answers, the most there can be. */
  readonly calls: number;
  readonly cachedCalls: number;
  /** Estimates of what is left to ask. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Absent where a model that is to be asked has no prices. */
  readonly cost?: number;
  /** What is sent to whom, as sentences. */
  readonly text: string;
}

export type PlanAnswer =
  | { readonly kind: "plan"; readonly plan: LabellingPlan }
  /** Candidates of the whole file are being searched for: ask again when the session tells of it. */
  | { readonly kind: "mining"; readonly done: number; readonly total: number };
