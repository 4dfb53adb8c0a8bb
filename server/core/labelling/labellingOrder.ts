import type { ChatModel, Prices } from "../chat/chat";

/** "judge": which candidates are relevant. "answer": which passages an answer rests on. */
export type LabellingTask = "judge" | "answer";

/** A language model that a run asks. */
export interface ModelInUse {
  /** As its provider has it. */
  readonly name: string;
  readonly chat: ChatModel;
  /** For a million tokens; absent where the person gave none. */
  readonly prices?: Prices;
}

/** What a person orders. */
export interface LabellingOrder {
  readonly task: LabellingTask;
  /** At most so many queries. */
  readonly queries: number;
  readonly ask: ModelInUse;
  /** Looks again at what the first model flagged; for "judge" alone. */
  readonly confirm?: ModelInUse;
  /** Asks about three queries at most, and writes no suggestion. */
  readonly dryRun: boolean;
  /** Questions under way at once. */
  readonly concurrency: number;
}

/** A language model that a run would ask. */
export interface PlannedModel extends Omit<ModelInUse, "chat"> {
  /** Who gets the texts, for people: "api.example.com". */
  readonly goesTo: string;
}

/** What a person thinks of ordering. */
export interface PlanOrder extends Pick<LabellingOrder, "task" | "queries"> {
  readonly ask: PlannedModel;
  readonly confirm?: PlannedModel;
}

/** Queries of a dry run. */
export const DRY_RUN_QUERIES = 3;
