import type { Result } from "#core/util/result";
import type { SlicedWork } from "../process/taskQueue";

/** A text, and the slot that messages name it by. */
export interface SlotAndText {
  readonly slot: number;
  readonly text: string;
}

/** A query and a document that have no score yet. */
export interface TextPair {
  readonly query: SlotAndText;
  readonly document: SlotAndText;
}

/** Gives pairs of texts a score; higher is more relevant. A pair's score does not depend on the other pairs. */
export interface PairScorer {
  /** Calls `onScore` once for each pair, in an order of its own. */
  score<T extends TextPair>(pairs: readonly T[], onScore: (pair: T, score: number) => void): SlicedWork<Result<void>>;
}
