import { splitQueries } from "#core/evaluation/splitQueries";
import { itemAt } from "#core/util/itemAt";
import { hidePositives } from "../judged/hiddenPositives";
import type { TrainingQuery } from "../judged/hiddenPositives";
import type { JudgedCollection } from "../judged/judgedCollection";
import { valueOf } from "../judged/valueOf";

/** Share of the queries that nobody marks. */
const HELD_OUT = 0.5;

/** Queries that are marked, and others that only show what the marks taught. Of all of them a part of the relevant documents is hidden. */
export interface CurationSplit {
  readonly seed: number;
  readonly marked: readonly TrainingQuery[];
  readonly heldOut: readonly TrainingQuery[];
}

/** The split of this seed, by query text. Where a training set has been published, its positives are the labelled ones with every seed. */
export function curationSplitOf({ whole, published }: JudgedCollection, seed: number): CurationSplit {
  const { train, test } = valueOf(splitQueries(whole.queries, { seed, validationShare: 0, testShare: HELD_OUT }));
  const hide = (query: number): TrainingQuery => {
    const { positives } = itemAt(whole.queries, query);
    const labelled = published?.[query];
    if (labelled === undefined) return hidePositives(query, positives, seed);
    return { query, labelled, hidden: new Set(positives.filter((document) => !labelled.includes(document))) };
  };
  return { seed, marked: train.map(hide), heldOut: test.map(hide) };
}
