import type { VerdictOf } from "../audit/auditVerdicts";
import type { LaneAnswer, PairKeys } from "./card";
import type { EmittedPair, Emission } from "./emission";
import { firstNotPassed } from "./passedOver";

/** What the lane of the most harmful pairs goes by. */
export interface HarvestQueue {
  readonly emission: Emission;
  /** Its pairs that nobody had judged when it was made, in the order of the lane. */
  readonly order: readonly EmittedPair[];
}

export interface HarvestState {
  readonly verdictOf: VerdictOf;
  /** Keys of the queries with a mark. */
  readonly markedQueries: readonly string[];
  /** Whether a pair is emitted still, as far as that is known without a search: a mark on its query may have changed that. */
  readonly isEmitted: (pair: EmittedPair) => boolean;
  /** Whether there is an opinion of a language model that the person must not know of yet: the model's figures rest on it. */
  readonly hidesOpinion: (pair: PairKeys) => boolean;
  readonly passedOver: readonly PairKeys[];
}

/** The pair that would do the most harm among those that nobody has judged. */
export function nextHarvest({ emission, order }: HarvestQueue, state: HarvestState): LaneAnswer {
  const { verdictOf, isEmitted, hidesOpinion, passedOver } = state;
  const next = firstNotPassed(
    filtered(order, (pair) => verdictOf(pair) === undefined && isEmitted(pair)),
    passedOver,
  );
  if (next === undefined) {
    const text = "Every negative that is emitted now has a verdict. The audit lane says how many false ones are left.";
    return { left: 0, text };
  }
  return { next, left: Math.max(1, harvestLeft(emission, state)), text: hidesOpinion(next) ? NOT_JUDGED : whyOf(next) };
}

/** Emitted pairs that nobody has judged. */
export function harvestLeft(
  { size, ofQuery }: Emission,
  { verdictOf, markedQueries }: Pick<HarvestState, "verdictOf" | "markedQueries">,
): number {
  let judged = 0;
  for (const query of markedQueries) for (const pair of ofQuery.get(query) ?? []) judged += Number(verdictOf(pair) !== undefined);
  return size - judged;
}

function* filtered<T>(items: readonly T[], fits: (item: T) => boolean): Generator<T> {
  for (const item of items) if (fits(item)) yield item;
}

const NOT_JUDGED = "Nobody has judged it, and it is emitted.";

function whyOf({ probability, weight }: EmittedPair): string {
  if (!Number.isFinite(probability)) return NOT_JUDGED;
  const suspected = `It is relevant with a probability of ${percent(probability)}, as far as the model can tell`;
  if (!Number.isFinite(weight)) return `${suspected}.`;
  return `${suspected}, and takes ${percent(weight)} of its query's softmax: pairs high in both do the most harm.`;
}

function percent(share: number): string {
  const value = 100 * share;
  return `${value < 1 ? value.toFixed(1) : value.toFixed(0)} %`;
}
